"""One end of each flow, as the rules look at it: who it says it is, which MAC it came from, what it sent, and where to.

Does not know: rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Rows
from ratop_py.flow.layout import ROW_BYTES, ROW_OFFSETS, Encaps, Family
from ratop_py.net.address import mac_text, text
from ratop_py.net.host import HostNet, Mask, among, is_loopback, one_of

ICMP6 = 58
IP = (Family.IPV4, Family.IPV6)
DISCOVERY = (133, 137)
"""First and last ICMPv6 type of neighbour discovery (RFC 4861)."""
MAC = (1 << 48) - 1
Macs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Columns of one side (A or B) of rows."""

    number: int
    """0 A, 1 B: its place in pair columns."""
    hi: NDArray[np.uint64]
    lo: NDArray[np.uint64]
    family: NDArray[np.uint8]
    mac: Macs
    """Source of its first frame; 0: unknown, or zero on the wire (loopback)."""
    to: Macs
    """Whom its first frame was handed to."""
    first: NDArray[np.int64]
    """Packet time of its first packet, ns; 0: it sent nothing."""
    last: NDArray[np.int64]
    sent: Mask
    """It sent something."""
    ip: Mask
    arp: Mask
    claims: Mask
    """ARP and neighbour discovery: it says that its address is at its MAC."""
    own: Mask
    on_link: Mask
    group: Mask
    """Multicast or broadcast: nobody's own address."""
    loop: Mask
    """A loopback address."""
    quiet: Mask
    """Loopback traffic, or a link without MACs: link rules say nothing about it."""

    def address(self, row: int) -> int:
        """The address as a number."""
        return int(self.hi[row]) << 64 | int(self.lo[row])

    def name(self, row: int) -> str:
        """The address as text; of ARP the IPv4 one."""
        return address_text(self.address(row))

    def mac_name(self, row: int) -> str:
        """The MAC as text."""
        return mac_text(int(self.mac[row]))


def address_text(address: int) -> str:
    """As people write it."""
    return text(address, Family.IPV4 if address >> 32 == 0xFFFF else Family.IPV6)


def both(rows: Rows, host: HostNet) -> tuple[Ends, Ends]:
    """Side A and side B. Questions about addresses and MACs are asked of both at once, A's column before B's: for some
    hundred rows a call of numpy costs more than what it does."""
    hi, lo = (_stacked(rows["addr_a"][:, half], rows["addr_b"][:, half]) for half in (0, 1))
    loop = is_loopback(hi, lo)
    told = _stacked(rows["seen"] & 16, rows["seen"] & 32) > 0
    mac = np.where(told, _stacked(macs(rows, "mac_a"), macs(rows, "mac_b")), 0)
    ip = one_of(rows["family"], IP) & (rows["depth"] == 0)
    inside = (loop[: len(rows)] & loop[len(rows) :]) | (rows["encaps"] & Encaps.LOOP != 0)
    columns = {
        "hi": hi,
        "lo": lo,
        "mac": mac,
        "to": np.where(told, _stacked(macs(rows, "mac_to_b"), macs(rows, "mac_to_a")), 0),
        "own": among(hi, lo, host.own_addresses) & ~loop,
        "on_link": host.on_link(hi, lo),
        "group": _group(hi, lo),
        "loop": loop,
        "quiet": (mac == 0) | _stacked(inside, inside),
    }
    return _one(rows, ip, columns, 0), _one(rows, ip, columns, 1)


def _stacked(of_a: NDArray[Any], of_b: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate((of_a, of_b))


def _one(rows: Rows, ip: Mask, columns: Mapping[str, NDArray[Any]], number: int) -> Ends:
    """One side of what was asked of both."""
    part = slice(number * len(rows), (number + 1) * len(rows))
    return Ends(
        number=number,
        family=rows["family"],
        first=rows["first"][:, number],
        last=rows["last"][:, number],
        sent=rows["pkts"][:, number] > 0,
        ip=ip,
        arp=rows["family"] == Family.ARP,
        claims=(rows["family"] == Family.ARP) | _discovery(rows, ip),
        **{name: column[part] for name, column in columns.items()},
    )


def _discovery(rows: Rows, ip: Mask) -> Mask:
    """Neighbour discovery."""
    asked = ip & (rows["proto"] == ICMP6)
    if not asked.any():
        return asked
    kind = rows["icmp"] >> 8
    return np.asarray(asked & (kind >= DISCOVERY[0]) & (kind <= DISCOVERY[1]))


def macs(rows: Rows, name: str) -> Macs:
    """MACs of a column as numbers: eight bytes, of which two stand before it."""
    at = ROW_OFFSETS[name] - 2
    words = rows.view(np.dtype({"names": ["word"], "formats": [">u8"], "offsets": [at], "itemsize": ROW_BYTES}))["word"]
    return words.astype(np.int64) & MAC


def _group(hi: NDArray[np.uint64], lo: NDArray[np.uint64]) -> Mask:
    """224/4, 255.255.255.255, ff00::/8."""
    four = (hi == 0) & (lo >> np.uint64(32) == 0xFFFF)
    last = lo & np.uint64(0xFFFFFFFF)
    return np.asarray((four & ((last >> np.uint64(28) == 0xE) | (last == 0xFFFFFFFF))) | (hi >> np.uint64(56) == 0xFF))
