"""Seconds added up by group: what a sparkline is drawn from.

Promise: costs what moved in those seconds and what is asked for, not the one times the other.
Does not know: who keeps the seconds, what a group is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.second import Second

WIDEST = 1 << 23
"""Numbers between the lowest and the highest id asked for, up to which a table says where each one stands."""
Places = NDArray[np.intp]
NOWHERE: Places = np.zeros(0, np.intp)


def summed(
    seconds: Sequence[Second], first: int, count: int, ids: NDArray[np.uint64], group: Places, groups: int
) -> NDArray[np.float32]:
    """bits/s both ways by group, for `count` seconds from `first` on. `ids`: in any order, one may be in several
    groups."""
    order = np.argsort(ids, kind="stable")
    sorted_ids = ids[order]
    starts = np.flatnonzero(np.append(True, sorted_ids[1:] != sorted_ids[:-1])[: len(ids)])
    asked = Asked(sorted_ids[starts])
    found, size, column = _found(seconds, first, asked)
    sizes = np.diff(np.append(starts, len(ids)))[found]
    each = np.repeat(np.arange(len(found)), sizes)  # a flow in several groups counts in each
    within = np.arange(len(each)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    row = group[order][starts[found][each] + within]
    total = np.bincount(row * count + column[each], size[each], groups * count)
    return (np.maximum(total, 0) * 8).astype(np.float32).reshape(groups, count)


def _found(seconds: Sequence[Second], first: int, asked: Asked) -> tuple[Places, NDArray[np.float64], Places]:
    """(place among those asked for, bytes both ways, number of the second) of all that moved."""
    places, sizes, columns = [NOWHERE], [np.zeros(0)], [NOWHERE]
    for second in seconds:
        here, place = asked.among(second.ids)
        places.append(place)
        sizes.append(second.size[0, here].astype(np.float64) + second.size[1, here])
        columns.append(np.full(len(place), second.at - first))
    return np.concatenate(places), np.concatenate(sizes), np.concatenate(columns)


class Asked:
    """Ids in order, none twice, that are looked for in many seconds."""

    def __init__(self, ids: NDArray[np.uint64]) -> None:
        self._ids = ids.astype(np.int64)
        self._table: NDArray[np.int32] | None = None

    def among(self, seen: NDArray[Any]) -> tuple[Places, Places]:
        """(which of the seen are asked for, where each stands among the asked). `seen`: in order, none twice."""
        ids, those = self._ids, seen.astype(np.int64)
        if not len(ids) or not len(those):
            return NOWHERE, NOWHERE
        if len(ids) < len(those) // 8:
            at = np.searchsorted(those, ids)
            place = np.flatnonzero(those[np.minimum(at, len(those) - 1)] == ids)
            return at[place], place
        if ids[-1] - ids[0] >= WIDEST:
            at = np.searchsorted(ids, those)
            here = np.flatnonzero(ids[np.minimum(at, len(ids) - 1)] == those)
            return here, at[here]
        return self._looked_up(those)

    def _looked_up(self, those: NDArray[np.int64]) -> tuple[Places, Places]:
        """By a table: a step for each of those, however many are asked for."""
        ids = self._ids
        if self._table is None:
            self._table = np.full(ids[-1] - ids[0] + 1, -1, np.int32)
            self._table[ids - ids[0]] = np.arange(len(ids))
        low, high = np.searchsorted(those, [ids[0], ids[-1] + 1])
        place = self._table[those[low:high] - ids[0]]
        here = np.flatnonzero(place >= 0)
        return here + low, place[here].astype(np.intp)
