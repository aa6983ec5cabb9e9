"""What Python knows about each row of the table: owners, risk, rates.

Promise: notes are about the flow whose id they carry; a row used again starts with empty notes. Only rows handed in are
looked at: what changed, what waits for a listing, what is young enough for a second look.
Does not know: packets, threads, who reads.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.spoof import Observer, assess
from ratop_py.correlate.attribute import Holders, attribute
from ratop_py.correlate.owners import Owners
from ratop_py.engine.rates import active, advance
from ratop_py.events.socket import Listing
from ratop_py.flow.flows import Flows, Index, Rows
from ratop_py.flow.layout import Life, note_dtype
from ratop_py.net.host import HostNet

SECOND = 1_000_000_000
GRACE = 3 * SECOND
"""ns after its first packet in which a flow is assessed at each tick: some rules wait for a second look."""
RECENT = 5 * SECOND
"""A new listing is held against flows without an owner that were heard within this time."""


class Ledger:
    """Notes for every row, and the tables that they point into."""

    def __init__(self, capacity: int) -> None:
        self.notes: NDArray[np.void] = np.zeros(capacity, note_dtype())
        self.owners = Owners()
        self.holders = Holders()
        self.observer = Observer()
        self.whys: list[tuple[str, ...]] = [()]
        self.findings: dict[int, tuple[object, ...]] = {}
        self.silent: tuple[str, ...] = ()
        self._why_numbers: dict[tuple[str, ...], int] = {(): 0}

    def look(
        self, index: Index, all_rows: Rows, listings: Sequence[Listing], host: HostNet, now: int, seconds: float
    ) -> None:
        """One tick: `index` are the rows that changed; `all_rows` the table, under its lock or at rest."""
        rows = all_rows[index]
        self._fresh(index, rows)
        self._rates(index, all_rows, seconds)
        for listing in listings:
            self.owners.learn(listing)
        waiting = self._waiting(all_rows, now) if listings else index[:0]
        self._attribute(np.union1d(index, waiting), all_rows, host, now)
        self._assess(np.union1d(np.union1d(index, waiting), self._young(all_rows, now)), all_rows, host, now)

    def over(self, all_rows: Rows, now: int, keep: float) -> Index:
        """Rows whose flow ended longer than `keep` seconds ago; notes when those that ended just now did."""
        ended = np.flatnonzero(all_rows["life"] == Life.ENDED)
        fresh = ended[self.notes["ended"][ended] == 0]
        self.notes["ended"][fresh] = now
        return ended[self.notes["ended"][ended] < now - int(keep * SECOND)]
