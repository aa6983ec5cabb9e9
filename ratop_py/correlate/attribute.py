"""Flows + owners → who is at each end of this machine's flows, how sure that is, or why nobody is.

Promise: an owner lived while the flow did; a match is never replaced by a worse one; a doubt is a `Why`, never a guess.
Pure: the flows' notes are read, new columns are given back.
Does not know: which source told, when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.holders import Holders
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners, Span, Spans
from ratop_py.events.socket import SocketState
from ratop_py.flow.flows import Flows, Owner
from ratop_py.flow.flows import Holders as OwnerSet
from ratop_py.flow.layout import Family, Life, Mark
from ratop_py.flow.states import State
from ratop_py.net.host import HostNet

TCP, UDP, ICMP, ICMP6 = 6, 17, 1, 58
LISTED = frozenset({TCP, UDP, 136, 132, 33})
"""Protocols whose sockets have ports and are listed."""
STALE_SECONDS = 5.0
"""A sighting further from the flow than this says nothing about it."""
SETTLED = 0.2
"""Seconds a socket may be younger than the first packet says: clocks and capture delay."""
ENDED_STATES = (State.CLO, State.RST, State.FINS)
COLUMNS = ("holder", "match", "source", "why", "dist")


@dataclass(frozen=True, slots=True)
class End:
    """One end of one flow, as it is looked up."""

    proto: int
    key: bytes
    local: int
    port: int
    began: float
    """First packet, s."""
    last: float
    """Last packet, s; of a flow that may go on: now."""
    heard: float
    """Last packet, s."""
    target: bool
    """It was called; the other end began."""
    refused: bool
    """Its answer was a reset, or an ICMP error said that nobody is there."""
    icmp: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is written into the notes of one end."""

    holders: OwnerSet
    match: Match
    why: Why
    source: str = ""
    distance: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Attributed:
    """New note columns, in the order of the flows given."""

    columns: Mapping[str, NDArray[Any]]


def attribute(
    flows: Flows, owners: Owners, host: HostNet, holders: Holders, sources: list[str], now: float
) -> Attributed:
    """Owners for these flows. `sources` grows by names not yet known; `now` is the data clock, s."""
    way, columns = ways(flows, host), {}
    for side, local in (("s", (2, 3)), ("d", (1, 3))):
        for name in COLUMNS:
            columns[f"{side}_{name}"] = flows.notes[f"{side}_{name}"].copy()
        at = np.flatnonzero(
            np.isin(way, local) & (columns[f"{side}_match"] < Match.EXACT)
        )  # exact is as sure as it gets
        elsewhere = ~np.isin(way, local)
        columns[f"{side}_why"][elsewhere] = Why.NOT_LOCAL if host.knows else Why.NO_HOST
        before = columns[f"{side}_match"][at].tolist()
        better: list[tuple[int, Verdict]] = []
        for place, old, end in zip(at.tolist(), before, ends(flows, at, side, now), strict=True):
            verdict = judge(end, owners, now)
            if verdict.why is Why.NO_SOCKET and speaks_for_others(end, host):
                verdict = Verdict((), Match.NONE, Why.KERNEL)
            if verdict.match >= old:
                better.append((place, verdict))
        _write(columns, side, better, holders, sources)
    return Attributed({"way": way, **columns})


def ways(flows: Flows, host: HostNet) -> NDArray[np.uint8]:
    """`way` of each flow: which ends are this machine."""
    rows = flows.rows
    own_a = host.is_own(rows["addr_a"][:, 0], rows["addr_a"][:, 1])
    own_b = host.is_own(rows["addr_b"][:, 0], rows["addr_b"][:, 1])
    ether = rows["family"] == Family.ETHER
    own_a, own_b = own_a & ~ether, own_b & ~ether
    source = np.where(rows["init"] == 0, own_a, own_b)
    destination = np.where(rows["init"] == 0, own_b, own_a)
    return (destination * 1 + source * 2).astype(np.uint8)


def _write(
    columns: dict[str, NDArray[Any]],
    side: str,
    better: list[tuple[int, Verdict]],
    holders: Holders,
    sources: list[str],
) -> None:
    for name in dict.fromkeys(verdict.source for _, verdict in better):
        if name not in sources:
            sources.append(name)
    at = [place for place, _ in better]
    columns[f"{side}_holder"][at] = [holders.number(verdict.holders) for _, verdict in better]
    columns[f"{side}_match"][at] = [verdict.match for _, verdict in better]
    columns[f"{side}_source"][at] = [sources.index(verdict.source) for _, verdict in better]
    columns[f"{side}_why"][at] = [verdict.why for _, verdict in better]
    columns[f"{side}_dist"][at] = [verdict.distance for _, verdict in better]


def ends(flows: Flows, at: NDArray[np.intp], side: str, now: float) -> Iterator[End]:
    """The ends of these flows on one side, as plain values."""
    if not len(at):
        return
    rows = flows.rows[at]
    second = rows["init"] == (1 if side == "s" else 0)
    address = np.where(second[:, None], rows["addr_b"], rows["addr_a"])
    keys = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)[:, :40].tobytes()
    first = np.where(rows["first"] == 0, np.iinfo(np.int64).max, rows["first"]).min(axis=1) / 1e9
    heard = rows["last"].max(axis=1) / 1e9
    over = (rows["life"] != Life.LIVE) | np.isin(rows["state"], ENDED_STATES)
    last = np.where(over, heard, np.maximum(heard, now))
    refused = (rows["state"] == State.RST) & (rows["t_synack"] == 0) | (rows["marks"] & Mark.ICMP_UNREACH != 0)
    columns = (
        rows["proto"], address[:, 0], address[:, 1], np.where(second, rows["port_b"], rows["port_a"]), first, last,
        heard, refused, rows["icmp"],
    )  # fmt: skip
    for number, values in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        proto, hi, lo, port, began, until, silent, closed, icmp = values
        key = keys[number * 40 : number * 40 + 40]
        yield End(proto, key, hi << 64 | lo, port, began, until, silent, side == "d", closed, icmp)


def judge(end: End, owners: Owners, now: float) -> Verdict:
    """The best that the history says about one end."""
    late = False
    for spans, match in _candidates(end, owners):
        for span, distance in _in_time(spans, end):
            living = alive(span.holders, end.heard)
            if living:
                sure = Match.STALE if match is Match.EXACT and distance > 0 else match
                return Verdict(living, sure, Why.KNOWN, span.source, distance)
            late = late or bool(span.holders)
            if not span.holders:
                return Verdict((), Match.NONE, Why.NO_PROCESS, span.source, distance)
    return Verdict((), Match.NONE, Why.LATE_START if late else reason(end, owners, now))


def _candidates(end: End, owners: Owners) -> Iterator[tuple[Spans, Match]]:
    """Spans that could speak of this end, the surest first."""
    if exact := owners.exact(end.key, end.local, end.port):
        yield exact, Match.EXACT
    spans, any_address = owners.open(end.proto, end.local, end.port)
    if end.proto == TCP:
        listening = tuple(span for span in spans if span.state is SocketState.LISTEN)
        if end.target and listening:
            yield listening, Match.LISTENER
    elif spans and end.proto in LISTED:
        yield spans, Match.WILDCARD if any_address else Match.BOUND


def _in_time(spans: Spans, end: End) -> Iterator[tuple[Span, float]]:
    """(span, seconds between it and the flow), the nearest first; none that is too far."""
    near = sorted(((distance(span, end), -span.last, at) for at, span in enumerate(spans)))
    for gap, _, at in near:
        if gap <= STALE_SECONDS:
            yield spans[at], gap


def distance(span: Span, end: End) -> float:
    """Seconds between a span and a flow; 0: they overlap."""
    return max(0.0, span.first - end.last, end.began - span.last)


def alive(holders: OwnerSet, until: float) -> OwnerSet:
    """The holders that had started when the flow's last packet came."""
    late = until + SETTLED
    if all(_started(owner) <= late for owner in holders):
        return holders  # the same object: its number is found without hashing it again
    return tuple(owner for owner in holders if _started(owner) <= late)


def _started(owner: Owner) -> float:
    return float("-inf") if owner.started is None else owner.started


def reason(end: End, owners: Owners, now: float) -> Why:
    """Why nobody is known at this end."""
    if end.proto not in LISTED:
        return _unlisted(end)
    if end.target and end.refused:
        return Why.CLOSED_PORT
    if owners.began is None:
        return Why.NO_SOURCE
    if not owners.looked_since(end.began):
        return Why.TOO_YOUNG if now - end.began < STALE_SECONDS else Why.EXITED
    if owners.denied:
        return Why.NOT_PERMITTED
    looks = owners.without(end.proto, end.port, end.began + SETTLED, end.heard)
    return Why.NO_SOCKET if looks >= 2 else Why.EXITED


def speaks_for_others(end: End, host: HostNet) -> bool:
    """The kernel itself sends here: its own tunnels, and what it translates for others."""
    return host.masquerades or (end.proto == UDP and end.port in host.kernel_ports)


def _unlisted(end: End) -> Why:
    """Only the one who asks for an echo is a program; all other ICMP, ARP, IGMP … the kernel sends itself."""
    asks = (end.proto, end.icmp >> 8) in ((ICMP, 8), (ICMP6, 128)) and not end.target
    return Why.UNLISTED if asks or end.proto not in (0, 2, ICMP, ICMP6) else Why.KERNEL
