"""Flows + owners → who is at each end of this machine's flows, how sure that is, or why nobody is.

Promise: a match is never replaced by one that is no better; where there was none, the reason is kept up to date.
Pure: the flows' notes are read, new columns are given back.
Does not know: which source told, when it is called, how an end is judged (`judge` does).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.ends import Ends
from ratop_py.correlate.holders import Holders
from ratop_py.correlate.judge import Verdict, judge, strange, watched
from ratop_py.correlate.looks import SETTLED
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import Owners, Spans
from ratop_py.flow.flows import Flows, Index
from ratop_py.flow.layout import Family
from ratop_py.net.host import HostNet, one_of

GROWING = (Match.COOKIE, Match.LIKELY)
"""Matches whose holders become more."""
LOCAL = {"s": (2, 3), "d": (1, 3)}
"""`way`s in which a side is this machine."""


@dataclass(frozen=True, slots=True, eq=False)
class Attributed:
    """New note columns, in the order of the flows given; what is as it was may be absent."""

    columns: Mapping[str, NDArray[Any]]


COLUMNS = ("holder", "match", "source", "why", "dist")
Note = tuple[int, int, int, int, int, float]
"""Place among the flows, then the values of `COLUMNS`."""


def attribute(
    flows: Flows, owners: Owners, host: HostNet, holders: Holders, sources: list[str], now: float
) -> Attributed:
    """Owners for these flows. `sources` grows by names not yet known; `now` is the data clock, s."""
    way = ways(flows, host)
    columns: dict[str, NDArray[Any]] = {"way": way}
    for side, local in LOCAL.items():
        here = one_of(way, local)
        named = flows.notes[f"{side}_match"] > Match.PARENT
        why = np.where(here | named, flows.notes[f"{side}_why"], _away(flows, side, host))
        notes = {name: why if name == "why" else flows.notes[f"{side}_{name}"] for name in COLUMNS}
        asked = here & (notes["match"] < Match.EXACT)  # exact is as sure as it gets
        if owners.cookies.known:  # an accepted socket may follow; an end may be in another namespace
            asked = np.ones(len(here), bool)
        at = np.flatnonzero(asked)
        if len(at):  # not for the flows of others, which may be thousands
            notes = {name: column.copy() for name, column in notes.items()}
            _write(notes, _tell(Ends(flows, at, side, now), at, here, notes, owners, host, holders, sources, now))
        columns |= {f"{side}_{name}": notes[name] for name in (COLUMNS if len(at) else ("why",))}
    return Attributed(columns)


def _tell(
    ends: Ends,
    at: Index,
    here: NDArray[np.bool_],
    notes: Mapping[str, NDArray[Any]],
    owners: Owners,
    host: HostNet,
    holders: Holders,
    sources: list[str],
    now: float,
) -> list[Note]:
    """The verdicts on one side that change its notes."""
    told: list[Note] = []
    before, whys, gaps, held = (notes[name][at].tolist() for name in ("match", "why", "dist", "holder"))
    listed, local = not owners.cookies.known, here[at].tolist()
    for number, (place, key) in enumerate(zip(at.tolist(), ends.keys, strict=True)):
        if not (local[number] or key in owners.cookies):
            continue  # an end that is not here, nor in another namespace
        spans = owners.exact(key) if listed else ()
        if spans and _certain(spans, ends, number):
            source = _number(spans[0].source, sources)
            told.append((place, holders.number(spans[0].holders), Match.EXACT, source, Why.KNOWN, 0.0))
            continue
        verdict = judge(ends[number], owners, host, now) if local[number] else watched(ends[number], owners, here=False)
        if verdict is None:
            continue
        another = verdict.match in GROWING and holders.number(verdict.holders) != held[number]
        grown = another and verdict.match >= before[number]
        if grown or _better(verdict, before[number], gaps[number]):
            source = _number(verdict.source, sources)
            told.append((place, holders.number(verdict.holders), verdict.match, source, verdict.why, verdict.distance))
        elif not before[number] and (verdict.why, verdict.distance) != (whys[number], gaps[number]):
            told.append((place, 0, Match.NONE, 0, verdict.why, verdict.distance))
    return told


def _better(verdict: Verdict, match: int, gap: float) -> bool:
    """Surer than what is known, or as sure and nearer."""
    return verdict.match > match or (verdict.match == match and verdict.distance < gap)


def _away(flows: Flows, side: str, host: HostNet) -> NDArray[np.uint8]:
    """Why an end that is not here has no owner."""
    found = np.full(len(flows), Why.NOT_LOCAL if host.knows else Why.NO_HOST, np.uint8)
    if host.beyond_prefixes:
        (a_hi, a_lo), (b_hi, b_lo) = flows.rows["addr_a"].T, flows.rows["addr_b"].T
        second = flows.rows["init"] == (0 if side == "d" else 1)
        beyond = host.is_beyond(np.where(second, b_hi, a_hi), np.where(second, b_lo, a_lo))
        found[beyond & (flows.rows["family"] != Family.ETHER)] = Why.OTHER_NETNS
    return found


def _write(notes: Mapping[str, NDArray[Any]], told: list[Note]) -> None:
    if told:
        at, *columns = zip(*told, strict=True)
        for name, values in zip(COLUMNS, columns, strict=True):
            notes[name][list(at)] = values


def _certain(spans: Spans, ends: Ends, at: int) -> bool:
    """The common case, without a word more: one set of holders, all alive, while the flow lived."""
    span = spans[0]
    return bool(
        len(spans) == 1
        and span.holders
        and span.first <= ends.last[at]
        and span.last >= ends.began[at]
        and span.born <= ends.heard[at] + SETTLED
        and not strange(span, ends.began[at])
    )


def _number(source: str, sources: list[str]) -> int:
    if source not in sources:
        sources.append(source)
    return sources.index(source)


def ways(flows: Flows, host: HostNet) -> NDArray[np.uint8]:
    """`way` of each flow: which ends are this machine."""
    rows = flows.rows
    ip = rows["family"] != Family.ETHER
    own_a = host.is_own(rows["addr_a"][:, 0], rows["addr_a"][:, 1]) & ip
    own_b = host.is_own(rows["addr_b"][:, 0], rows["addr_b"][:, 1]) & ip
    source = np.where(rows["init"] == 0, own_a, own_b)
    destination = np.where(rows["init"] == 0, own_b, own_a)
    return (destination * 1 + source * 2).astype(np.uint8)
