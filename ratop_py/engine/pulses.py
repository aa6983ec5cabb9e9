"""Who sent how much in each of the last seconds of the data clock.

Promise: what all flows sent in all seconds is what the table counted, those included that were given back between two
looks; bounded in seconds and in bytes, the oldest leave first. A look may come at any time: what was sent between two
looks is shared out among the seconds in which the flow was heard. Readers ask from other threads, and wait for nobody.
Does not know: threads, packets, what a row of the screen is (`view.Rates` is what it is to a view).
"""

from __future__ import annotations

from collections import deque
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.second import SECOND, Moved, Numbers, Part, Second, second_of
from ratop_py.engine.sparks import summed
from ratop_py.fields.words import LEVEL_FROM
from ratop_py.flow.flows import Index, Rows
from ratop_py.view import Pulse

SECONDS = 900
BYTES = 48 << 20
"""…of memory; beside these, 32 for each row of the table that is used."""
CALLED, CALLING = 1, 2
"""Bits of `way`."""
HIGH = int(LEVEL_FROM[-1])
"""Risk of level high."""


class Open:
    """A second that is not over yet."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.bits = np.zeros(2)
        """Towards this machine, from it."""
        self.alarms = 0


class Pulses:
    """Written by the tick. All times in ns, but for those that readers ask of."""

    def __init__(self, capacity: int, seconds: int = SECONDS, most: int = BYTES) -> None:
        """`capacity`: rows of the table."""
        self._seconds, self._most = seconds, most
        self._ids: NDArray[np.uint64] = np.zeros(capacity, np.uint64)
        self._sent: Numbers = np.zeros((2, capacity), np.int64)
        """What each row's sides had sent at the last look."""
        self._alarmed: NDArray[np.uint64] = np.zeros(capacity, np.uint64)
        self._left: list[Moved] = []
        self._open: dict[int, Open] = {}
        self._log: deque[tuple[Second, Pulse]] = deque()
        self._size = 0
        self._kept: tuple[tuple[Second, ...], tuple[Pulse, ...]] = (), ()
        """What readers see."""
        self._now = 0
        self._placed = False

    @property
    def nbytes(self) -> int:
        """Memory that the seconds take."""
        return self._size

    # -- the tick ------------------------------------------------------------------------------------------------------

    def left(self, rows: Rows, notes: NDArray[np.void], index: Index) -> None:
        """These rows of the table are given back now: what they sent since the last look counts."""
        self._left.append(self._moved(rows, notes, index))
        self._ids[index] = 0

    def mark(self, rows: Rows, notes: NDArray[np.void], index: Index, now: int, *, final: bool = False) -> None:
        """A look. `index`: rows that changed, or whose notes did, also those that are free now; `final`: the last one,
        the second that goes on is over, too."""
        self._placed = self._placed or bool(notes["way"][index].any())
        free = rows["id"][index] == 0
        gone, index = index[free], index[~free]
        moved = [*self._left, self._vanished(gone), self._moved(rows, notes, index)]
        self._left = []
        now = max(now, self._now)
        if not self._now:
            self._now = min((int(each.first[each.first > 0].min(initial=now)) for each in moved), default=now)
        for each in moved:
            self._share(each, now)
        self._alarms(notes, index, now)
        self._close(self._now // SECOND, now // SECOND + final)
        self._now = now

    def begin_anew(self) -> None:
        """The clock was set back: what was is of another time."""
        self._open, self._size, self._now = {}, 0, 0
        self._log.clear()
        self._kept = (), ()

    def _moved(self, rows: Rows, notes: NDArray[np.void], index: Index) -> Moved:
        """What these rows sent since the last look."""
        ids, sent = rows["id"][index], rows["bytes"][index].T.astype(np.int64)
        before = np.where(self._ids[index] == ids, self._sent[:, index], 0)
        self._ids[index], self._sent[:, index] = ids, sent
        size = sent - before
        moved = np.flatnonzero(size.any(axis=0))
        index = index[moved]
        turned = rows["init"][index] == 1
        return Moved(
            ids=ids[moved],
            size=_turned(size[:, moved], turned),
            first=_turned(rows["first"][index].T, turned),
            last=_turned(rows["last"][index].T, turned),
            way=notes["way"][index],
        )

    def _vanished(self, gone: Index) -> Moved:
        """Rows that nobody gave back: of fragments only, whose first came late, and now they count in its flow."""
        gone = gone[self._ids[gone] > 0]
        ids, size = self._ids[gone], -self._sent[:, gone]
        self._ids[gone] = 0
        nothing = np.zeros_like(size)
        return Moved(ids, size, nothing, nothing, np.zeros(len(gone), np.uint8))

    def _share(self, moved: Moved, now: int) -> None:
        if not len(moved):
            return
        for second, which, size in moved.shared(self._now, now, now // SECOND - self._seconds):
            there = self._open.setdefault(second, Open())
            there.parts.append((moved.ids[which], size))
            there.bits += self._bits(size, moved.way[which])

    def _bits(self, size: Numbers, way: NDArray[np.uint8]) -> NDArray[np.float64]:
        """(towards this machine, from it), as its meters count."""
        if not self._placed:
            return np.array([size.sum() * 8.0, 0.0])
        source, target = (size * 8.0).sum(where=_set(way, CALLED), axis=1)
        out, back = (size * 8.0).sum(where=_set(way, CALLING), axis=1)
        return np.array([source + back, out + target])

    def _alarms(self, notes: NDArray[np.void], index: Index, now: int) -> None:
        high = index[notes["risk"][index] >= HIGH]
        new = high[self._alarmed[high] != notes["id"][high]]
        if len(new):
            self._alarmed[new] = notes["id"][new]
            self._open.setdefault(now // SECOND, Open()).alarms += len(new)

    def _close(self, start: int, stop: int) -> None:
        """These seconds are over."""
        for second in range(max(start, stop - self._seconds), stop):
            done = self._open.pop(second, None) or Open()
            kept = second_of(second, done.parts)
            rx, tx = np.maximum(done.bits, 0).tolist()
            self._log.append((kept, Pulse(float(second + 1), rx, tx, done.alarms)))
            self._size += kept.nbytes
        while self._log and (self._size > self._most or len(self._log) > self._seconds):
            self._size -= self._log.popleft()[0].nbytes
        if stop > start:
            self._kept = tuple(each for each, _ in self._log), tuple(each for _, each in self._log)

    # -- readers -------------------------------------------------------------------------------------------------------

    def totals(self) -> tuple[Pulse, ...]:
        """What was heard, second by second, the newest last."""
        return self._kept[1]

    def sparks(
        self, ids: NDArray[np.uint64], group: NDArray[np.intp], groups: int, seconds: int, until: float
    ) -> NDArray[np.float32]:
        """As `view.Rates.sparks`: the newest second is the last that was over by then."""
        kept, stop = self._until(until, seconds)
        return summed(kept, stop - seconds, seconds, ids, group, groups)

    def of_flow(self, flow_id: int, seconds: int, until: float) -> tuple[tuple[float, float], ...]:
        """As `view.Rates.of_flow`; fewer than asked for, where no more are kept."""
        return tuple(_rates(each, flow_id) for each in self._until(until, seconds)[0])

    def _until(self, until: float, seconds: int) -> tuple[tuple[Second, ...], int]:
        """(those of the last seconds before `until`, number of the second behind them)"""
        kept = self._kept[0]
        stop = min(int(until), kept[-1].at + 1) if kept else int(until)
        first = max(0, stop - seconds - kept[0].at) if kept else 0
        last = max(0, stop - kept[0].at) if kept else 0
        return tuple(islice(kept, first, last)), stop


def _turned(pair: Numbers, turned: NDArray[np.bool_]) -> Numbers:
    """(A's, B's) as (source's, destination's)."""
    return np.stack([np.where(turned, pair[1], pair[0]), np.where(turned, pair[0], pair[1])])


def _set(way: NDArray[np.uint8], bit: int) -> NDArray[np.bool_]:
    return np.asarray(way & bit > 0)


def _rates(second: Second, flow_id: int) -> tuple[float, float]:
    sought = np.uint64(flow_id).astype(second.ids.dtype)  # of its own type, else all of them were converted
    at = int(np.searchsorted(second.ids, sought))
    if at == len(second.ids) or int(second.ids[at]) != flow_id:
        return 0.0, 0.0
    return float(second.size[0, at]) * 8, float(second.size[1, at]) * 8
