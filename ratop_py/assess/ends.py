"""One end of each flow, as the rules look at it: who it says it is, which MAC it came from, what it sent, and where to.

Does not know: rules.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Rows
from ratop_py.flow.layout import Encaps, Family
from ratop_py.net.address import mac_text, text
from ratop_py.net.host import HostNet, Mask, is_loopback, one_of

ICMP6 = 58
IP = (Family.IPV4, Family.IPV6)
DISCOVERY = (133, 137)
"""First and last ICMPv6 type of neighbour discovery (RFC 4861)."""
MAC_WEIGHTS = 1 << np.arange(40, -8, -8, dtype=np.int64)
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
    """Side A and side B."""
    loops = [is_loopback(rows[name][:, 0], rows[name][:, 1]) for name in ("addr_a", "addr_b")]
    inside = (loops[0] & loops[1]) | (rows["encaps"] & Encaps.LOOP != 0)
    return one(rows, host, "a", 0, loops[0], inside), one(rows, host, "b", 1, loops[1], inside)


def one(rows: Rows, host: HostNet, side: str, number: int, loop: Mask, inside: Mask) -> Ends:
    """The columns of one side. `loop`: its address is a loopback one; `inside`: the traffic is."""
    hi, lo = rows[f"addr_{side}"][:, 0], rows[f"addr_{side}"][:, 1]
    told = (rows["seen"] >> (4 + number)) & 1 == 1
    mac = np.where(told, macs(rows, f"mac_{side}"), 0)
    ip = one_of(rows["family"], IP) & (rows["depth"] == 0)
    kind = rows["icmp"] >> 8
    discovery = ip & (rows["proto"] == ICMP6) & (kind >= DISCOVERY[0]) & (kind <= DISCOVERY[1])
    return Ends(
        number=number,
        hi=hi,
        lo=lo,
        family=rows["family"],
        mac=mac,
        to=np.where(told, macs(rows, "mac_to_b" if number == 0 else "mac_to_a"), 0),
        first=rows["first"][:, number],
        last=rows["last"][:, number],
        sent=rows["pkts"][:, number] > 0,
        ip=ip,
        arp=rows["family"] == Family.ARP,
        claims=(rows["family"] == Family.ARP) | discovery,
        own=host.is_own(hi, lo) & ~loop,
        on_link=host.on_link(hi, lo),
        group=_group(hi, lo),
        loop=loop,
        quiet=(mac == 0) | inside,
    )


def macs(rows: Rows, name: str) -> Macs:
    """MACs of a column as numbers."""
    return np.asarray(rows[name].astype(np.int64) @ MAC_WEIGHTS)


def _group(hi: NDArray[np.uint64], lo: NDArray[np.uint64]) -> Mask:
    """224/4, 255.255.255.255, ff00::/8."""
    four = (hi == 0) & (lo >> np.uint64(32) == 0xFFFF)
    last = lo & np.uint64(0xFFFFFFFF)
    return np.asarray((four & ((last >> np.uint64(28) == 0xE) | (last == 0xFFFFFFFF))) | (hi >> np.uint64(56) == 0xFF))
