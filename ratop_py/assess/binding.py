"""Which MAC claims which address, by ARP: two that claim one in turn, and claims for the router's or our own address.

Promise: a move (A, then B, and never A again) is no finding; claims of own and of virtual MACs are none either. Bounded.
Does not know: IP flows beyond their source MAC.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ratop_py.assess.address import UNNUMBERED, Hit
from ratop_py.assess.ends import Ends
from ratop_py.assess.evidence import Finding
from ratop_py.assess.link import is_virtual
from ratop_py.flow.flows import Rows
from ratop_py.net.address import mac_text, text
from ratop_py.net.host import HostNet

MOST = 8192
MACS_EACH = 4


@dataclass(slots=True)
class Claim:
    """One MAC's claims for one address."""

    first: int
    last: int


Place = tuple[int, int]
"""(VLAN ids, address): the same address on two VLANs is two addresses."""


@dataclass(slots=True)
class Bindings:
    """place → MAC → its claims."""

    claims: OrderedDict[Place, OrderedDict[int, Claim]] = field(default_factory=OrderedDict)


def place(rows: Rows, ends: Ends, row: int, number: int) -> Place:
    """Where an address is claimed."""
    outer, inner = int(rows["vlan"][row, number]) & 0xFFF, int(rows["vlan2"][row, number]) & 0xFFF
    return outer << 12 | inner, ends.address(row)


def learn(bindings: Bindings, rows: Rows, ends: Ends, number: int) -> None:
    """Take in ARP claims of one side; where its MAC changed on the way, its last claims are not known to be the first MAC's."""
    changed = rows["seen"] & (64 << number) != 0
    returned = rows["seen"] & 8 != 0
    for row in np.flatnonzero(ends.arp & ends.sent & (ends.mac > 0)).tolist():
        where, mac = place(rows, ends, row, number), int(ends.mac[row])
        if where[1] in UNNUMBERED:
            continue  # a probe claims nothing (RFC 5227)
        macs = bindings.claims.setdefault(where, OrderedDict())
        first, last = int(rows["first"][row, number]), int(rows["last"][row, number])
        last = first if changed[row] and not returned[row] else last
        claim = macs.setdefault(mac, Claim(first, last))
        claim.first, claim.last = min(claim.first, first), max(claim.last, last)
        if len(macs) > MACS_EACH:
            macs.popitem(last=False)
        bindings.claims.move_to_end(where)
        if len(bindings.claims) > MOST:
            bindings.claims.popitem(last=False)


def rivals(bindings: Bindings, where: Place) -> tuple[int, int] | None:
    """(earlier MAC, later MAC) that claim an address in turn: the earlier came back after the later spoke."""
    macs = bindings.claims.get(where)
    if macs is None or len(macs) < 2:
        return None
    ordered = sorted(macs.items(), key=lambda item: item[1].first)
    for at, (earlier, claim) in enumerate(ordered):
        for later, other in ordered[at + 1 :]:
            if claim.first < other.first < claim.last:
                return earlier, later
    return None


def hits(rows: Rows, ends: Ends, host: HostNet, bindings: Bindings, number: int) -> Iterator[Hit]:
    """Findings about one side of these rows."""
    contested = {where: pair for where in bindings.claims if (pair := rivals(bindings, where)) is not None}
    own = host.own_macs
    speaks = ends.sent & (ends.mac > 0) & (ends.arp | ends.ip)
    strangers = speaks & ends.own & ends.arp & ~np.isin(ends.mac, list(own) or [0])
    for row in np.flatnonzero(strangers if own else strangers & False).tolist():
        yield row, Finding("arp-claims-own", f"{mac_text(int(ends.mac[row]))} says it has your address.")
    in_turn = ends.arp & (rows["seen"] & 8 != 0) & (rows["seen"] & (64 << number) != 0)
    for row in np.flatnonzero(speaks if contested else speaks & in_turn).tolist():
        where, mac = place(rows, ends, row, number), int(ends.mac[row])
        pair = contested.get(where)
        if pair is not None and mac == pair[1] and not ({*pair} & own) and not any(map(is_virtual, pair)):
            yield row, _finding(where[1], pair, host)
        elif in_turn[row] and mac not in own and not is_virtual(mac):
            yield row, _unnamed(where[1], mac, host)


def _finding(address: int, pair: tuple[int, int], host: HostNet) -> Finding:
    earlier, later = map(mac_text, pair)
    if address in host.next_hops and pair[0] in host.router_macs:
        return Finding("arp-claims-router", f"{later} says it is your router {text(address, 4)}; the router is {earlier}.")
    return Finding("arp-two-macs", f"{earlier} and {later} both say they are {text(address, 4)}.")


def _unnamed(address: int, mac: int, host: HostNet) -> Finding:
    """The row saw two MACs in turn, and keeps the first only."""
    if address in host.next_hops:
        words = f"Two machines answer as your router {text(address, 4)} in turn; the first was {mac_text(mac)}."
        return Finding("arp-claims-router", words)
    return Finding("arp-two-macs", f"Two machines say they are {text(address, 4)} in turn; the first was {mac_text(mac)}.")
