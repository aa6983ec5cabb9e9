"""All that an engine remembers of the last minutes: coverage, rates by the second, what there was at each moment.

Promise: told by the tick, in one order; a data clock that is set back a little stands still, one that is set back far
begins a new story. Nothing here grows without bound.
Does not know: threads, what is asked.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.ledger import Ledger
from ratop_py.engine.minute import Minute
from ratop_py.engine.past import Past, Tables
from ratop_py.engine.pulses import Pulses
from ratop_py.flow.flows import Flows, Index, Rows, pick

SECOND = 1_000_000_000
SET_BACK = 10_000_000_000
"""ns by which a clock may go back within one story: packets of several files need not come in order."""
Notes = NDArray[np.void]


class Chronicle:
    """Of one table."""

    def __init__(self, capacity: int, most: int) -> None:
        """`capacity`: rows of the table; `most`: bytes of memory for what there was, 0: it is not kept."""
        self.minute = Minute()
        self.pulses = Pulses(capacity)
        self.past = Past(capacity, most) if most else None
        self._ids: NDArray[np.uint64] = np.zeros(capacity, np.uint64)
        """Whose each row was."""
        self._now = 0
        self._looks_back = True

    @property
    def oldest(self) -> float | None:
        """The first moment that can be looked at, s; None: nothing is kept."""
        oldest = self.past.oldest if self.past is not None else None
        return None if oldest is None else oldest / SECOND

    def minutes_only(self) -> None:
        """Nobody will look back: who is told records as they come asks for no moment and no rates of seconds."""
        self.past, self._looks_back = None, False

    def left(self, rows: Rows, notes: Notes, over: Index, now: int) -> None:
        """These rows of the table are given back."""
        if len(over):
            self.minute.left(Flows(pick(rows, over), pick(notes, over)), now)
            if self._looks_back:
                self.pulses.left(rows, notes, over)

    def mark(self, rows: Rows, ledger: Ledger, now: int, *, final: bool = False) -> None:
        """The ledger has looked. `rows`: what it looked at, at rest from now on; `final`: nothing more will come."""
        if now < self._now - SET_BACK:
            self._begin_anew()
        self._now = now = max(now, self._now)
        self.minute.mark(rows, now)
        if not self._looks_back:
            return
        ids = np.ascontiguousarray(rows["id"])
        changed = ledger.changed(len(ids)) | (self._ids[: len(ids)] != ids)
        self._ids[: len(ids)] = ids
        self.pulses.mark(rows, ledger.notes, np.flatnonzero(changed), now, final=final)
        past = self.past
        if past is not None:
            tables: Tables = {"holders": ledger.holders.sets, "names": ledger.naming.sets}
            past.mark(rows, ledger.notes, changed, tables, ledger.findings, now)

    def settle(self) -> None:
        """What a tick leaves to be done while readers may ask again."""
        past = self.past
        if past is not None:
            past.settle()

    def _begin_anew(self) -> None:
        self._now = 0
        self.pulses.begin_anew()
        if self.past is not None:
            self.past.begin_anew()
