"""What lsof prints, as sockets: its field output (-F), and the plain table of Linux and macOS.

Promise: pure; any text gives a list of sockets, a line that cannot be understood gives none. Sockets that several
descriptors or processes hold are one socket with all its holders.
Source: lsof(8) "OUTPUT FOR OTHER PROGRAMS". Does not know: processes beyond what lsof tells, the clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ratop_py.events.socket import Socket, SocketState
from ratop_py.flow.flows import Owner
from ratop_py.net.address import parse as parse_address
from ratop_py.safetext import clean

PROTOCOLS = {"TCP": 6, "UDP": 17, "ICMP": 1, "ICMPV6": 58, "UDPLITE": 136, "SCTP": 132, "RAW": 255}
FIELDS = "pcRuLftPnT"
"""Letters for -F: pid, command, parent, uid, login name, descriptor, type, protocol, name, TCP state."""
_STATES = {state.value.replace("_", ""): state for state in SocketState if state.value}
_STATES |= {"SYNRCVD": SocketState.SYN_RECV, "CLOSE": SocketState.CLOSED, "IDLE": SocketState.NONE}
_END = re.compile(r"(?:\[(?P<six>[^\]\s]*)\]|(?P<four>[^\[\]:\s]*)):(?P<port>\d{1,5}|\*)")
_ESCAPES = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_TYPES = frozenset({"IPV4", "IPV6", "INET", "INET6"})
Ends = tuple[int, int, int, int]
"""Local address and port, remote address and port."""


@dataclass(frozen=True, slots=True)
class Held:
    """One descriptor."""

    proto: int
    family: int
    name: str
    state: SocketState
    owner: Owner


def parse(text: str) -> tuple[Socket, ...]:
    """Sockets of either form of output."""
    return merge(fields(text) if is_fields(text) else table(text.splitlines()))


def is_fields(text: str) -> bool:
    """Whether this is -F output: it begins with a process."""
    return re.match(r"p\d+[\n\0]", text) is not None


# -- -F ----------------------------------------------------------------------------------------------------------------


def fields(text: str) -> Iterator[Held]:
    """-F output, fields ended by newline, or (-F…0) by NUL with a newline after each set."""
    owner: Owner | None = None
    process: dict[str, str] = {}
    file: dict[str, str] = {}
    for field in text.split("\0") if "\0" in text else text.split("\n"):
        field = field.removeprefix("\n")
        letter, value = field[:1], field[1:]
        if letter in ("p", "f"):
            owner = owner or _owner(process)
            yield from _held(owner, file)
            file = {}
            if letter == "p":
                owner, process = None, {"p": value}
        elif letter in ("c", "R", "u", "L"):
            process[letter] = value
        elif letter == "T" and value.startswith("ST="):
            file["state"] = value[3:]
        elif letter in ("t", "P", "n"):
            file[letter] = value
    yield from _held(owner or _owner(process), file)


def _owner(process: dict[str, str]) -> Owner | None:
    pid, uid, parent = process.get("p", ""), process.get("u", ""), process.get("R", "")
    if not _number(pid):
        return None
    return Owner(
        pid=int(pid),
        started=None,
        uid=int(uid) if _number(uid) else -1,
        user=clean(process.get("L") or uid, 64),
        program=clean(unescaped(process.get("c", "")), 64),
        ppid=int(parent) if _number(parent) else 0,
    )


def _held(owner: Owner | None, file: dict[str, str]) -> Iterator[Held]:
    if owner is not None and "n" in file:
        proto = PROTOCOLS.get(file.get("P", "").upper(), 0)
        family = 6 if file.get("t", "").endswith("6") else 4
        yield Held(proto, family, file["n"], state(file.get("state", "")), owner)


def unescaped(text: str) -> str:
    r"""A name with lsof's \x20 as the bytes that they stand for; one that was cut in the middle stays."""
    return _ESCAPES.sub(lambda each: bytes.fromhex(each[0].replace("\\x", "")).decode("utf-8", "replace"), text)


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 10


def state(text: str) -> SocketState:
    """A TCP state in any of lsof's spellings."""
    return _STATES.get(text.strip("() ").upper().replace("_", ""), SocketState.NONE)


# -- the table ---------------------------------------------------------------------------------------------------------


def table(lines: Iterable[str]) -> Iterator[Held]:
    """The plain table. Columns are counted from TYPE and NODE, which say themselves what they are: SIZE/OFF may be
    missing, PPID, TID and TASKCMD may be there."""
    for line in lines:
        words = line.split()
        kind = next((at for at, word in enumerate(words) if word.upper() in _TYPES and at >= 4), None)
        if kind is None:
            continue
        node = next((at for at in range(kind + 1, len(words) - 1) if words[at].upper() in PROTOCOLS), None)
        pid = next((at for at in range(1, kind - 2) if _number(words[at])), None)
        if node is None or pid is None:
            continue
        user = words[kind - 2]
        yield Held(
            proto=PROTOCOLS[words[node].upper()],
            family=6 if words[kind].endswith("6") else 4,
            name=words[node + 1].replace("-&gt;", "->"),  # as it may stand in an event's XML
            state=state(words[node + 2]) if node + 2 < len(words) else SocketState.NONE,
            owner=Owner(
                pid=int(words[pid]),
                started=None,
                uid=int(user) if _number(user) else -1,
                user=clean(user, 64),
                program=clean(unescaped(" ".join(words[:pid])), 64),
            ),
        )


# -- both --------------------------------------------------------------------------------------------------------------


def merge(held: Iterable[Held]) -> tuple[Socket, ...]:
    """Sockets, each once, with all holders by pid."""
    sockets: dict[tuple[int, int, Ends, SocketState], dict[int, Owner]] = {}
    for each in held:
        if each.proto and (ends := endpoints(each.name)) is not None:
            sockets.setdefault((each.proto, each.family, ends, each.state), {})[each.owner.pid] = each.owner
    return tuple(
        Socket(proto, family, *ends, told, tuple(owners[pid] for pid in sorted(owners)))
        for (proto, family, ends, told), owners in sockets.items()
    )


def endpoints(name: str) -> Ends | None:
    """(local, port, remote, port) of NAME: `*:22`, `10.0.0.1:22->10.0.0.2:40000`, `[::1]:8022->[::1]:40003`."""
    local, arrow, remote = name.partition("->")
    here = endpoint(local)
    if here is None:
        return None
    if not arrow:
        return (*here, 0, 0)
    there = endpoint(remote)
    return None if there is None else (*here, *there)


@lru_cache(maxsize=65_536)
def endpoint(text: str) -> tuple[int, int] | None:
    """(address, port); 0 for any."""
    match = _END.match(text.strip())
    if match is None:
        return None
    address, port = match["six"] if match["six"] is not None else match["four"], match["port"]
    number = 0 if port == "*" else int(port)
    if number > 65535:
        return None
    if address in ("*", "", "::", "0.0.0.0"):  # noqa: S104 - reading, not binding
        return 0, number
    try:
        return parse_address(address)[0], number
    except ValueError:
        return None
