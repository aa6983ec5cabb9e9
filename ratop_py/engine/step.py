"""How to make what was from what came next: of each flow that changed the words that changed, as they were before.

Promise: undone in turn, the newest first, steps lead from one moment to the one before, to the bit in every word that
is shown. Some 90 bytes a flow that changed.
Does not know: when moments are made, how many are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.evidence import Findings
from ratop_py.engine import words
from ratop_py.engine.words import Words
from ratop_py.flow.flows import Index, Rows

OVERHEAD, FINDING = 500, 400
"""Bytes of memory of a step and of a finding, about, beside their numbers."""
PART = 8192
"""Rows looked at together."""
Part = tuple[NDArray[np.uint32], NDArray[np.uint8], Words, NDArray[np.uint32], dict[str, NDArray[np.uint32]]]
"""Rows, which words of them, what stood there, rows that were free, entries of which tables: as in `Step`."""
WIDTH = -(-words.COUNT // 8)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How to make what was from what came next."""

    back: int
    """The moment to which it leads, ns."""
    rows: NDArray[np.uint32]
    which: NDArray[np.uint8]
    """Bits: which words of each row changed."""
    old: Words
    """What stood there, row by row."""
    free: NDArray[np.uint32]
    """Rows in which a flow began: they were free."""
    sets: Mapping[str, NDArray[np.uint32]]
    """Table → numbers of its entries that `old` tells of."""
    findings: Mapping[int, Findings]
    """flow id → what was found by then, of those whose findings changed."""

    nbytes: int
    """Memory that it takes."""

    def undo(self, found: Words) -> None:
        """Write what stood there."""
        found[self.free] = 0
        place = np.flatnonzero(np.unpackbits(self.which, axis=1, count=words.COUNT))
        row = place // words.COUNT
        found.reshape(-1)[place + (self.rows.astype(np.intp) - np.arange(len(self.rows)))[row] * words.COUNT] = self.old


def step_of(back: int, parts: Sequence[Part], findings: Mapping[int, Findings]) -> Step:
    """A step, from what is known of some rows at a time."""
    rows = np.concatenate([words.NO_NUMBERS, *(part[0] for part in parts)])
    which = np.concatenate([np.zeros((0, WIDTH), np.uint8), *(part[1] for part in parts)])
    old = np.concatenate([np.zeros(0, np.uint64), *(part[2] for part in parts)])
    free = np.concatenate([words.NO_NUMBERS, *(part[3] for part in parts)])
    sets = {
        name: np.unique(np.concatenate([words.NO_NUMBERS, *(part[4][name] for part in parts)]))
        for name in words.NUMBERED
    }
    size = OVERHEAD + sum(each.nbytes for each in (rows, which, old, free, *sets.values()))
    size += sum(100 + FINDING * len(each) for each in findings.values())
    return Step(back, rows, which, old, free, sets, findings, size)


def parts_of(index: Index, old: Words, rows: Rows, notes: words.Notes, noted: NDArray[np.int64]) -> Iterator[Part]:
    """What changed of some rows, a few at a time: no single one of numpy's steps keeps others waiting for long.

    `old`: their lines before; `rows`, `notes`, `noted`: all, as they are.
    """
    for at in range(0, len(index), PART):
        some, before = index[at : at + PART], old[at : at + PART]
        after = words.lines(rows, notes, noted, some)
        which, free = words.differing(before, after), some[words.alive(after) & ~words.alive(before)]
        any_of = np.flatnonzero(which.any(axis=1))
        some, before, which = some[any_of], before[any_of], which[any_of]
        sets = {name: words.numbers(before, which, name) for name in words.NUMBERED}
        yield some.astype(np.uint32), np.packbits(which, axis=1), before[which], free.astype(np.uint32), sets
