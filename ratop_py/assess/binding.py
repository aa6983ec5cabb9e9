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

WINDOW = 60 * 1_000_000_000
"""ns within which A, B, A counts as in turn."""
MOST = 8192
MACS_EACH = 4


@dataclass(slots=True)
class Claim:
    """One MAC's claims for one address."""

    first: int
    last: int


@dataclass(slots=True)
class Bindings:
    """address → MAC → its claims."""

    claims: OrderedDict[int, OrderedDict[int, Claim]] = field(default_factory=OrderedDict)


def learn(bindings: Bindings, rows: Rows, ends: Ends, number: int) -> None:
    """Take in ARP claims of one side."""
    for row in np.flatnonzero(ends.arp & ends.sent & (ends.mac > 0)):
        address, mac = ends.address(int(row)), int(ends.mac[row])
        if address in UNNUMBERED:
            continue  # a probe claims nothing (RFC 5227)
        macs = bindings.claims.setdefault(address, OrderedDict())
        first, last = int(rows["first"][row, number]), int(rows["last"][row, number])
        claim = macs.setdefault(mac, Claim(first, last))
        claim.first, claim.last = min(claim.first, first), max(claim.last, last)
        if len(macs) > MACS_EACH:
            macs.popitem(last=False)
        bindings.claims.move_to_end(address)
        if len(bindings.claims) > MOST:
            bindings.claims.popitem(last=False)


def rivals(bindings: Bindings, address: int) -> tuple[int, int] | None:
    """(earlier MAC, later MAC) that claim an address in turn: the earlier came back after the later spoke."""
    macs = bindings.claims.get(address)
    if macs is None or len(macs) < 2:
        return None
    ordered = sorted(macs.items(), key=lambda item: item[1].first)
    for at, (earlier, claim) in enumerate(ordered):
        for later, other in ordered[at + 1 :]:
            if claim.first < other.first < claim.last and claim.last - other.first <= WINDOW * 10:
                return earlier, later
    return None


def hits(rows: Rows, ends: Ends, host: HostNet, bindings: Bindings) -> Iterator[Hit]:
    """Findings about one side of these rows."""
    contested = {address: pair for address in bindings.claims if (pair := rivals(bindings, address)) is not None}
    own = host.own_macs
    speaks = ends.sent & (ends.mac > 0) & (ends.arp | ends.ip)
    for row in np.flatnonzero(speaks & ends.own & ends.arp & ~np.isin(ends.mac, list(own) or [0])):
        if own and ends.address(int(row)) in host.own_addresses:
            yield int(row), Finding("arp-claims-own", f"{mac_text(int(ends.mac[row]))} says it has your address.")
    if not contested:
        return
    for row in np.flatnonzero(speaks):
        pair = contested.get(ends.address(int(row)))
        mac = int(ends.mac[row])
        if pair is not None and mac == pair[1] and not ({*pair} & own) and not any(map(is_virtual, pair)):
            yield int(row), _finding(ends.address(int(row)), pair, host)


def _finding(address: int, pair: tuple[int, int], host: HostNet) -> Finding:
    earlier, later = map(mac_text, pair)
    if address in host.next_hops and pair[0] in host.router_macs:
        return Finding("arp-claims-router", f"{later} says it is your router {text(address, 4)}; the router is {earlier}.")
    return Finding("arp-two-macs", f"{earlier} and {later} both say they are {text(address, 4)}.")
