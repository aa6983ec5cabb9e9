"""Sockets that no process holds: connections that are closing, the kernel's own tunnels and mounts.

Promise: what lsof cannot show is told from /proc/net; a socket that is not closing is nobody's only when two looks in
a row found it so, since it may just have been opened. A table is read only when the kernel counts more sockets than are
held: it walks its whole hash for it, most of what a look costs. Empty where there is no /proc/net.
Source: proc(5), linux/net/tcp_states.h. Does not know: processes.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from ratop_py.events.socket import CLOSING, Socket, SocketState

TABLES = {"tcp": (6, 4), "tcp6": (6, 6), "udp": (17, 4), "udp6": (17, 6), "udplite": (136, 4), "udplite6": (136, 6)}
"""File in /proc/net → protocol, family."""
STATES = (
    SocketState.NONE, SocketState.ESTABLISHED, SocketState.SYN_SENT, SocketState.SYN_RECV, SocketState.FIN_WAIT1,
    SocketState.FIN_WAIT2, SocketState.TIME_WAIT, SocketState.CLOSED, SocketState.CLOSE_WAIT, SocketState.LAST_ACK,
    SocketState.LISTEN, SocketState.CLOSING, SocketState.SYN_RECV,
)  # fmt: skip
"""By the kernel's number."""
COUNTS = ("sockstat", "sockstat6")
COUNTED = {"TCP": 6, "TCP6": 6, "UDP": 17, "UDP6": 17, "UDPLITE": 136, "UDPLITE6": 136}
"""Line in a file of counts → protocol."""
LARGEST = 4 << 20
"""Bytes of a table that are read: about 27,000 sockets."""
V4MAP = 0xFFFF00000000
Place = tuple[int, int, int, int, int]


class Unheld:
    """Remembers what the last look found."""

    def __init__(self, folder: Path = Path("/proc/net")) -> None:
        self._folder = folder
        self._before: frozenset[Place] = frozenset()

    def beside(self, held: Iterable[Socket]) -> tuple[Socket, ...]:
        """The sockets of /proc/net that are not among these; call it after these were seen."""
        known = {place(socket) for socket in held}
        return self.sure([socket for socket in self._all(known) if place(socket) not in known])

    def sure(self, unheld: Iterable[Socket]) -> tuple[Socket, ...]:
        """Of these sockets without an owner those that have none for certain."""
        places = {place(socket): socket for socket in unheld}
        told = tuple(each for at, each in places.items() if each.state in CLOSING or at in self._before)
        self._before = frozenset(places)
        return told

    def _all(self, known: Iterable[Place]) -> Iterator[Socket]:
        counts = self._counts()
        held = Counter(proto for proto, _, port, _, _ in known if port)  # without one it is in no table
        for name, (proto, family) in TABLES.items():
            if counts.get(proto, held[proto] + 1) <= held[proto]:
                continue
            try:
                with (self._folder / name).open("rb") as file:
                    yield from rows(file.read(LARGEST), proto, family)
            except OSError:
                continue

    def _counts(self) -> Mapping[int, int]:
        """Sockets of each protocol; empty: not told."""
        try:
            return counted("".join((self._folder / name).read_text("ascii") for name in COUNTS))
        except (OSError, ValueError):
            return {}


def counted(text: str) -> Mapping[int, int]:
    """Sockets in use, and those that only wait out their time, by protocol."""
    found: Counter[int] = Counter()
    for line in text.splitlines():
        name, _, facts = line.partition(":")
        if proto := COUNTED.get(name):
            words = facts.split()
            numbers = dict(zip(words[::2], words[1::2], strict=False))
            found[proto] += int(numbers["inuse"]) + int(numbers.get("tw", 0)) if "inuse" in numbers else LARGEST
    return found


def place(socket: Socket) -> Place:
    """What makes it this socket."""
    return socket.proto, socket.local, socket.lport, socket.remote, socket.rport


def rows(table: bytes, proto: int, family: int) -> Iterator[Socket]:
    """The sockets of one table; a line that is cut or broken is none."""
    for line in table.split(b"\n")[1:]:
        words = line.split(None, 4)
        try:
            (local, lport), (remote, rport) = endpoint(words[1]), endpoint(words[2])
            state = STATES[int(words[3], 16)] if proto == 6 else SocketState.NONE
        except (IndexError, ValueError):
            continue
        yield Socket(proto, family, local, lport, remote, rport, state, ())


@lru_cache(maxsize=65_536)
def endpoint(word: bytes) -> tuple[int, int]:
    """(address, port) of `0100007F:1F90`; 0 for any."""
    digits, _, port = word.partition(b":")
    if len(digits) not in (8, 32):
        raise ValueError("no address of /proc/net")
    raw = b"".join(int(digits[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(digits), 8))
    value = int.from_bytes(raw, "big")
    return (value | V4MAP if value and len(raw) == 4 else value), int(port, 16)
