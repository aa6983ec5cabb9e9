"""Which MAC claims which address, by ARP, neighbour discovery and the host's own table: two that claim one in turn, and
claims for the router's or for this machine's address.

Codes: arp-two-macs nd-two-macs, arp-claims-router nd-claims-router, arp-claims-own nd-claims-own.
Promise: a move (A, then B, and never A again) is no finding; claims of own and of virtual MACs are none either.
Does not know: who routes by what it brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ratop_py.assess.address import UNNUMBERED
from ratop_py.assess.ends import Ends, address_text
from ratop_py.assess.evidence import Finding, finding
from ratop_py.assess.memory import MINUTE, Memory
from ratop_py.assess.routers import GROUPS_NEEDED, distant, group_of, is_virtual, next_hops
from ratop_py.assess.scene import Hit, Scene
from ratop_py.flow.layout import Mark
from ratop_py.net.address import mac_text
from ratop_py.net.host import HostNet, one_of

MOST, MACS_EACH = 8192, 4
GROUPS_KEPT = 8
NEVER = 1 << 62
RETURNED, CHANGED = 64, 16
"""Bits of `fins`: the first MAC came back after another; A's changed (B's: the next bit)."""

Place = tuple[int, int]
"""(VLAN ids, address): the same address on two VLANs is two addresses."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One MAC's claims for one address; packet times, ns."""

    first: int
    last: int
    back: int = NEVER
    """When it claimed again after another had."""
    brought: frozenset[int] = frozenset()
    """Of a router's address: distant networks it brought, some of them."""


Macs = dict[int, Claim]


class Bindings:
    """place → MAC → its claims."""

    def __init__(self) -> None:
        self.claims: Memory[Place, Macs] = Memory(MOST, 20 * MINUTE)
        self._hops: dict[int, int] = {}
        """Address of a next hop → the MAC that the host's table had for it first."""
        self._owners: dict[int, set[int]] = {}
        """MAC → addresses it has in the host's table, for the contest about a router's."""

    # -- learning ------------------------------------------------------------------------------------------------------

    def learn(self, scene: Scene) -> None:
        """Claims on the wire, in the table, and by bringing what only a router brings."""
        self._learn_table(scene.host, scene.now)
        told = [claim for ends in scene.sides for claim in _claims(scene, ends)]
        for first, last, where, mac in sorted(told):
            self.claim(where, mac, first, last)
        for ends in scene.sides:
            self._learn_routing(scene, ends)
        self.claims.forget(scene.now)

    def _learn_table(self, host: HostNet, now: int) -> None:
        """Next hops, as the kernel resolved them: the first answer was always there, a later one is news."""
        hops = next_hops(host)
        self._owners = {}
        for each in host.neighbours:
            if each.mac:
                self._owners.setdefault(each.mac, set()).add(each.address)
            if each.address in hops and each.mac and self._hops.get(each.address) != each.mac:
                since = now if each.address in self._hops else 0
                self._hops[each.address] = each.mac
                self.claim((0, each.address), each.mac, since, since, seen=now)

    def _learn_routing(self, scene: Scene, ends: Ends) -> None:
        """A MAC that claimed a router's address and goes on bringing distant packets still is that router."""
        steady = distant(ends) & (scene.rows["marks"] & Mark.MAC_CHANGED == 0)
        for address in self._hops:
            for mac, claim in (self.claims.get((0, address)) or {}).items():
                rows = np.flatnonzero(steady & (ends.mac == mac))
                if len(rows):
                    first = max(claim.first, int(ends.first[rows].min()))
                    self.claim((0, address), mac, first, int(ends.last[rows].max()))
                    fresh = rows[: max(0, GROUPS_KEPT - len(claim.brought))]
                    self._brought(address, mac, frozenset(group_of(ends.address(int(row))) for row in fresh))

    def _brought(self, address: int, mac: int, groups: frozenset[int]) -> None:
        macs = self.claims.get((0, address)) or {}
        claim = macs[mac]
        self.claims.put((0, address), {**macs, mac: replace(claim, brought=claim.brought | groups)}, claim.last)

    def claim(self, where: Place, mac: int, first: int, last: int, *, seen: int | None = None) -> None:
        """Take in one MAC's claims between two times; `seen`: packet time at which that was learned."""
        macs = dict(self.claims.get(where) or {})
        mine = macs.get(mac, Claim(first, last))
        mine = replace(mine, first=min(mine.first, first), last=max(mine.last, last))
        for number, other in macs.items():
            if number != mac:
                mine = _met(mine, other, first, last)
                macs[number] = _met(other, mine, other.first, other.last)
        macs[mac] = mine
        if len(macs) > MACS_EACH:
            del macs[min(macs, key=lambda number: macs[number].last)]
        self.claims.put(where, macs, last if seen is None else seen)

    # -- judging -------------------------------------------------------------------------------------------------------

    def rivals(self, where: Place) -> tuple[int, int] | None:
        """(earlier MAC, later MAC) that claim an address in turn: the earlier came back within a minute."""
        macs = self.claims.get(where)
        if macs is None or len(macs) < 2:
            return None
        inturn = sorted(macs.items(), key=lambda item: item[1].first)
        for at, (earlier, claim) in enumerate(inturn):
            for later, other in inturn[at + 1 :]:
                if claim.first < other.first and claim.back - other.first <= MINUTE:
                    return earlier, later
        return None

    def silent(self, host: HostNet) -> Iterator[str]:
        """Own addresses are needed for one of the codes."""
        if not host.knows:
            yield "arp-claims-own, nd-claims-own: this machine's addresses are not known."

    def contested_hops(self, host: HostNet) -> tuple[frozenset[int], frozenset[int]]:
        """(real, impostors) of MACs that claim a router's address in turn; none where it cannot be told."""
        real, impostors = set(), set()
        for address in next_hops(host):
            if (pair := self.rivals((0, address))) is not None and (told := self._sorted(address, pair)) is not None:
                real.add(told[0])
                impostors.add(told[1])
        return frozenset(real), frozenset(impostors - host.own_macs)

    def _sorted(self, hop: int, pair: tuple[int, int]) -> tuple[int, int] | None:
        """(router, impostor) of rivals: the router brings the world; where both do, it was first, and nobody else."""
        macs = self.claims.get((0, hop)) or {}
        worldly = [len(macs[mac].brought) >= GROUPS_NEEDED if mac in macs else False for mac in pair]
        if worldly[0] != worldly[1]:
            return pair if worldly[0] else (pair[1], pair[0])
        return pair if self._owners.get(pair[1], set()) - set(self._hops) else None

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Claims for own addresses, claims in turn, and what the later of two sent under that address."""
        own = scene.host.own_macs
        contested = {where: pair for where, _ in self.claims.items() if (pair := self.rivals(where)) is not None}
        for ends in scene.sides:
            speaks = ends.sent & (ends.mac > 0) & (ends.claims | ends.ip)
            if own:
                strange = speaks & ends.own & ends.claims & ~one_of(ends.mac, sorted(own))
                for row in np.flatnonzero(strange).tolist():
                    code = f"{_kind(ends, row)}-claims-own"
                    yield row, finding(code, int(ends.first[row]), mac=ends.mac_name(row), addr=ends.name(row))
            turned = scene.rows["fins"] & (CHANGED << ends.number) != 0
            in_turn = ends.claims & turned & (scene.rows["fins"] & RETURNED != 0)
            for row in np.flatnonzero(speaks if contested else speaks & in_turn).tolist():
                where, mac = place(scene, ends, row), int(ends.mac[row])
                if (pair := contested.get(where)) and mac == self._later(where[1], pair) and _strangers(pair, own):
                    yield row, self._rivalry(scene, ends, row, pair)
                elif in_turn[row] and _strangers((mac,), own):
                    yield row, _unnamed(scene, ends, row)

    def _later(self, address: int, pair: tuple[int, int]) -> int:
        return (self._sorted(address, pair) or pair)[1]

    def _rivalry(self, scene: Scene, ends: Ends, row: int, pair: tuple[int, int]) -> Finding:
        address, at = ends.address(row), int(ends.first[row])
        earlier, later = map(mac_text, self._sorted(address, pair) or pair)
        what = "claims-router" if address in next_hops(scene.host) else "two-macs"
        return finding(f"{_kind(ends, row)}-{what}", at, mac1=earlier, mac2=later, addr=ends.name(row))


def _claims(scene: Scene, ends: Ends) -> Iterator[tuple[int, int, Place, int]]:
    """(first, last, place, MAC) of each claim on the wire. A probe claims nothing (RFC 5227, RFC 4862)."""
    changed = scene.rows["fins"] & (CHANGED << ends.number) != 0
    returned = scene.rows["fins"] & RETURNED != 0
    for row in np.flatnonzero(ends.claims & ends.sent & (ends.mac > 0)).tolist():
        where, first = place(scene, ends, row), int(ends.first[row])
        others = changed[row] and not returned[row]  # the last claims of this row were another MAC's
        if where[1] not in UNNUMBERED:
            yield first, first if others else int(ends.last[row]), where, int(ends.mac[row])


def place(scene: Scene, ends: Ends, row: int) -> Place:
    """Where an address is claimed."""
    outer, inner = (int(scene.rows[name][row, ends.number]) & 0xFFF for name in ("vlan", "vlan2"))
    return outer << 12 | inner, ends.address(row)


def _met(old: Claim, new: Claim, first: int, last: int) -> Claim:
    """`old`, seen from `first` to `last`: was that after `new` began?"""
    if old.first < new.first < last:
        return replace(old, back=min(old.back, max(first, new.first)))
    return old


def _kind(ends: Ends, row: int) -> str:
    return "arp" if ends.address(row) >> 32 == 0xFFFF else "nd"


def _strangers(macs: tuple[int, ...], own: frozenset[int]) -> bool:
    return not any(mac in own or is_virtual(mac) for mac in macs)


def _unnamed(scene: Scene, ends: Ends, row: int) -> Finding:
    """The row itself saw two MACs in turn, and keeps the first only."""
    address = ends.address(row)
    what = "claims-router" if address in next_hops(scene.host) else "two-macs"
    code = f"{_kind(ends, row)}-{what}"
    return finding(code, int(ends.first[row]), mac1=ends.mac_name(row), mac2="another", addr=address_text(address))
