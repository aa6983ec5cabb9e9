"""What each flow did since its last record, as Argus's status records say it.

Promise: the records of a flow add up to the flow; a record with no packets is never made.
Does not know: the clock, who asks, owners.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Index, Rows, copied, pick
from ratop_py.flow.layout import number

SUMS = ("pkts", "bytes", "app", "ipt2", "retrans")
"""Facts that grow: a record holds the difference."""

_TOLD = np.dtype(
    [
        ("id", "<u8"),
        ("pkts", "<u8", (2,)),
        ("bytes", "<u8", (2,)),
        ("app", "<u8", (2,)),
        ("ipt2", "<f8", (2,)),
        ("retrans", "<u4", (2,)),
    ]
)

assert number("pkts") > 0  # the names above are layout's


class Records:
    """Remembers, per row of the table, what was already told."""

    def __init__(self, capacity: int) -> None:
        self._told: NDArray[Any] = np.zeros(capacity, _TOLD)

    def take(self, index: Index, rows: Rows) -> tuple[Index, Rows]:
        """Records of these rows (copies of table rows `index`): (which had something to tell, their record rows).

        The caller clears `rec_first` of the rows that told.
        """
        told = pick(self._told, index)
        _blank(told, told["id"] != rows["id"])
        news = (rows["pkts"] != told["pkts"]).any(axis=1)
        index, rows, told = index[news], pick(rows, news), pick(told, news)
        self._remember(index, rows)
        return index, _difference(rows, told)

    def told(self, index: Index, rows: Rows) -> NDArray[np.bool_]:
        """Which of these rows have nothing left to tell."""
        told = pick(self._told, index)
        same = (told["pkts"] == rows["pkts"]).all(axis=1)
        return np.asarray(same & (told["id"] == rows["id"]))

    def _remember(self, index: Index, rows: Rows) -> None:
        for name in ("id", *SUMS):
            self._told[name][index] = rows[name]


def _difference(rows: Rows, told: NDArray[Any]) -> Rows:
    """Rows that hold only what came after `told`."""
    record = copied(rows)
    for name in SUMS:
        record[name] = rows[name] - told[name]
    again = told["pkts"].any(axis=1)
    for side in (0, 1):
        silent = record["pkts"][:, side] == 0
        later = again & ~silent
        record["first"][later, side] = np.maximum(rows["rec_first"][later], rows["first"][later, side])
        record["first"][silent, side] = 0
        record["last"][silent, side] = 0
    return record


def _blank(told: NDArray[Any], which: NDArray[np.bool_]) -> None:
    """Another flow uses the row now: nothing was told of it."""
    for name in SUMS:
        told[name][which] = 0
