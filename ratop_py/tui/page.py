"""The rows that the table can draw now.

Promise: a row is found by its rank. Held, the order stays as it was and values go on: each flow's newest values are
shown at its old place, and a flow that is not in the newest snapshot keeps its last ones.
Does not know: columns, the cursor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ratop_py.view import Snapshot, View

Place = tuple[Snapshot, int]
"""A snapshot and a row in it."""


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A snapshot that gives the order, and one that gives the values."""

    order: Snapshot
    newer: Snapshot | None = None
    index: Mapping[int, int] = field(default_factory=dict)
    """flow id → row in `newer`"""

    @property
    def total(self) -> int:
        """Rows of the whole view."""
        return self.order.matched

    @property
    def newest(self) -> Snapshot:
        """Where values come from."""
        return self.newer or self.order

    def flow_at(self, rank: int) -> int | None:
        """Id of the flow at a rank; None: this page does not reach there."""
        at = rank - self.order.first
        return int(self.order.ids[at]) if 0 <= at < len(self.order) else None

    def at(self, rank: int) -> Place | None:
        """Where the values of a rank stand."""
        flow = self.flow_at(rank)
        if flow is None:
            return None
        newer = self.index.get(flow)
        if self.newer is not None and newer is not None:
            return self.newer, newer
        return self.order, rank - self.order.first

    def rank_of(self, flow: int) -> int | None:
        """Rank of a flow; None: it has left, or stands where this page does not reach."""
        found = np.flatnonzero(self.order.ids == flow)
        if found.size:
            return self.order.first + int(found[0])
        return self.order.anchor_rank if self.order.view.anchor == flow else None

    def reaches(self, top: int, height: int) -> bool:
        """Whether all rows of a window are here."""
        last = min(top + height, self.total)
        return self.order.first <= top and last <= self.order.first + len(self.order)


def empty() -> Page:
    """Before the first answer."""
    return Page(Snapshot(View(), 0, 0.0, 0, 0, 0, np.zeros(0, np.uint64), {}, np.zeros(0, bool)))


def held(page: Page, newer: Snapshot) -> Page:
    """The same order with newer values."""
    index = {flow: row for row, flow in enumerate(newer.ids.tolist())}
    return Page(page.order, newer, index)
