"""View + flows → Snapshot: filter, group, order, cut, and only then the columns wanted.

Promise: pure; the flows are not changed. Columns are computed for the rows of the window only, so a million flows
can be written out piece by piece.
Does not know: where flows come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields import FIELDS
from ratop_py.fields.naming import check
from ratop_py.filter import compile_filter
from ratop_py.flow.flows import Flows, Index
from ratop_py.flow.layout import Life
from ratop_py.kinds import Addresses, Column, Text
from ratop_py.view import group as grouping
from ratop_py.view import tree as growing
from ratop_py.view.details import detail_of
from ratop_py.view.group import Groups
from ratop_py.view.model import Meters, Snapshot, View
from ratop_py.view.order import ranks
from ratop_py.view.rates import Rates

NO_METERS = Meters()
NO_ROWS: Index = np.zeros(0, np.intp)
NAMES = {name: name for name in FIELDS}
"""A view asks by names alone: what else a person may type is for the door."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A view, evaluated: which rows, in which order. Snapshots are cut from it."""

    view: View
    flows: Flows
    index: Index
    """Rows of `flows` (or of `groups`) in the order of the view."""
    groups: dict[str, Column] | None
    """Columns of the groups, if the view groups."""
    ids: NDArray[np.uint64]
    """Id of each row of `flows` (or of `groups`)."""
    ended: NDArray[np.bool_]
    """Whether each of these has ended."""
    taken_at: float
    meters: Meters = NO_METERS
    generation: int = 0
    members: tuple[Flows, Groups] | None = None
    """Which flows are in which group, if the view groups."""
    rates: Rates | None = None

    @property
    def matched(self) -> int:
        """Rows of the answer."""
        return len(self.index)

    def rank(self, row_id: int | None) -> int | None:
        """Place of a flow (or group) in the order; None: it is not there."""
        if row_id is None or row_id < 0:
            return None
        row = np.flatnonzero(self.ids == np.uint64(row_id))
        found = np.flatnonzero(self.index == row[0]) if len(row) else row
        return int(found[0]) if len(found) else None

    def snapshot(self, first: int = 0, count: int | None = None) -> Snapshot:
        """The rows from `first` on."""
        first = max(0, min(first, self.matched))
        stop = self.matched if count is None else min(self.matched, first + max(0, count))
        part = self.index[first:stop]
        return Snapshot(
            view=self.view,
            generation=self.generation,
            taken_at=self.taken_at,
            first=first,
            matched=self.matched,
            total=len(self.flows),
            ids=self.ids[part],
            columns=self._columns(part),
            ended=self.ended[part],
            anchor_rank=self.rank(self.view.anchor),
            sparks=self._sparks(part),
            meters=self.meters,
            detail=detail_of(self.flows, self.view.detail, self.rates, self.taken_at),
        )

    def shown(self) -> Snapshot:
        """The window that the view asks for."""
        return self.snapshot(*self.view.window) if self.view.window else self.snapshot()

    def snapshots(self, rows_each: int = 65_536) -> Iterator[Snapshot]:
        """All rows, piece by piece; at least one, perhaps empty."""
        for first in range(0, max(self.matched, 1), rows_each):
            yield self.snapshot(first, rows_each)

    def _sparks(self, part: Index) -> NDArray[np.float32] | None:
        """Rates of the last seconds of some rows."""
        if not self.view.sparks or self.rates is None:
            return None
        if self.members is None:
            ids, group = self.flows.rows["id"][part], np.arange(len(part))
        else:
            flows, groups = self.members
            ids, group = flows.rows["id"][groups.of(part)], np.repeat(np.arange(len(part)), groups.sizes[part])
        return self.rates.sparks(ids, group, len(part), self.view.sparks, self.taken_at)

    def _columns(self, part: Index) -> dict[str, Column]:
        if self.groups is not None:
            return {name: take(self.groups[name], part) for name in self.view.fields}
        whole = len(part) == len(self.flows) and bool((part[1:] > part[:-1]).all())
        flows = self.flows if whole else self.flows.take(part)
        return {name: FIELDS[name].get(flows) for name in self.view.fields}


def take(column: Column, index: Index) -> Column:
    """Some rows of a column."""
    if isinstance(column, Text):
        return Text(column.codes[index], column.words)
    if isinstance(column, Addresses):
        return Addresses(column.hi[index], column.lo[index], column.family[index])
    return column[index]


def answer(
    flows: Flows,
    view: View,
    now: float,
    meters: Meters = NO_METERS,
    generation: int = 0,
    rates: Rates | None = None,
) -> Answer:
    """Evaluate a view. `now`: data clock, seconds. RatopError: the filter is wrong, or there is no such field."""
    _check(view)
    matching = _matching(flows, view, now)
    asked = Answer(
        view=view,
        flows=flows,
        index=NO_ROWS,
        groups=None,
        ids=flows.rows["id"],
        ended=flows.rows["life"] == Life.ENDED,
        taken_at=now,
        meters=meters,
        generation=generation,
        rates=rates,
    )
    if view.group or view.tree:
        chosen = flows if matching is None else flows.take(matching)
        return (_grown if view.tree else _grouped)(chosen, asked)
    return replace(asked, index=_ordered(flows, view, matching))


def _check(view: View) -> None:
    """All fields are there: an order by what is not there would be another order than the one asked for."""
    for name in (*view.group, *(key.field for key in view.order), *view.fields):
        check(name, NAMES)


def _matching(flows: Flows, view: View, now: float) -> Index | None:
    """Rows that match; None: all do, so that nobody needs a million numbers to say so."""
    if not view.filter.strip() and view.ended:
        return None
    mask = compile_filter(view.filter, now).mask(flows)
    if not view.ended:
        mask = mask & (flows.rows["life"] == Life.LIVE)
    return None if mask.all() else np.flatnonzero(mask)


def _ordered(flows: Flows, view: View, matching: Index | None) -> Index:
    """Rows in the order of the view. Whole rows are copied only where a column has to be computed to sort by."""
    if not view.order:
        ids = flows.rows["id"] if matching is None else flows.rows["id"][matching]
        place = ranks([], ids)
    else:
        chosen = flows if matching is None else flows.take(matching)
        keys = [(FIELDS[order.field].get(chosen), order.descending) for order in view.order]
        place = ranks(keys, chosen.rows["id"])
    place = place if view.limit is None else place[: view.limit]
    return place if matching is None else matching[place]


def _grouped(chosen: Flows, asked: Answer) -> Answer:
    view, groups = asked.view, grouping.gather(chosen, asked.view.group)
    columns = grouping.merged(chosen, groups, (*view.fields, *(order.field for order in view.order)))
    place = ranks([(columns[order.field], order.descending) for order in view.order], groups.ids)[: view.limit]
    return _rows(asked, chosen, groups, columns, place)


def _grown(chosen: Flows, asked: Answer) -> Answer:
    view, tree = asked.view, growing.grow(chosen)
    columns = grouping.merged(chosen, tree.groups, (*view.fields, *(order.field for order in view.order)))
    columns |= {name: column for name, column in growing.told(tree).items() if name in columns}
    place = ranks([(columns[order.field], order.descending) for order in view.order], tree.groups.ids)
    place, columns["tree"] = growing.walk(tree, place, tree.groups.ids, view.folded)
    return _rows(asked, chosen, tree.groups, columns, place[: view.limit])


def _rows(asked: Answer, chosen: Flows, groups: Groups, columns: dict[str, Column], place: Index) -> Answer:
    ended = grouping.ended(chosen, groups)
    return replace(asked, index=place, groups=columns, ids=groups.ids, ended=ended, members=(chosen, groups))


def select(
    flows: Flows,
    view: View,
    now: float,
    meters: Meters = NO_METERS,
    generation: int = 0,
    rates: Rates | None = None,
) -> Snapshot:
    """The answer to a view, its window only."""
    return answer(flows, view, now, meters, generation, rates).shown()
