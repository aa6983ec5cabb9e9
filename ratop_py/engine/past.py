"""What there was at moments of the last minutes, in bounded memory.

Promise: `at(when)` is what was shown at the last moment kept that is not later than `when`: every flow that was there,
ended ones that were still shown included, with the notes of then. The oldest moments leave first; bytes are bounded.
The tick pays for what changed, not for what is there.

How: from what is there now one goes back. Of each flow that changed since the last moment the words are kept that
changed, as they were before: some 90 bytes a flow. A reader copies what is there now and undoes, moment by moment, so
that the oldest can be dropped by forgetting it, and nothing is ever merged.

Rates fall by themselves when a flow is silent; that is no change: they are computed from when they were noted.
Owners and names are those noted then. The ledger's numbers of both do not stay, so the notes kept here have numbers of
their own (`register`), which do; evidence codes and event sources are never renumbered.
Does not know: clocks, views. One thread marks; any may ask for a `Sight`, and looks at that in its own time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.evidence import Findings
from ratop_py.engine import words
from ratop_py.engine.register import Register, Set
from ratop_py.engine.sight import Kept, Sight, moments
from ratop_py.engine.step import Step, parts_of, step_of
from ratop_py.flow.flows import Index, Rows, copied, empty
from ratop_py.flow.layout import note_dtype

SECOND = 1_000_000_000
LONGEST = 1800 * SECOND
"""Moments older than this leave, however little they cost."""
OFTEN = 900_000_000
"""Between two moments: a second, but for what a tick may come early."""
AIM = 120 * SECOND
"""So far back one should be able to look: where much changes, moments are farther apart…"""
FARTHEST = 10 * SECOND
"""…but not more than this."""
EACH = 100
"""Bytes that a row costs in a step, about."""
LEAN = 1000
Tables = Mapping[str, Sequence[Set]]
"""What the numbers in notes count, by `words.NUMBERED`."""
ROW_OWN = note_dtype().itemsize + 9
"""Bytes kept for each row of the table that is used: notes, when they were noted, whether they changed."""


class Past:
    """Written by the tick. All times in ns."""

    def __init__(self, capacity: int, most: int) -> None:
        """`capacity`: rows of the table; `most`: bytes of memory."""
        self._most = most
        self._notes: words.Notes = np.zeros(capacity, note_dtype())
        """As they were when a flow last changed; holders by numbers of the register."""
        self._noted: NDArray[np.int64] = np.zeros(capacity, np.int64)
        self._saved: NDArray[np.bool_] = np.zeros(capacity, bool)
        """Rows that are in `_kept`."""
        self._rows: Rows = empty().rows
        self._kept: list[Kept] = []
        """Rows that changed since the newest moment, as they were then."""
        self._findings: dict[int, Findings] = {}
        self._found: list[dict[int, Findings]] = []
        """Findings that changed since the newest moment, as they were then."""
        self._registers = {name: Register() for name in words.NUMBERED}
        self._lean = LEAN
        """Sets of owners and names there were when it was last looked which of them are used."""
        self._steps: tuple[Step, ...] = ()
        self._size = 0
        """Bytes of these."""
        self._newest: int | None = None
        self._now = 0
        self._lock = Lock()
        self._touched = self._fresh = 0
        """Rows that changed in the last look, and those of them that had not since the newest moment."""

    @property
    def oldest(self) -> int | None:
        """The first moment that can be looked at; None: nothing is kept."""
        return self._steps[0].back if self._steps else None

    @property
    def newest(self) -> int | None:
        """The last one."""
        return self._newest if self._steps else None

    @property
    def nbytes(self) -> int:
        """Memory that all this takes."""
        kept = sum(index.nbytes + old.nbytes for index, old in self._kept)
        sets = sum(each.nbytes for each in self._registers.values())
        return kept + self._size + sets + ROW_OWN * len(self._rows)

    # -- the tick ------------------------------------------------------------------------------------------------------

    def mark(
        self,
        rows: Rows,
        notes: words.Notes,
        changed: NDArray[np.bool_],
        tables: Tables,
        findings: Mapping[int, Findings],
        now: int,
    ) -> None:
        """A look. `rows`: at rest from now on; `changed`: those of them that changed, or whose notes did, or that were
        another flow's; what `now` is never falls."""
        with self._lock:
            index, fresh = np.flatnonzero(changed), np.flatnonzero(changed & ~self._saved[: len(rows)])
            self._touched, self._fresh = len(index), len(fresh)
            self._keep(fresh)
            news = self._news(notes, index, findings)
            if news:
                self._found.append(news)
            self._note(notes, index, tables, now)
            self._rows, self._now = rows, now
            if self._newest is None:  # what was before is not known
                self._newest = now
                self._settled()

    def settle(self) -> None:
        """Make a moment of it, if it is time, and let the oldest go. To be called by who marks, readers may ask."""
        if self._newest is None:
            return
        if self._ripe(self._now - self._newest):
            step = self._step(self._newest)
            with self._lock:
                self._steps, self._size = (*self._steps, step), self._size + step.nbytes
                self._newest = self._now
                self._settled()
        with self._lock:
            self._trim(self._now)

    def _ripe(self, age: int) -> bool:
        """Whether to make a moment so long after the newest one: soon, unless that is too dear to look back as far as
        one should, and waiting pays, because it is the same rows that change again."""
        if age < OFTEN:
            return False
        rows = sum(len(index) for index, _ in self._kept)
        dear = rows * EACH * AIM > self._most * age
        pays = 2 * self._fresh < self._touched and rows * words.COUNT * words.WORD < self._most // 4
        return age >= FARTHEST or not (dear and pays)

    def begin_anew(self) -> None:
        """The clock was set back: what was is of another time."""
        with self._lock:
            self._forget()
            self._newest = None

    def _keep(self, index: Index) -> None:
        """These change for the first time since the last moment."""
        if len(index):
            self._kept.append((index, words.lines(self._rows, self._notes, self._noted, index)))
            self._saved[index] = True

    def _news(self, notes: words.Notes, index: Index, findings: Mapping[int, Findings]) -> dict[int, Findings]:
        """Findings that are others now, as they were."""
        risky = index[(notes["risk"][index] > 0) | (self._notes["risk"][index] > 0)]
        old: dict[int, Findings] = {}
        for flow in {*notes["id"][risky].tolist(), *self._notes["id"][risky].tolist()}:
            before, now = self._findings.get(flow, ()), findings.get(flow, ())
            if before is not now:
                old[flow] = before
                self._findings[flow] = now
                if not now:
                    del self._findings[flow]
        return old

    def _note(self, notes: words.Notes, index: Index, tables: Tables, now: int) -> None:
        """Their notes, with numbers that stay."""
        _words_of(self._notes)[index] = _words_of(notes)[index]
        self._noted[index] = now
        for table, columns in words.NUMBERED.items():
            for name in columns:
                self._renumber(self._notes[name], index, tables[table], self._registers[table])

    def _renumber(self, column: NDArray[np.uint32], index: Index, sets: Sequence[Set], register: Register) -> None:
        used = np.zeros(len(sets), bool)
        used[column[index]] = True
        table = np.zeros(len(sets), np.uint32)
        for number in np.flatnonzero(used).tolist():
            table[number] = register.number(sets[number])
        column[index] = table[column[index]]

    def _step(self, back: int) -> Step:
        """What changed since the newest moment leads back to it."""
        parts = [each for kept in self._kept for each in parts_of(*kept, self._rows, self._notes, self._noted)]
        findings: dict[int, Findings] = {}
        for each in reversed(self._found):
            findings.update(each)
        return step_of(back, parts, findings)

    def _settled(self) -> None:
        """Nothing changed since the newest moment."""
        for index, _ in self._kept:
            self._saved[index] = False
        self._kept, self._found = [], []

    def _trim(self, now: int) -> None:
        """Let the oldest go until all fits."""
        gone, over = 0, self.nbytes - self._most
        while gone < len(self._steps) and (over > 0 or now - self._steps[gone].back > LONGEST):
            over -= self._steps[gone].nbytes
            self._size -= self._steps[gone].nbytes
            gone += 1
        if gone:
            self._steps = self._steps[gone:]
        sets = sum(len(each.sets) for each in self._registers.values())
        if sets > 2 * self._lean or (over > 0 and sets > self._lean + LEAN):
            self._clear_registers()
        if self.nbytes > self._most:  # not even what is there now fits
            self._forget()
            self._newest = now

    def _clear_registers(self) -> None:
        """Forget sets of owners and names that nothing points to."""
        there = self._notes[: len(self._rows)]
        everything = np.ones((1, words.COUNT), bool)
        for table, columns in words.NUMBERED.items():
            used = [*(there[name] for name in columns), *(each.sets[table] for each in self._steps)]
            used += [words.numbers(old, np.broadcast_to(everything, old.shape), table) for _, old in self._kept]
            self._registers[table].keep(np.unique(np.concatenate(used)).tolist())
        self._lean = max(LEAN, sum(len(each.sets) for each in self._registers.values()))

    def _forget(self) -> None:
        self._steps, self._size = (), 0
        self._settled()

    # -- readers -------------------------------------------------------------------------------------------------------

    def moment(self, when: int) -> int | None:
        """The moment that is shown for this time; None: nothing is kept."""
        with self._lock:
            steps, newest = self._steps, self._newest
        if not steps or newest is None:
            return None
        times = moments(steps, newest)
        return times[max(0, bisect_right(times, when) - 1)]

    def sight(self) -> Sight:
        """What a reader needs."""
        with self._lock:
            size = len(self._rows)
            return Sight(
                rows=self._rows,
                notes=copied(self._notes[:size]),
                noted=self._noted[:size].copy(),
                kept=tuple(self._kept),
                steps=self._steps,
                findings=dict(self._findings),
                found=tuple(self._found),
                sets={name: dict(each.sets) for name, each in self._registers.items()},
                newest=self._newest or 0,
            )


def _words_of(notes: words.Notes) -> NDArray[np.void]:
    """As plain bytes: numpy copies structures field by field."""
    return notes.view(np.dtype((np.void, notes.dtype.itemsize)))
