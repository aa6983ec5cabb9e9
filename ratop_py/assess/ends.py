"""One end of each flow, as the rules look at it: who it says it is, which MAC it came from, what it sent.

Does not know: rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Rows
from ratop_py.flow.layout import Encaps, Family
from ratop_py.net.host import HostNet, Mask, is_link_local, is_loopback

IP = (Family.IPV4, Family.IPV6)
MAC_WEIGHTS = 1 << np.arange(40, -8, -8, dtype=np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Columns of one side (A or B) of rows."""

    hi: NDArray[np.uint64]
    lo: NDArray[np.uint64]
    mac: NDArray[np.int64]
    """0: unknown, or zero on the wire (loopback)."""
    sent: Mask
    """It sent something."""
    ip: Mask
    arp: Mask
    own: Mask
    on_link: Mask
    quiet: Mask
    """Loopback traffic, or a link without MACs: link rules say nothing about it."""

    def address(self, row: int) -> int:
        """The address as a number."""
        return int(self.hi[row]) << 64 | int(self.lo[row])


def both(rows: Rows, host: HostNet) -> tuple[Ends, Ends]:
    """Side A and side B."""
    return one(rows, host, "a", 0), one(rows, host, "b", 1)


def one(rows: Rows, host: HostNet, side: str, number: int) -> Ends:
    """The columns of one side."""
    hi, lo = rows[f"addr_{side}"][:, 0], rows[f"addr_{side}"][:, 1]
    told = (rows["seen"] >> (4 + number)) & 1 == 1
    mac = np.where(told, (rows[f"mac_{side}"].astype(np.int64) * MAC_WEIGHTS).sum(axis=1), 0)
    ip = np.isin(rows["family"], IP) & (rows["depth"] == 0)
    return Ends(
        hi=hi,
        lo=lo,
        mac=mac,
        sent=rows["pkts"][:, number] > 0,
        ip=ip,
        arp=rows["family"] == Family.ARP,
        own=host.is_own(hi, lo) & ~is_loopback(hi, lo),
        on_link=host.on_link(hi, lo) | is_link_local(hi, lo),
        quiet=(mac == 0) | _loopback(rows),
    )


def _loopback(rows: Rows) -> NDArray[Any]:
    """Both ends are loopback, or the link is one."""
    a, b = rows["addr_a"], rows["addr_b"]
    inside = is_loopback(a[:, 0], a[:, 1]) & is_loopback(b[:, 0], b[:, 1])
    return inside | (rows["encaps"] & Encaps.LOOP != 0)
