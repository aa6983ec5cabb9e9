"""Evidence that an address is forged: codes, points, and how they add up to a risk.

Promise: pure arithmetic. One proof (P) is `high`, one strong fact (S) `medium`; weak facts (W) alone never pass `low`;
corroboration (C) counts only beside P or S. Facts of one group see the same thing: only the strongest counts.
Does not know: how a fact was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEVELS = ("none", "info", "low", "medium", "high")
BOUNDS = (6, 12, 18, 25)
"""Points from which a level begins."""
WEAK_MOST = 17
"""What weak facts reach together without a P or S."""
CORROBORATION_MOST = 8


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of fact."""

    code: str
    group: str
    """L link path, B binding, A address, O host."""
    strength: str
    """P proof, S strong, W weak, C corroboration."""
    points: int
    doc: str


CODES: Mapping[str, Code] = {
    each.code: each
    for each in (
        Code("own-addr-inbound", "A", "P", 30, "an address of this machine as source, from a MAC that is not this machine's"),
        Code("martian-source", "A", "P", 30, "a source that can never send on a wire: 0/8, 127/8, 224/4, 240/4, ::1, ff00::/8"),
        Code("land", "A", "P", 30, "source and destination are the same"),
        Code("foreign-source-out", "O", "P", 26, "this machine sends with a source address that is not its own"),
        Code("offlink-neighbour-mac", "L", "P", 28, "an off-link source, but the frame comes from a neighbour's MAC"),
        Code("offlink-unknown-mac", "L", "S", 19, "an off-link source from a MAC that is neither router nor neighbour"),
        Code("arp-two-macs", "B", "S", 20, "two MACs claim one address in turn"),
        Code("arp-claims-router", "B", "P", 26, "another MAC claims the router's address"),
        Code("arp-claims-own", "B", "S", 20, "another MAC claims this machine's address"),
        Code("no-owner", "O", "S", 18, "this machine sends, and two complete listings show no socket that could"),
        Code("bogon-source", "A", "W", 8, "a reserved source that nevertheless holds a conversation, or a private one behind a neighbour"),
    )
}
"""All codes of this edition."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about one flow."""

    code: str
    sentence: str
    """What was seen, with its numbers, checkable in a packet view."""

    @property
    def strength(self) -> str:
        """P S W C"""
        return CODES[self.code].strength

    @property
    def points(self) -> int:
        """Its weight."""
        return CODES[self.code].points


Findings = tuple[Finding, ...]


def total(findings: Iterable[Finding]) -> int:
    """The sum: the strongest of each group, and at most two corroborations beside a P or S."""
    best: dict[str, int] = {}
    corroboration: list[int] = []
    sure = False
    for each in findings:
        code = CODES[each.code]
        sure = sure or code.strength in "PS"
        if code.strength == "C":
            corroboration.append(code.points)
        else:
            best[code.group] = max(best.get(code.group, 0), code.points)
    base = sum(best.values())
    if not sure:
        return min(base, WEAK_MOST)
    return base + min(CORROBORATION_MOST, sum(sorted(corroboration, reverse=True)[:2]))


def risk(findings: Iterable[Finding]) -> int:
    """0…100."""
    return min(100, 2 * total(findings))


def level(points: int) -> str:
    """The level of a sum."""
    return LEVELS[sum(points >= bound for bound in BOUNDS)]


def ordered(findings: Iterable[Finding]) -> Findings:
    """Strongest first, each code once."""
    once = {each.code: each for each in findings}
    return tuple(sorted(once.values(), key=lambda each: (-each.points, each.code)))
