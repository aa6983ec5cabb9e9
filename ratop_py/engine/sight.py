"""A look back: what there was at a moment, made from what is there now by undoing what changed since.

Promise: what is given is the reader's own; nobody waits while it is made. Rates of flows that were silent have fallen
as they would have fallen on the screen.
Does not know: who keeps the steps, for how long.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.evidence import Findings
from ratop_py.engine import words
from ratop_py.engine.rates import MEAN_SECONDS, SILENT
from ratop_py.engine.register import Set
from ratop_py.engine.step import Step
from ratop_py.flow.flows import Flows, Index, Rows, pick

SECOND = 1_000_000_000
Kept = tuple[Index, words.Words]
"""Rows that changed since the newest moment, and how they were then."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """All that is needed to look back, without anybody waiting."""

    rows: Rows
    notes: words.Notes
    noted: NDArray[np.int64]
    kept: Sequence[Kept]
    steps: Sequence[Step]
    findings: Mapping[int, Findings]
    found: Sequence[Mapping[int, Findings]]
    sets: Mapping[str, Mapping[int, Set]]
    """Table → its entries by number."""
    newest: int

    def moment(self, when: int) -> int:
        """The last moment that is not later; the oldest, if there is none."""
        return moments(self.steps, self.newest)[max(0, self._step(when))]

    def _step(self, when: int) -> int:
        return bisect_right(moments(self.steps, self.newest), when) - 1

    def at(self, when: int, like: Flows) -> Flows:
        """What there was; `like`: whence to take the words that notes point to and that never change their number."""
        found = words.every(self.rows, self.notes, self.noted)
        told = dict(self.findings)
        for index, old in reversed(self.kept):
            found[index] = old
        for findings in reversed(self.found):
            told.update(findings)
        for step in reversed(self.steps[max(0, self._step(when)) :]):
            step.undo(found)
            told.update(step.findings)
        rows, notes, noted = words.split(found, np.flatnonzero(words.alive(found)))
        known = notes["id"] == rows["id"]
        if not known.all():
            rows, notes, noted = pick(rows, known), pick(notes, known), noted[known]
        _let_fall(notes, noted, self.moment(when))
        there = set(rows["id"][notes["risk"] > 0].tolist())
        return replace(
            like,
            rows=rows,
            notes=notes,
            holders=_numbered(notes, "holders", self.sets),
            names=_numbered(notes, "names", self.sets),
            findings={flow: each for flow, each in told.items() if each and flow in there},
        )


def moments(steps: Sequence[Step], newest: int) -> list[int]:
    """All that can be looked at, the oldest first."""
    return [*(each.back for each in steps), newest]


def _let_fall(notes: words.Notes, noted: NDArray[np.int64], now: int) -> None:
    """Rates of flows that were silent since they were noted."""
    share = np.exp(-np.maximum(now - noted, 0) / (MEAN_SECONDS * SECOND))
    for name in ("s_bps", "d_bps"):
        rate = notes[name] * share
        rate[rate < SILENT] = 0
        notes[name] = rate


def _numbered(notes: words.Notes, table: str, sets: Mapping[str, Mapping[int, Set]]) -> tuple[Set, ...]:
    """Entries of a table as notes count them: from 0 on, without holes."""
    columns = words.NUMBERED[table]
    used = np.unique(np.concatenate([np.zeros(1, np.uint32), *(notes[name] for name in columns)]))
    for name in columns:
        notes[name] = np.searchsorted(used, notes[name])
    return tuple(sets[table][number] for number in used.tolist())
