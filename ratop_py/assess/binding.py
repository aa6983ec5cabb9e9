"""Which MAC claims which address, by ARP, neighbour discovery and the host's own table: two that claim one in turn, and
claims for the router's or for this machine's address.

Codes: arp-two-macs nd-two-macs, arp-claims-router nd-claims-router, arp-claims-own nd-claims-own.
Promise: a move (A, then B, and never A again) is no finding; claims of own and of virtual MACs are none either.
Does not know: who routes by what it brings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ratop_py.assess.address import UNNUMBERED
from ratop_py.assess.ends import Ends, address_text
from ratop_py.assess.evidence import Finding, finding
from ratop_py.assess.memory import MINUTE, Memory
from ratop_py.assess.routers import distant, is_virtual, next_hops
from ratop_py.assess.scene import Hit, Scene
from ratop_py.flow.layout import Mark
from ratop_py.net.address import mac_text
from ratop_py.net.host import HostNet

MOST, MACS_EACH = 8192, 4
NEVER = 1 << 62
RETURNED, CHANGED = 8, 64
"""Bits of `seen` in rows that are not TCP: the first MAC came back after another; A's changed (B's: the next bit)."""

Place = tuple[int, int]
"""(VLAN ids, address): the same address on two VLANs is two addresses."""


@dataclass(slots=True)
class Claim:
    """One MAC's claims for one address; packet times, ns."""

    first: int
    last: int
    back: int = NEVER
    """When it claimed again after another had."""


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
        for ends in scene.sides:
            changed = scene.rows["seen"] & (CHANGED << ends.number) != 0
            returned = scene.rows["seen"] & RETURNED != 0
            for row in np.flatnonzero(ends.claims & ends.sent & (ends.mac > 0)).tolist():
                where = place(scene, ends, row)
                if where[1] in UNNUMBERED:
                    continue  # a probe claims nothing (RFC 5227, RFC 4862)
                first, last = int(ends.first[row]), int(ends.last[row])
                last = first if changed[row] and not returned[row] else last  # its last claims were another's
                self.claim(where, int(ends.mac[row]), first, last)
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
                self.claim((0, each.address), each.mac, since, since)

    def _learn_routing(self, scene: Scene, ends: Ends) -> None:
        """A MAC that claimed a router's address and goes on bringing distant packets still is that router."""
        steady = distant(ends) & (scene.rows["marks"] & Mark.MAC_CHANGED == 0)
        for address in self._hops:
            for mac, claim in (self.claims.get((0, address)) or {}).items():
                rows = steady & (ends.mac == mac)
                if rows.any():
                    self.claim(
                        (0, address), mac, max(claim.first, int(ends.first[rows].min())), int(ends.last[rows].max())
                    )

    def claim(self, where: Place, mac: int, first: int, last: int) -> None:
        """Take in one MAC's claims between two times."""
        macs = self.claims.get(where) or {}
        mine = macs.setdefault(mac, Claim(first, last))
        mine.first, mine.last = min(mine.first, first), max(mine.last, last)
        for each in (other for number, other in macs.items() if number != mac):
            _meet(mine, each, first, last)
            _meet(each, mine, each.first, each.last)
        if len(macs) > MACS_EACH:
            del macs[min(macs, key=lambda number: macs[number].last)]
        self.claims.put(where, macs, last)

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
        """(real, impostors): of two MACs that claim a router's address in turn, a neighbour of its own name is none."""
        real, impostors = set(), set()
        for address in next_hops(host):
            if (pair := self.rivals((0, address))) is not None and (told := self._sorted(address, pair)) is not None:
                real.add(told[0])
                impostors.add(told[1])
        return frozenset(real), frozenset(impostors - host.own_macs)

    def _sorted(self, hop: int, pair: tuple[int, int]) -> tuple[int, int] | None:
        """(router, impostor) of rivals: the one with another address is the impostor; None: cannot be told."""
        named = [bool(self._owners.get(mac, set()) - {hop}) for mac in pair]
        if named[0] == named[1]:
            return None
        return pair if named[1] else (pair[1], pair[0])

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Claims for own addresses, claims in turn, and what the later of two sent under that address."""
        own = scene.host.own_macs
        contested = {where: pair for where, _ in self.claims.items() if (pair := self.rivals(where)) is not None}
        for ends in scene.sides:
            speaks = ends.sent & (ends.mac > 0) & (ends.claims | ends.ip)
            if own:
                strange = speaks & ends.own & ends.claims & ~np.isin(ends.mac, sorted(own))
                for row in np.flatnonzero(strange).tolist():
                    code = f"{_kind(ends, row)}-claims-own"
                    yield row, finding(code, int(ends.first[row]), mac=ends.mac_name(row), addr=ends.name(row))
            turned = scene.rows["seen"] & (CHANGED << ends.number) != 0
            in_turn = ends.claims & turned & (scene.rows["seen"] & RETURNED != 0)
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


def place(scene: Scene, ends: Ends, row: int) -> Place:
    """Where an address is claimed."""
    outer, inner = (int(scene.rows[name][row, ends.number]) & 0xFFF for name in ("vlan", "vlan2"))
    return outer << 12 | inner, ends.address(row)


def _meet(old: Claim, new: Claim, first: int, last: int) -> None:
    """`old` was seen from `first` to `last`: was that after `new` began?"""
    if old.first < new.first < last:
        old.back = min(old.back, max(first, new.first))


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
