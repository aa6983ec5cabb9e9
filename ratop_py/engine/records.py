"""What each flow did since its last record, as Argus's status records say it.

Promise: the records of a flow add up to the flow; a record with no packets is never made.
Does not know: the clock, who asks, owners.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Index, Rows
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
        told = self._told[index]
        told[told["id"] != rows["id"]] = np.zeros((), _TOLD)
        news = (rows["pkts"] != told["pkts"]).any(axis=1)
        index, rows, told = index[news], rows[news], told[news]
        self._remember(index, rows)
        return index, _difference(rows, told)

    def told(self, index: Index, rows: Rows) -> NDArray[np.bool_]:
        """Which of these rows have nothing left to tell."""
        told = self._told[index]
        same = (told["pkts"] == rows["pkts"]).all(axis=1)
        return np.asarray(same & (told["id"] == rows["id"]))

    def _remember(self, index: Index, rows: Rows) -> None:
        told = np.zeros(len(index), _TOLD)
        for name in ("id", *SUMS):
            told[name] = rows[name]
        self._told[index] = told


def _difference(rows: Rows, told: NDArray[Any]) -> Rows:
    """Rows that hold only what came after `told`."""
    record = rows.copy()
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
