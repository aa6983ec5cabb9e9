"""How owners were found in the last minute, flows that are gone included.

Promise: every flow with an end on this machine that was heard in that time is counted once, with the owner that is
known of it by now; of what it sent, what is older than a minute and a half does not count.
Does not know: how an owner is found.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.match import MATCH_NAMES, MATCH_WORDS, NOBODY, WHY_SENTENCES, WHY_WORDS, Match, Why
from ratop_py.fields.owners import shown_side
from ratop_py.flow.flows import Flows, Index, Rows
from ratop_py.flow.layout import Life
from ratop_py.view import Coverage, Share

SECONDS = 60.0
EVERY = 30.0
"""Seconds between two times at which it is written down how much each flow has sent."""
SECOND = 1_000_000_000
LEAST = Match.WILDCARD
"""The least sure of the matches that name an owner."""
KINDS = len(Match) * len(Why)
Numbers = NDArray[np.int64]
Tally = NDArray[np.int64]
"""(2, KINDS): flows and bytes, by match and reason."""
PAIR = ("match", "why")


class Minute:
    """Written by the tick; read whenever somebody asks. All times in ns."""

    def __init__(self) -> None:
        self._marks: deque[tuple[int, NDArray[np.uint64], Numbers]] = deque()
        """When, ids in order, and how much each had sent by then; oldest first."""
        self._gone: dict[int, Tally] = {}
        """What was given back, by the second it was last heard in."""

    def mark(self, rows: Rows, now: int) -> None:
        """Write down how much was sent, if it is time."""
        if self._marks and now - self._marks[-1][0] < EVERY * SECOND:
            return
        used = np.flatnonzero(rows["life"] != Life.FREE)
        used = used[np.argsort(rows["id"][used])]
        self._marks.append((now, rows["id"][used], sent(rows)[used]))
        while len(self._marks) > 1 and self._marks[1][0] <= now - SECONDS * SECOND:
            self._marks.popleft()
        for second in [each for each in self._gone if each < now // SECOND - SECONDS]:
            del self._gone[second]

    def left(self, flows: Flows, now: int) -> None:
        """These flows are given back."""
        here = np.flatnonzero(flows.notes["way"] > 0)
        seconds, at = np.unique(heard(flows.rows)[here] // SECOND, return_inverse=True)
        tallies = tally(flows, here, self._sent(flows.rows, here, now), at, len(seconds))
        for second, each in zip(seconds.tolist(), tallies, strict=True):
            self._gone[second] = each + self._gone.get(second, 0)

    def coverage(self, flows: Flows, now: int, seconds: float = SECONDS) -> Coverage:
        """Of these flows and of those given back. `seconds` 0: however long ago they were heard."""
        here, since = flows.notes["way"] > 0, now - int(seconds * SECOND)
        elsewhere = len(here) - int(here.sum())
        if not seconds:
            index = np.flatnonzero(here)
            total = tally(flows, index, sent(flows.rows)[index])[0]
        else:
            index = np.flatnonzero(here & (heard(flows.rows) > since))
            total = tally(flows, index, self._sent(flows.rows, index, now))[0]
            total = total + sum(gone for second, gone in self._gone.items() if second >= since // SECOND)
        return Coverage(*shares(total), seconds, elsewhere, _placed(flows))

    def _sent(self, rows: Rows, index: Index, now: int) -> Numbers:
        """Bytes of some rows, without those that are surely older than a minute."""
        size = sent(rows)[index]
        if self._marks and self._marks[0][0] <= now - SECONDS * SECOND and len(self._marks[0][1]):
            _, ids, before = self._marks[0]
            asked = rows["id"][index]
            old = np.flatnonzero(asked <= ids[-1])  # most are younger
            at = np.searchsorted(ids, asked[old])
            size[old] -= np.where(ids[at] == asked[old], before[at], 0)
        return size


def heard(rows: Rows) -> Numbers:
    """When the last packet came."""
    last = rows["last"]
    return np.maximum(last[:, 0], last[:, 1])


def sent(rows: Rows) -> Numbers:
    """Bytes of both sides."""
    size = rows["bytes"]
    return np.asarray(size[:, 0] + size[:, 1]).astype(np.int64)


def tally(flows: Flows, index: Index, size: Numbers, group: Numbers | int = 0, groups: int = 1) -> Tally:
    """Some of the flows, counted by how their owner was found, for each of several groups: `size` and `group` are of
    each of them."""
    back = shown_side(flows)[index]
    match, why = (np.where(back, flows.notes[f"d_{name}"][index], flows.notes[f"s_{name}"][index]) for name in PAIR)
    kind = np.where(match < LEAST, why, Why.KNOWN) + match.astype(np.int64) * len(Why) + group * KINDS
    counts = np.bincount(kind, minlength=KINDS * groups), np.bincount(kind, size, KINDS * groups)
    return np.stack([each.reshape(groups, KINDS) for each in counts], axis=1).astype(np.int64)


def shares(total: Tally) -> tuple[tuple[Share, ...], tuple[Share, ...]]:
    """(kinds of match, the surest first; reasons of the others, the most first)."""
    table = total.reshape(2, len(Match), len(Why))
    found = [
        Share(MATCH_NAMES[match], MATCH_WORDS[match], *table[:, match].sum(axis=1).tolist())
        for match in sorted(Match, reverse=True)
        if match >= LEAST
    ]
    unnamed = table[:, :LEAST].sum(axis=1).tolist()
    missing = [
        Share(WHY_WORDS[why], WHY_SENTENCES[why], count, sent_by, settled=why in NOBODY)
        for why, count, sent_by in zip(Why, *unnamed, strict=True)
    ]
    told = sorted((each for each in missing if each.flows), key=lambda each: -each.flows)
    return tuple(each for each in found if each.flows), tuple(told)


def _placed(flows: Flows) -> bool:
    """Somebody told which addresses are this machine's: every flow was held against them."""
    unplaced = (flows.notes["way"] == 0) & np.isin(flows.notes["s_why"], (Why.KNOWN, Why.NO_HOST))
    return not len(flows) or not bool(unplaced.all())
