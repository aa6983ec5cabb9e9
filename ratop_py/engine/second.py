"""Who sent how much in one second, and how what was counted between two looks is shared out among seconds.

Promise: what is shared out adds up to what was counted, to the byte; nothing stands in a second before the first packet
of its flow or behind its last.
Does not know: the table, how long seconds are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SECOND = 1_000_000_000
OVERHEAD = 600
"""Bytes that a second costs beside its numbers."""
SMALL = np.iinfo(np.int32).max
Numbers = NDArray[np.int64]
Part = tuple[NDArray[np.uint64], Numbers]
"""Flow ids, and what each sent: (source's, destination's), (2, n)."""


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Flows that sent something between two looks. Pairs are (source's, destination's), (2, n)."""

    ids: NDArray[np.uint64]
    size: Numbers
    """Bytes; less than nothing where fragments were moved to the flow that they belong to."""
    first: Numbers
    """Of the flow's packets, ns."""
    last: Numbers
    way: NDArray[np.uint8]

    def __len__(self) -> int:
        """How many flows."""
        return len(self.ids)

    def shared(self, since: int, now: int, earliest: int) -> Iterator[tuple[int, NDArray[np.intp], Numbers]]:
        """(second, which flows, their bytes in it); what is older than the second `earliest` counts in that one."""
        if now // SECOND == since // SECOND:
            yield now // SECOND, np.arange(len(self)), self.size
            return
        begin = np.clip(self.first, since, now)
        end = np.clip(self.last, begin, now)
        done, start = np.zeros_like(self.size), 0
        for second in range(max(earliest, int(begin.min(initial=now)) // SECOND), now // SECOND + 1):
            stop = (second + 1) * SECOND
            here = np.flatnonzero(((begin < stop) & (end >= start)).any(axis=0))
            reached = _until(self.size[:, here], begin[:, here], end[:, here], stop)
            part = reached - done[:, here]
            done[:, here], start = reached, stop
            some = np.flatnonzero(part.any(axis=0))
            yield second, here[some], part[:, some]


def _until(size: Numbers, begin: Numbers, end: Numbers, when: int) -> Numbers:
    """How much of it was sent before `when`, if it was sent steadily between `begin` and `end`."""
    share = np.clip((when - begin) / np.maximum(end - begin, 1), 0.0, 1.0)
    return np.where(end < when, size, (size * share).astype(np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Second:
    """What flows sent in one second."""

    at: int
    """Second since the epoch that it is."""
    ids: NDArray[Any]
    """Of the flows that sent something, in order."""
    size: NDArray[Any]
    """Bytes, (source's, destination's), (2, n)."""

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return int(self.ids.nbytes + self.size.nbytes) + OVERHEAD


def second_of(at: int, parts: Sequence[Part]) -> Second:
    """What several looks saw of one second."""
    if not parts:
        return Second(at, np.zeros(0, np.uint32), np.zeros((2, 0), np.int32))
    ids = np.concatenate([part[0] for part in parts])
    size = np.concatenate([part[1] for part in parts], axis=1)
    order = np.argsort(ids, kind="stable")
    ids, size = ids[order], size[:, order]
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])[: len(ids)])
    if len(starts) < len(ids):
        ids, size = ids[starts], np.add.reduceat(size, starts, axis=1)
    return Second(at, *_narrow(ids, size))


def _narrow(ids: NDArray[np.uint64], size: Numbers) -> tuple[NDArray[Any], NDArray[Any]]:
    """In half of the memory, where the numbers allow it."""
    small = not len(ids) or (ids[-1] <= SMALL and max(int(size.max()), -int(size.min())) <= SMALL)
    return (ids.astype(np.uint32), size.astype(np.int32)) if small else (ids, size)
