"""Rows + what the host knows → findings, risk: every rule over the flows that changed.

Promise: findings are recomputed, not accumulated: a MAC later learned as a router clears them at the next look. A rule that
lacks what it needs is silent, and `silent` says so.
Does not know: how a rule works, what the screen shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess import address, binding, link
from ratop_py.assess.binding import Bindings
from ratop_py.assess.ends import Ends, both
from ratop_py.assess.evidence import Finding, Findings, ordered, risk
from ratop_py.assess.link import Links
from ratop_py.correlate.match import Match, Why
from ratop_py.flow.flows import Flows
from ratop_py.net.host import HostNet, Mask

GRACE = 2_000_000_000
"""ns of packet time before a flow is judged by its MAC: a router's first packets must not flash."""
OUT = 2
"""`way` of flows that this machine began."""


@dataclass(slots=True)
class Observer:
    """What was learned so far; each part is bounded."""

    links: Links = field(default_factory=Links)
    bindings: Bindings = field(default_factory=Bindings)


@dataclass(frozen=True, slots=True, eq=False)
class Assessed:
    """In the order of the flows given."""

    risk: NDArray[np.uint8]
    whys: Mapping[int, tuple[str, ...]]
    """row → codes, strongest first; rows without findings are absent."""
    findings: Mapping[int, Findings]
    """flow id → findings; flows without are absent."""
    silent: tuple[str, ...]


def assess(flows: Flows, observer: Observer, host: HostNet, now: int, *, final: bool = False) -> Assessed:
    """Judge these flows. `now`: packet time, ns. `final`: nothing will come any more, so nobody waits for grace."""
    rows = flows.rows
    sides = both(rows, host)
    link.learn(observer.links, rows, sides, host, now)
    for number, ends in enumerate(sides):
        binding.learn(observer.bindings, rows, ends, number)
    found: dict[int, list[Finding]] = {}
    old = _old(flows, now) | final
    for number in (0, 1):
        for row, finding in _hits(flows, sides, number, host, observer, old):
            found.setdefault(row, []).append(finding)
    for row in np.flatnonzero(_ownerless(flows)):
        found.setdefault(int(row), []).append(NO_OWNER)
    return _assessed(flows, found, silent(host, observer))


NO_OWNER = Finding("no-owner", "This host sends, but no program owns the socket: two complete listings show none.")


def _hits(
    flows: Flows, sides: tuple[Ends, Ends], number: int, host: HostNet, observer: Observer, old: Mask
) -> list[tuple[int, Finding]]:
    rows, ends, other = flows.rows, sides[number], sides[1 - number]
    return [
        *address.hits(rows, ends, other, host),
        *link.hits(rows, ends, host, observer.links, old),
        *binding.hits(rows, ends, host, observer.bindings, number),
    ]


def _old(flows: Flows, now: int) -> Mask:
    """Rows whose first packet is longer ago than the grace, or that have ended."""
    first = flows.rows["first"]
    began = np.where(first == 0, np.iinfo(np.int64).max, first).min(axis=1)
    return (now - began >= GRACE) | (flows.rows["life"] == 2)


def _ownerless(flows: Flows) -> Mask:
    notes = flows.notes
    return (notes["way"] == OUT) & (notes["s_match"] == Match.NONE) & (notes["s_why"] == Why.NO_SOCKET)


def _assessed(flows: Flows, found: Mapping[int, list[Finding]], quiet: tuple[str, ...]) -> Assessed:
    risks = np.zeros(len(flows), np.uint8)
    whys: dict[int, tuple[str, ...]] = {}
    findings: dict[int, Findings] = {}
    for row, several in found.items():
        told = ordered(several)
        risks[row] = risk(told)
        whys[row] = tuple(each.code for each in told)
        findings[int(flows.rows["id"][row])] = told
    return Assessed(risks, whys, findings, quiet)


def silent(host: HostNet, observer: Observer) -> tuple[str, ...]:
    """Rules that cannot be applied, and why."""
    told = list(host.unknown)
    if not host.knows:
        told.append("own-addr-inbound, arp-claims-own, no-owner: this machine's addresses are not known.")
    if not host.on_link_prefixes or not observer.links.known_routers(host):
        told.append("offlink-*: on-link prefixes or the router's MAC are not known.")
    return tuple(told)
