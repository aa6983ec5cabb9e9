"""Which flows' packets are wanted: each flow's key, and the times between which they came.

Promise: a packet with the key of a wanted flow, sent between its first and last packet, is that flow's; another flow on
the same ports at another time is not taken for it.
Does not know: packets' bytes, files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Flows, Rows
from ratop_py.flow.layout import ROW_BYTES
from ratop_py.view import Answer

KEY = 40
"""Bytes at the start of a row that say which flow it is: `flow.key`."""
EACH = 1 << 14
"""Rows at a time."""
Span = tuple[int, int]
NEVER = 1 << 62


def members(answer: Answer) -> Iterator[Flows]:
    """The flows in the rows of an answer, some at a time: of a group all of its flows, each once."""
    flows, index = answer.flows, answer.index
    if answer.members is not None:
        flows, groups = answer.members
        index = np.unique(groups.of(index))
    for at in range(0, len(index), EACH):
        yield flows.take(index[at : at + EACH])


class Wanted:
    """Grows; asked a packet at a time."""

    def __init__(self) -> None:
        self._spans: dict[bytes, Span] = {}
        self._more: dict[bytes, list[Span]] = {}
        """Where flows follow each other on the same ends: all but the first."""

    def __len__(self) -> int:
        """Keys."""
        return len(self._spans)

    def add(self, parts: Iterable[Flows]) -> None:
        """These flows, too."""
        for part in parts:
            self._add(part.rows)

    def _add(self, rows: Rows) -> None:
        packed = rows.tobytes()
        begin, end = span(rows)
        spans = zip(begin.tolist(), end.tolist(), strict=True)
        for number, each in enumerate(spans):
            key = packed[number * ROW_BYTES : number * ROW_BYTES + KEY]
            if self._spans.setdefault(key, each) is not each:
                self._more.setdefault(key, []).append(each)

    def holds(self, key: bytes, ts: int) -> bool:
        """Whether a packet of this key and time, ns, is wanted."""
        first = self._spans.get(key)
        if first is None:
            return False
        if first[0] <= ts <= first[1]:
            return True
        return any(begin <= ts <= end for begin, end in self._more.get(key, ()))


def span(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When the first and the last packet of each row came, ns."""
    heard = rows["pkts"] > 0
    first = np.where(heard, rows["first"], NEVER).min(axis=1)
    return first, np.where(heard, rows["last"], -1).max(axis=1)
