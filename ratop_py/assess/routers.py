"""Which MACs are routers: told by the host's tables, or learned from answers that came back through them.

Promise: a MAC that only *sends first* never becomes a router, however many prefixes it claims: that is the attack.
Bounded; what did not bring an answer for an hour of packet time is forgotten.
Does not know: neighbours, ARP, findings.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ratop_py.assess.ends import Ends, Macs
from ratop_py.assess.memory import HOUR, Memory
from ratop_py.assess.scene import Scene
from ratop_py.net.host import V4, HostNet, Mask, Prefix, Route, one_of

GROUPS_NEEDED = 2
"""Distinct distant networks that must have answered through a MAC before it is a router."""
GROUPS_KEPT = 64
MOST = 256
VIRTUAL = (
    (0x00005E000100, 8), (0x00005E000200, 8), (0x00000C07AC00, 8), (0x00000C9FF000, 12), (0x000573A00000, 12),
    (0x0007B4000000, 24),
)  # fmt: skip
"""VRRP and CARP, VRRP for IPv6, HSRP, HSRP version 2 (IPv4, IPv6), GLBP: (first, free bits at the end)."""
PRIVATE = (
    Prefix(0xFFFF0A000000, V4 + 8), Prefix(0xFFFFAC100000, V4 + 12), Prefix(0xFFFFC0A80000, V4 + 16),
    Prefix(0xFFFF64400000, V4 + 10), Prefix(0xFC << 120, 7),
)  # fmt: skip
"""RFC 1918, RFC 6598, RFC 4193."""
WHOLE = 128
"""Length of a prefix that is one host."""


def is_virtual(mac: int) -> bool:
    """Whether a MAC belongs to a redundancy protocol."""
    return any(mac >> free == first >> free for first, free in VIRTUAL)


def is_private(address: int) -> bool:
    """Whether an address means something else elsewhere."""
    return any(address in prefix for prefix in PRIVATE)


def group_of(address: int) -> int:
    """The distant network: /16 of IPv4, /32 of IPv6."""
    return address >> 16 if address >> 32 == 0xFFFF else address >> 96


def leads_away(route: Route) -> bool:
    """A route that makes its next hop a router. One for a single public host does not: somebody put it there."""
    return bool(route.via) and (route.to.bits < WHOLE or is_private(route.to.value))


def next_hops(host: HostNet) -> frozenset[int]:
    """Addresses of routers, by the routes."""
    return frozenset(route.via for route in host.routes if leads_away(route))


def told(host: HostNet) -> frozenset[int]:
    """MACs of routers, by the host's tables."""
    hops = next_hops(host)
    return frozenset(each.mac for each in host.neighbours if each.mac and (each.router or each.address in hops))


def distant(ends: Ends) -> Mask:
    """Packets from far away, by their source: neither here, nor on this link, nor nobody's address."""
    somebody = (ends.hi != 0) | (ends.lo & np.uint64(0xFFFFFFFF) != 0)
    return ends.ip & ends.sent & ~ends.on_link & ~ends.own & ~ends.quiet & ~ends.group & somebody


class Routers:
    """What answers taught."""

    def __init__(self) -> None:
        self.learned: Memory[int, set[int]] = Memory(MOST, HOUR)
        """MAC → groups that answered through it."""

    def known(self, host: HostNet) -> frozenset[int]:
        """MACs of routers, told or learned."""
        return told(host) | {mac for mac, groups in self.learned.items() if len(groups) >= GROUPS_NEEDED}

    def learn(self, scene: Scene, known: Iterable[int]) -> None:
        """An on-link host opened a flow by a router, and another MAC brought the answer: that one routes too."""
        routers = sorted(known)
        for here, there in scene.directions() if routers else ():
            began = scene.rows["init"] == here.number
            handed = here.on_link & here.sent & one_of(here.to, routers)
            rows = np.flatnonzero(began & handed & distant(there) & ~one_of(there.mac, routers))
            for row in _distinct(there, rows).tolist():
                mac = int(there.mac[row])
                groups = self.learned.get(mac) or set()
                if len(groups) < GROUPS_KEPT:
                    groups.add(group_of(there.address(row)))
                self.learned.put(mac, groups, int(there.last[row]))
        self.learned.forget(scene.now)


def _distinct(ends: Ends, rows: Macs) -> Macs:
    """One row for each MAC and /16 or /32, so that ten thousand flows of one router cost as much as a few."""
    high = np.where(ends.hi[rows] == 0, ends.lo[rows] >> np.uint64(16), ends.hi[rows] >> np.uint64(32))
    _, places = np.unique(np.stack([ends.mac[rows], high.astype(np.int64)]), axis=1, return_index=True)
    return np.asarray(rows[np.sort(places)])
