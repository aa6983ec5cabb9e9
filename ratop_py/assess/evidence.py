"""Evidence that an address is forged: codes, points, and how they add up to a risk.

Promise: pure arithmetic. One proof (P) is `high`, one strong fact (S) `medium`; weak facts (W) alone never pass `low`;
corroboration (C) counts only beside P or S; what is unknown (U) has no points. Facts of one group see the same thing:
only the strongest counts.
Does not know: how a fact was found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEVELS = ("none", "info", "low", "medium", "high")
BOUNDS = (6, 12, 18, 25)
"""Points from which a level begins."""
WEAK_MOST = 17
"""What facts without a P or S among them reach together."""
CORROBORATION_MOST = 8
CORROBORATIONS = 2
"""So many of them count, the strongest ones."""
MOST = 100
"""The largest risk."""


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of fact."""

    code: str
    group: str
    """L link path, B binding, A address, O host."""
    strength: str
    """P proof, S strong, W weak, C corroboration, U unknown."""
    points: int
    """Decibans in spirit: 10 is "ten times as likely if forged"."""
    sentence: str
    """For a person; names in braces are facts of the flow."""
    doc: str
    """What makes it true, for the manual."""


CODES: Mapping[str, Code] = {
    each.code: each
    for each in (
        Code(
            *("own-addr-inbound", "A", "P", 30),
            "Somebody at {mac} sent packets as if from you ({addr}).",
            "an address of this machine as source, from a MAC that is not this machine's",
        ),
        Code(
            *("martian-source", "A", "P", 30),
            "{addr} can never be a sender on a wire.",
            "a source that can never send: 0/8, 127/8, 224/4, 240/4, ::1, ff00::/8",
        ),
        Code(
            *("land", "A", "P", 30),
            "A packet claims that {addr} sent it to itself.",
            "source and destination are the same, ports too",
        ),
        Code(
            *("bogon-source", "A", "W", 8),
            "{addr} is {kind}.",
            "a reserved source that nevertheless holds a conversation, or a private one behind a neighbour",
        ),
        Code(
            *("offlink-neighbour-mac", "L", "P", 28),
            "{addr} claims to be far away, but the frame came from {mac}, which is {neighbour}: down the hall.",
            "an off-link source, but the frame comes from a neighbour's MAC",
        ),
        Code(
            *("offlink-to-neighbour", "L", "P", 28),
            "This host sends packets for {addr} to {neighbour} ({mac}), not to its router.",
            "an off-link destination handed to a neighbour that is no router",
        ),
        Code(
            *("offlink-unknown-mac", "L", "S", 19),
            "{addr} did not come through your router but from an unknown machine {mac}.",
            "an off-link source from a MAC that is neither router nor neighbour",
        ),
        Code(
            *("arp-two-macs", "B", "S", 20),
            "{mac1} and {mac2} both say they are {addr}.",
            "two MACs claim one IPv4 address in turn",
        ),
        Code(
            *("nd-two-macs", "B", "S", 20),
            "{mac1} and {mac2} both say they are {addr}.",
            "two MACs claim one IPv6 address in turn",
        ),
        Code(
            *("arp-claims-router", "B", "P", 26),
            "{mac2} says it is your router {addr}; the router is {mac1}.",
            "another MAC claims the router's IPv4 address, and the router is still there",
        ),
        Code(
            *("nd-claims-router", "B", "P", 26),
            "{mac2} says it is your router {addr}; the router is {mac1}.",
            "another MAC claims the router's IPv6 address, and the router is still there",
        ),
        Code(
            *("arp-claims-own", "B", "S", 20),
            "{mac} says it has your address {addr}.",
            "another MAC claims this machine's IPv4 address",
        ),
        Code(
            *("nd-claims-own", "B", "S", 20),
            "{mac} says it has your address {addr}.",
            "another MAC claims this machine's IPv6 address",
        ),
        Code(
            *("nd-hoplimit", "B", "P", 28),
            "A neighbour message of {addr} with hop limit {ttl} was routed: it cannot be from this link.",
            "neighbour discovery with a hop limit other than 255 (RFC 4861)",
        ),
        Code(
            *("icmp-redirect", "B", "P", 28),
            "{mac} tells you, as {addr}, to send packets another way, and it is no router.",
            "an ICMP redirect from a MAC that is no router",
        ),
        Code(
            *("foreign-source-out", "O", "P", 26),
            "This host sends in the name of {addr}, which is not its address.",
            "this machine sends with a source address that is not its own, and does not forward",
        ),
        Code(
            *("no-owner", "O", "S", 18),
            "This host sends, but no program owns the socket: two complete listings show none.",
            "this machine sends, and two complete listings in the flow's life show no socket that could",
        ),
    )
}
"""All codes of this edition."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fact about one flow."""

    code: str
    sentence: str
    """What was seen, with its numbers, checkable in a packet view."""
    at: int = 0
    """Packet time of the side it is about, ns: its first packet; 0: not one packet's fact."""

    @property
    def group(self) -> str:
        """Facts of one group see the same thing."""
        return CODES[self.code].group

    @property
    def strength(self) -> str:
        """P S W C U"""
        return CODES[self.code].strength

    @property
    def points(self) -> int:
        """Its weight."""
        return CODES[self.code].points


Findings = tuple[Finding, ...]


def finding(code: str, at: int = 0, **facts: object) -> Finding:
    """A fact, put into words."""
    return Finding(code, CODES[code].sentence.format(**facts), at)


def total(findings: Iterable[Finding]) -> int:
    """The sum: the strongest of each group, and at most two corroborations beside a P or S."""
    best: dict[str, int] = {}
    corroboration: list[int] = []
    sure = False
    for each in findings:
        sure = sure or each.strength in "PS"
        if each.strength == "C":
            corroboration.append(each.points)
        else:
            best[each.group] = max(best.get(each.group, 0), each.points)
    base = sum(best.values())
    if not sure:
        return min(base, WEAK_MOST)
    return base + min(CORROBORATION_MOST, sum(sorted(corroboration, reverse=True)[:CORROBORATIONS]))


def risk(findings: Iterable[Finding]) -> int:
    """0…100."""
    return min(MOST, 2 * total(findings))


def level(points: int) -> str:
    """The level of a sum."""
    return LEVELS[sum(points >= bound for bound in BOUNDS)]


def ordered(findings: Iterable[Finding]) -> Findings:
    """Strongest first, each code once."""
    once = {each.code: each for each in findings}
    return tuple(sorted(once.values(), key=lambda each: (-each.points, each.code)))
