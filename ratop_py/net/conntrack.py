"""Connections whose addresses the kernel translates, from its table of connections.

Promise: only what is translated is told, each with both of its faces; a broken entry is none. Asked through netlink
with CAP_NET_ADMIN; without it read from /proc, where the kernel has that file and root may read it.
Source: linux/netfilter/nfnetlink_conntrack.h, nf_conntrack_standalone.c. Does not know: flows, sockets, whose addresses
these are.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from ratop_py.net import netlink
from ratop_py.net.address import V4MAP, parse

NETFILTER = 12
"""NETLINK_NETFILTER"""
GET, NEW = 0x101, 0x100
"""Of the subsystem CTNETLINK: a question, and what answers it."""
TUPLE_ORIG, TUPLE_REPLY = 1, 2
IP, PROTO = 1, 2
V4_SRC, V4_DST, V6_SRC, V6_DST = 1, 2, 3, 4
NUMBER, SRC_PORT, DST_PORT = 1, 2, 3
TABLE = Path("/proc/net/nf_conntrack")
LARGEST = 8 << 20
"""Bytes of the file that are read."""
ENDS = (b"src=", b"dst=", b"sport=", b"dport=")
COUNT = Path("/proc/sys/net/netfilter/nf_conntrack_count")

Face = tuple[int, tuple[int, int], tuple[int, int]]
"""Protocol, (address, port) of who sends, and of who receives."""


@dataclass(frozen=True, slots=True)
class Translated:
    """One connection: as who began it sees it, and as who is called answers."""

    called: Face
    """As the first packet came: from the caller to the address it called."""
    answered: Face
    """As an answer comes: from who is really called to the address it sees."""


def count(path: Path = COUNT) -> int:
    """Connections in the table; 0: none, or the kernel keeps no table."""
    try:
        return int(path.read_text("ascii"))
    except (OSError, ValueError):
        return 0


def translated(table: Path = TABLE) -> list[Translated]:
    """All translated connections now. OSError: not permitted, or there is no table."""
    try:
        return list(filter(None, map(entry, netlink.told(NETFILTER, GET, bytes(4), NEW))))
    except PermissionError:
        with table.open("rb") as file:
            return list(filter(None, map(line, file.read(LARGEST).split(b"\n"))))


def entry(data: bytes) -> Translated | None:
    """One message (a head of four bytes, attributes); None: it is not translated, has no ports, or is broken."""
    facts = dict(netlink.attributes(data[4:]))
    called, answered = face(facts.get(TUPLE_ORIG, b"")), face(facts.get(TUPLE_REPLY, b""))
    if called is None or answered is None or (called[1], called[2]) == (answered[2], answered[1]):
        return None
    return Translated(called, answered)


def line(text: bytes) -> Translated | None:
    """One line of the file; None as of `entry`."""
    words = text.split()
    told = [word.partition(b"=")[2].decode("ascii", "replace") for word in words if word.startswith(ENDS)]
    try:
        proto, caller, called, answerer, seen = int(words[3]), *map(_place, _pairs(told))
    except (IndexError, ValueError):
        return None
    if (caller, called) == (seen, answerer):
        return None
    return Translated((proto, caller, called), (proto, answerer, seen))


def _pairs(told: list[str]) -> list[tuple[str, str]]:
    """src dst sport dport, twice → (address, port) of each end."""
    source, target, sport, dport, back_source, back_target, back_sport, back_dport = told
    return [(source, sport), (target, dport), (back_source, back_sport), (back_target, back_dport)]


def _place(pair: tuple[str, str]) -> tuple[int, int]:
    return parse(pair[0])[0], int(pair[1])


def face(data: bytes) -> Face | None:
    """A tuple of the table."""
    parts = dict(netlink.attributes(data))
    ends, proto = dict(netlink.attributes(parts.get(IP, b""))), dict(netlink.attributes(parts.get(PROTO, b"")))
    source, target = _address(ends, V4_SRC, V6_SRC), _address(ends, V4_DST, V6_DST)
    number, sport, dport = (proto.get(each, b"") for each in (NUMBER, SRC_PORT, DST_PORT))
    if source is None or target is None or not number or len(sport) != 2 or len(dport) != 2:
        return None
    return number[0], (source, struct.unpack(">H", sport)[0]), (target, struct.unpack(">H", dport)[0])


def _address(ends: netlink.Attributes, four: int, six: int) -> int | None:
    if len(raw := ends.get(four, b"")) == 4:
        return V4MAP | int.from_bytes(raw, "big")
    return int.from_bytes(raw, "big") if len(raw := ends.get(six, b"")) == 16 else None
