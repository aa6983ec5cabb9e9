"""What the history of sockets says about one end of a flow.

Promise: an owner lived while the flow did; the surest match comes first, the nearest in time within it; where nobody is
named, a `Why` says what is known instead.
Does not know: rows, notes, which source told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ratop_py.correlate.beside import ARP
from ratop_py.correlate.cookies import Cookies
from ratop_py.correlate.ends import End
from ratop_py.correlate.looks import SETTLED
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners, Span, Spans
from ratop_py.events.process import KTHREADD, of_kernel
from ratop_py.events.socket import CLOSING, SocketState
from ratop_py.flow.flows import Holders, Owner
from ratop_py.net.host import HostNet

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
LISTED = frozenset({TCP, UDP, 136, 132, 33})
"""Protocols whose sockets have ports and are listed."""
KERNELS = (0, 2, ICMP, ICMP6)
"""Protocols that the kernel speaks by itself: ARP, IGMP, and ICMP but for echo requests."""
DRAINED = 0.3
"""Seconds after which what the kernel told has arrived here."""
SOCKETS = "sockets"
"""Source of what is known of raw, packet and ping sockets."""
UNSEEN = frozenset({Why.TOO_YOUNG, Why.EXITED, Why.NOT_PERMITTED, Why.NO_SOCKET, Why.CLOSED_PORT, Why.BEFORE, Why.LOST})
"""Reasons of ends of which no socket was seen."""
BY_HAND = frozenset({Why.NO_SOCKET, Why.FORWARDING, Why.UNLISTED})
"""Reasons that leave room for packets sent by hand."""
STALE_SECONDS = 5.0
"""A sighting further from the flow than this says nothing about it…"""
PATIENCE = 35.0
"""…a listener may be twice seen so far apart: Argus looks each 30 s. So long after a look another may still come."""
OPEN = (Match.WILDCARD, Match.BOUND)
OPENING = frozenset({SocketState.ESTABLISHED, SocketState.SYN_SENT, SocketState.SYN_RECV})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written into the notes of one end."""

    holders: Holders
    match: Match
    why: Why
    source: str = ""
    distance: float = 0.0


NOBODY = {why: Verdict((), Match.NONE, why) for why in Why}
"""Made once: most flows of a busy host have no owner that a poller could see."""


def judge(end: End, owners: Owners, host: HostNet, now: float) -> Verdict:
    """The best that the history says about one end."""
    if (seen := watched(end, owners, here=True)) is not None:
        return seen
    doubt = Why.KNOWN
    for spans, match in _candidates(end, owners):
        for span, gap in _in_time(spans, match, end):
            living = alive(span, end.heard)
            if living and not (match in OPEN and span.first > end.heard + SETTLED):  # else another had the port then
                sure = Match.STALE if match is Match.EXACT and gap > 0 else match
                return named(living, sure, span.source, gap)
            doubt = doubt if living else doubt or _nobody(span)
    why = doubt or (unwatched(end, owners.cookies, now) if owners.cookies.since else reason(end, owners, now))
    return explained(end, why, owners, host)


def named(holders: Holders, match: Match, source: str, gap: float) -> Verdict:
    """These had the socket. A thread of the kernel's is no program; of a process that was gone before anybody could
    ask only its parent is known."""
    if any(owner.ppid == KTHREADD for owner in holders):
        holders = tuple(owner for owner in holders if not of_kernel(owner))
        if not holders:
            return NOBODY[Why.KERNEL]
    if match is not Match.COOKIE and holders[0].parent and not any(owner.program for owner in holders):
        return Verdict(holders, Match.PARENT, Why.DIED, source, gap)
    return Verdict(holders, match, Why.KNOWN, source, gap)


def explained(end: End, why: Why, owners: Owners, host: HostNet) -> Verdict:
    """Nobody, for this reason, or for a better one that is known of such ends."""
    beside = owners.beside
    if why is Why.UNLISTED and (holders := beside.pinging(end)):
        return named(holders, Match.BOUND, SOCKETS, 0.0)
    if why in UNSEEN and (speaker := beside.behind(end)) is not None:
        found = owners.cookies.find(speaker, end.began, end.proto, here=False)
        return Verdict(found.holders, Match.LIKELY, Why.NAT, found.source) if found else NOBODY[Why.NAT]
    if why in UNSEEN and end.proto == UDP and end.port in host.kernel_ports:
        return NOBODY[Why.KERNEL]
    why = _unless(end, host) if why is Why.NO_SOCKET else why
    if why is Why.LOST:
        return Verdict((), Match.NONE, why, "", float(owners.cookies.lost))
    arp = why is Why.KERNEL and end.proto == ARP
    return _by_hand(end, why, owners) if not end.target and (arp or why in BY_HAND) else NOBODY[why]


def _by_hand(end: End, why: Why, owners: Owners) -> Verdict:
    """Nobody, but who can send packets by hand is likely to have sent these."""
    kind = Why.RAW
    held, holders = (False, ()) if owners.cookies.since else owners.beside.raw(end)  # the kernel tells of raw ones, too
    if not held:
        kind = Why.PACKET
        held, holders = owners.beside.packet(end)
    if not held:
        return NOBODY[why]
    told = why if why is Why.FORWARDING else kind
    return Verdict(holders, Match.LIKELY, told, SOCKETS) if holders else NOBODY[told]


def _candidates(end: End, owners: Owners) -> Iterator[tuple[Spans, Match]]:
    """Spans that could speak of this end, the surest first."""
    if exact := owners.exact(end.key):
        yield exact, Match.EXACT
    if end.proto not in LISTED or (end.proto == TCP and not end.target):
        return
    for spans, any_address in owners.open(end.proto, end.local, end.port):
        if end.proto == TCP:
            yield tuple(span for span in spans if span.state is SocketState.LISTEN), Match.LISTENER
        else:
            yield spans, Match.WILDCARD if any_address else Match.BOUND


def _in_time(spans: Spans, match: Match, end: End) -> Iterator[tuple[Span, float]]:
    """(span, seconds between it and the flow), the nearest first, of these the one nearest to the flow's start; none
    that is too far, and no socket of another connection with the same ends."""
    near, most = [], PATIENCE if match is Match.LISTENER else STALE_SECONDS
    for at, span in enumerate(spans):
        gap = distance(span, end)
        if (
            not strange(span, end.began)
            and gap <= most
            and not (gap > 0 and match is Match.EXACT and another(span, end))
        ):
            start = max(0.0, span.first - end.began, end.began - span.last)
            near.append((gap, start, -span.last, at))
    for gap, _, _, at in sorted(near):
        yield spans[at], gap


def distance(span: Span, end: End) -> float:
    """Seconds between a span and a flow; 0: they overlap."""
    return max(0.0, span.first - end.last, end.began - span.last)


def strange(span: Span, began: float) -> bool:
    """When the flow began, another socket may have had these ends; this one is known not to have had them, or not any
    more."""
    return span.alone and not span.first <= began <= span.last


def another(span: Span, end: End) -> bool:
    """The span is of another TCP connection between the same ends: gone before the SYN, or opened after the end."""
    if end.proto != TCP:
        return False
    before = end.whole and span.last < end.began - SETTLED
    after = end.closed and span.first > end.last + SETTLED and span.state in OPENING
    return before or after


def alive(span: Span, heard: float) -> Holders:
    """The holders that had started when the flow's last packet came."""
    late = heard + SETTLED
    if span.born <= late:
        return span.holders  # the same object: its number is found without hashing it again
    return tuple(owner for owner in span.holders if _started(owner) <= late)


def _started(owner: Owner) -> float:
    return float("-inf") if owner.started is None else owner.started


def _nobody(span: Span) -> Why:
    """Why a socket that was seen has no owner."""
    if span.holders:
        return Why.LATE_START
    if span.state in CLOSING:
        return Why.GONE
    return Why.NOT_PERMITTED if span.hidden else Why.NO_PROCESS


def reason(end: End, owners: Owners, now: float) -> Why:
    """Why no socket is known at this end."""
    if end.proto not in LISTED:
        return _unlisted(end)
    if end.target and end.refused:
        return Why.CLOSED_PORT
    if owners.began is None:
        return Why.NO_SOURCE
    if not owners.looked_since(end.began):
        return Why.TOO_YOUNG if now - owners.looked < PATIENCE else Why.EXITED
    if owners.denied:
        return Why.NOT_PERMITTED
    looks = owners.without(end.proto, end.port, end.began + SETTLED, end.heard)
    return Why.NO_SOCKET if looks >= 2 else Why.EXITED


def watched(end: End, owners: Owners, *, here: bool) -> Verdict | None:
    """What the kernel told at the time. `here`: the end is this machine's; else in any network namespace."""
    found = owners.cookies.find(end.key, end.began, end.proto, here=here, heard=end.heard)
    if found is None:
        return None
    return named(found.holders, Match.LISTENER if found.listener else Match.COOKIE, found.source, found.distance)


def unwatched(end: End, cookies: Cookies, now: float) -> Why:
    """Why no socket is known, where the kernel tells of all. What the wire shows comes first: also a reset of the
    kernel's own has a socket, which no process ever had."""
    assert cookies.since is not None
    if end.target and end.refused:
        return Why.CLOSED_PORT
    if end.proto in KERNELS and not asks(end):
        return Why.KERNEL
    untold = cookies.behind(end.began)
    if not untold and cookies.nobody(end.key):
        return _unheld(end, cookies)
    if end.began < cookies.since:
        return Why.BEFORE
    if untold or now - end.began < DRAINED:
        return Why.TOO_YOUNG
    return Why.LOST if cookies.missed(end.began, end.key) else Why.NO_SOCKET


def _unheld(end: End, cookies: Cookies) -> Why:
    """Why nobody is known of a socket that is."""
    if cookies.closing(end.key):
        return Why.GONE
    if cookies.missed(end.began, end.key):
        return Why.LOST
    return Why.KERNEL if cookies.all_told(end.key) else Why.BEFORE


def _unless(end: End, host: HostNet) -> Why:
    """No socket: but the kernel's tunnels call from any port, and what is translated has its socket elsewhere."""
    if end.proto == UDP and not end.target and end.there in host.tunnel_ports:
        return Why.KERNEL
    return Why.FORWARDING if host.masquerades else Why.NO_SOCKET


def _unlisted(end: End) -> Why:
    """Only the one who asks for an echo is a program; all other ICMP, ARP, IGMP … the kernel sends itself."""
    return Why.UNLISTED if asks(end) or end.proto not in KERNELS else Why.KERNEL


def asks(end: End) -> bool:
    """It is an echo request's end."""
    return (end.proto, end.icmp >> 8) in ((ICMP, 8), (ICMP6, 128)) and not end.target
