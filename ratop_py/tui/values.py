"""One value of a snapshot, as plain Python.

Promise: missing is None, whatever the kind; an address is its text (RFC 5952; IPv4-mapped as IPv4; a MAC with colons).
Does not know: columns of the screen.
"""

from __future__ import annotations

import socket
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address

from ratop_py.kinds import MISSING
from ratop_py.view import Addresses, Column, Snapshot, Text

LINK_FAMILY = 3
"""Family of addresses that are MACs (`flow.layout.Family.ETHER`)."""
IPV6 = 6
NAMED_BELOW = 32_768
"""Ports from here on are given out at random: a name would be an accident."""


def word(snapshot: Snapshot, name: str, row: int) -> str:
    """A text or address column; empty where there is nothing, or no such column."""
    column = snapshot.columns.get(name)
    if isinstance(column, Text):
        return column.at(row)
    if isinstance(column, Addresses):
        return address(int(column.hi[row]), int(column.lo[row]), int(column.family[row]))
    if column is None:
        return ""
    return "" if column.dtype.kind != "S" else column[row].decode("ascii", "replace")


def number(snapshot: Snapshot, name: str, row: int) -> float | None:
    """A column of numbers."""
    column = snapshot.columns.get(name)
    return None if column is None or isinstance(column, Text | Addresses) else _number(column, row)


def _number(column: Column, row: int) -> float | None:
    assert not isinstance(column, Text | Addresses)
    value = column[row].item()
    if isinstance(value, float):
        return value if value == value else None
    return None if value == MISSING else value


@lru_cache(maxsize=16_384)
def address(hi: int, lo: int, family: int) -> str:
    """An address as a person reads it."""
    if not family:
        return ""
    if family == LINK_FAMILY:
        return mac(lo)
    if family == IPV6:
        return str(IPv6Address(hi << 64 | lo))
    return str(IPv4Address(lo & 0xFFFF_FFFF))


def mac(value: int) -> str:
    """Six bytes with colons."""
    text = f"{value:012x}"
    return ":".join(text[i : i + 2] for i in range(0, 12, 2))


@lru_cache(maxsize=4096)
def service(port: int, proto: str) -> str:
    """The system's name of a port; empty: it has none."""
    if not 0 < port < NAMED_BELOW:
        return ""
    try:
        name = socket.getservbyport(port, proto)
    except (OSError, OverflowError, ValueError):
        return ""
    return name if name.isascii() and name.isprintable() else ""
