"""Which MAC brings which address, and whom packets are handed to: what is far away must come through a router.

Codes: offlink-neighbour-mac (behind a gateway into private networks: bogon-source), offlink-unknown-mac,
offlink-to-neighbour. A MAC later learned as a router clears them.
Does not know: ARP, owners.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ratop_py.assess.binding import Bindings
from ratop_py.assess.ends import Ends, Macs, address_text
from ratop_py.assess.evidence import Finding, finding
from ratop_py.assess.memory import HOUR, MINUTE, Memory
from ratop_py.assess.routers import PRIVATE, Routers, distant, is_private, is_virtual, next_hops
from ratop_py.assess.scene import Hit, Scene
from ratop_py.net.address import mac_text
from ratop_py.net.host import HostNet, Mask, one_of, within

MOST_STATIONS, MOST_GATEWAYS, ADDRESSES_KEPT = 4096, 256, 64
STEADY = 3
"""Packets from an on-link source that make its MAC a neighbour's."""
GATEWAY_NEEDED = 3
"""Private addresses behind a neighbour, with whole handshakes, that make it a gateway into private networks."""
SLOW = 2_000_000
"""ns; a handshake that took less was with a machine down the hall."""
FAST_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Behind:
    """Private off-link addresses that a neighbour brought."""

    slow: frozenset[int] = frozenset()
    """Addresses whose handshake took as long as a real distance does."""
    fast: frozenset[int] = frozenset()

    def and_by(self, address: int, waited: int) -> Behind:
        """With one more handshake that took `waited` ns."""
        if address in self.slow or address in self.fast or len(self.slow) + len(self.fast) >= ADDRESSES_KEPT:
            return self
        if waited >= SLOW:
            return replace(self, slow=self.slow | {address})
        return replace(self, fast=self.fast | {address})

    @property
    def gateway(self) -> bool:
        """It leads somewhere."""
        return len(self.slow) >= GATEWAY_NEEDED and len(self.fast) <= FAST_SHARE * len(self.slow)


class Links:
    """Routers, neighbours, and what lies behind them."""

    def __init__(self, bindings: Bindings) -> None:
        self.routers = Routers()
        self.stations: Memory[int, int] = Memory(MOST_STATIONS, 20 * MINUTE)
        """MAC → an on-link address that it uses."""
        self.behind: Memory[int, Behind] = Memory(MOST_GATEWAYS, HOUR)
        self._bindings = bindings

    def known(self, host: HostNet) -> frozenset[int]:
        """MACs of routers; one that took a router's address from another that is still there is none."""
        real, impostors = self._bindings.contested_hops(host)
        return (self.routers.known(host) | real) - impostors

    # -- learning ------------------------------------------------------------------------------------------------------

    def learn(self, scene: Scene) -> None:
        """Routers first: a MAC that is one is no neighbour."""
        self.routers.learn(scene, self.known(scene.host))
        routers = sorted(self.known(scene.host))
        for ends in scene.sides:
            steady = ends.ip & ~ends.quiet & (scene.rows["pkts"][:, ends.number] >= STEADY)
            near = ends.sent & ends.on_link & ~ends.own & ~ends.group & (steady | ends.claims) & (ends.mac > 0)
            for row in _each_mac(ends.mac, near & ~one_of(ends.mac, routers)):
                self.stations.put(int(ends.mac[row]), ends.address(row), int(ends.last[row]))
            if routers:
                self._learn_behind(scene, ends, routers)
        self.stations.forget(scene.now)
        self.behind.forget(scene.now)

    def _learn_behind(self, scene: Scene, ends: Ends, routers: Sequence[int]) -> None:
        whole = distant(ends) & (scene.rows["t_ack"] > 0) & (scene.rows["t_synack"] > 0)
        strange = np.flatnonzero(whole & ~one_of(ends.mac, routers))
        if not len(strange):
            return
        private = np.zeros(len(strange), bool)
        for prefix in PRIVATE:
            private |= within(ends.hi[strange], ends.lo[strange], prefix)
        waited = _handshake(scene, ends)
        for row in strange[private].tolist():
            mac = int(ends.mac[row])
            behind = self.behind.get(mac) or Behind()
            learned = behind.and_by(ends.address(row), int(waited[row]))
            if learned is not behind:  # most rows tell the same as at the last tick
                self.behind.put(mac, learned, int(ends.last[row]))

    # -- judging -------------------------------------------------------------------------------------------------------

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Both directions, for families whose router is known."""
        routers = self.known(scene.host)
        if not routers or not scene.host.on_link_prefixes:
            return
        known = sorted(routers | scene.host.own_macs)
        sure = scene.settled & _router_told(scene, self._learned_families())
        for ends, other in scene.directions():
            for row in np.flatnonzero(sure & distant(ends) & ~one_of(ends.mac, known)).tolist():
                if (found := self._from(scene.host, ends, row)) is not None:
                    yield row, found
            for row in _handed_out(scene, ends, other, known, sure):
                if (found := self._to(scene.host, ends, other, row)) is not None:
                    yield row, found

    def _learned_families(self) -> set[int]:
        return {4 if group >> 16 == 0xFFFF else 6 for _, groups in self.routers.learned.items() for group in groups}

    def _from(self, host: HostNet, ends: Ends, row: int) -> Finding | None:
        mac, at, address = int(ends.mac[row]), int(ends.first[row]), ends.address(row)
        if is_virtual(mac):
            return None
        neighbour = self.neighbour(mac, host)
        if neighbour is None:
            return finding("offlink-unknown-mac", at, addr=ends.name(row), mac=ends.mac_name(row))
        if self._leads_to(mac, address):
            kind = f"private and lies behind the neighbour {neighbour}"
            return finding("bogon-source", at, addr=ends.name(row), kind=kind)
        mac_name = ends.mac_name(row)
        return finding("offlink-neighbour-mac", at, addr=ends.name(row), mac=mac_name, neighbour=neighbour)

    def _to(self, host: HostNet, ends: Ends, other: Ends, row: int) -> Finding | None:
        mac, address = int(ends.to[row]), other.address(row)
        neighbour = self.neighbour(mac, host)
        if neighbour is None or is_virtual(mac) or self._leads_to(mac, address):
            return None
        at = int(ends.first[row])
        return finding("offlink-to-neighbour", at, addr=other.name(row), neighbour=neighbour, mac=mac_text(mac))

    def _leads_to(self, mac: int, address: int) -> bool:
        behind = self.behind.get(mac)
        return behind is not None and behind.gateway and is_private(address)

    def neighbour(self, mac: int, host: HostNet) -> str | None:
        """The on-link address that a MAC uses for itself; a router's address is not taken for its own."""
        hops = next_hops(host)
        listed = (each.address for each in host.neighbours if each.mac == mac and each.address not in hops)
        address = next(listed, None) or self.stations.get(mac)
        return None if address is None or address in hops else address_text(address)

    def silent(self, host: HostNet) -> Iterator[str]:
        """Prefixes and routers are needed."""
        if not host.on_link_prefixes:
            yield "offlink-*: on-link prefixes are not known, so no address is known to be far away."
        elif not self.known(host):
            yield "offlink-*: the router's MAC is not known yet."


def _each_mac(column: Macs, wanted: Mask) -> list[int]:
    """One row for each distinct MAC among these."""
    rows = np.flatnonzero(wanted)
    return [int(each) for each in rows[np.unique(column[rows], return_index=True)[1]]]


def _handshake(scene: Scene, ends: Ends) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """What this side took to answer in the handshake, ns."""
    rows = scene.rows
    began = rows["init"] == ends.number
    return np.where(began, rows["t_ack"] - rows["t_synack"], rows["t_synack"] - rows["t_syn"])


def _router_told(scene: Scene, learned: set[int]) -> Mask:
    """Rows of a family whose router is known: knowing the way of IPv4 says nothing about IPv6's."""
    hops = next_hops(scene.host)
    families = set(learned)
    for each in scene.host.neighbours:
        if each.mac and (each.router or each.address in hops):
            families.add(4 if each.address >> 32 == 0xFFFF else 6)
    return one_of(scene.rows["family"], sorted(families))


def _handed_out(scene: Scene, ends: Ends, other: Ends, known: Sequence[int], sure: Mask) -> list[int]:
    """Rows in which this machine gave packets for far away to somebody who is no router."""
    ours = one_of(ends.mac, sorted(scene.host.own_macs))
    away = other.ip & ~other.on_link & ~other.own & ~other.group & ~ends.quiet
    somebody = (other.hi != 0) | (other.lo & np.uint64(0xFFFFFFFF) != 0)
    unicast = (ends.to > 0) & (ends.to >> 40 & 1 == 0)
    wanted = sure & ends.sent & ends.own & ours & away & somebody & unicast & ~one_of(ends.to, known)
    return [int(row) for row in np.flatnonzero(wanted)]
