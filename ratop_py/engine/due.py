"""Which rows need another look: most of what changes in a row changes no verdict about it.

Promise: a row is assessed when it is new, when its sign changes (who began, who sent, its MACs, its end), when its
grace is over, and after that at most `SWEEP` after it changed; what claims an address, at each change.
Does not know: owners, rules, threads.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.scene import GRACE
from ratop_py.correlate.match import Match
from ratop_py.flow.flows import Index, Rows
from ratop_py.flow.key import Key
from ratop_py.flow.layout import Family

SWEEP = 5_000_000_000
"""ns between two looks at quiet rows that go on. What they teach (who routes, who is a neighbour) is remembered for
minutes, and what they are told by others that were seen meanwhile may wait so long."""
ICMP6 = 58
ENDS = 40
"""Bytes of a key, and of a row, that tell both ends."""
FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""Odd, its bits well mixed: the golden ratio's."""
MACS = 0x70
"""Bits of `fins`: a MAC changed, or came back."""
Mask = NDArray[np.bool_]


class Due:
    """Remembers, per row of the table, what the last look saw."""

    def __init__(self, capacity: int) -> None:
        self._signs: NDArray[np.uint16] = np.zeros(capacity, np.uint16)
        self._owed: Mask = np.zeros(capacity, bool)
        """Changed since they were last assessed."""
        self._young: Mask = np.zeros(capacity, bool)
        """Assessed only while their grace lasted."""
        self._swept = 0

    def news(self, index: Index, rows: Rows) -> Mask:
        """Which of these rows of the table, all of which changed, are new or show another sign."""
        signs = signs_of(rows, index)
        found = signs != self._signs[index]
        self._signs[index] = signs
        self._owed[index] = True
        return found

    def assess(self, index: Index, rows: Rows, asked: Mask, now: int) -> Index:
        """Rows to assess now. `index`: what changed; `asked`: rows of the table that must be among them."""
        size = len(rows)
        asked[index[_claiming(rows, index)]] = True
        young = np.flatnonzero(self._young[:size])
        ripe = young[now - began(rows, young) >= GRACE]
        asked[ripe] = True
        if not 0 <= now - self._swept < SWEEP:
            self._swept = now
            asked |= self._owed[:size]
        due = np.flatnonzero(asked)
        self._owed[due] = False
        self._young[due] = now - began(rows, due) < GRACE
        return due

    def forget(self, index: Index) -> None:
        """These rows are, or will be, another flow's."""
        self._signs[index] = 0
        self._owed[index] = self._young[index] = False

    def forget_all(self) -> None:
        """The host is another one: every row that goes on is new."""
        self._signs[:] = 0


def signs_of(rows: Rows, index: Index) -> NDArray[np.uint16]:
    """What verdicts depend on, of these rows; never 0."""
    pkts = rows["pkts"][index]
    signs = (rows["fins"][index] & MACS).astype(np.uint16)
    signs |= rows["init"][index] << 1 | rows["life"][index] << 2 | 1
    signs |= (pkts[:, 0] > 0) * np.uint16(1 << 8) | (pkts[:, 1] > 0) * np.uint16(1 << 9)
    return signs


def began(rows: Rows, index: Index) -> NDArray[np.int64]:
    """First packet of each, ns; side by side, as numpy is slow along pairs. A side that sent nothing has 0."""
    first = rows["first"][index].view(np.uint64) - np.uint64(1)
    return (np.minimum(first[:, 0], first[:, 1]) + np.uint64(1)).view(np.int64)


def _claiming(rows: Rows, index: Index) -> Mask:
    """ARP and neighbour discovery: when they last claimed an address counts."""
    family = rows["family"][index]
    return (family == Family.ARP) | (rows["proto"][index] == ICMP6) & (family != Family.ETHER)


def unowned(notes: NDArray[np.void]) -> Mask:
    """Notes of flows with an end here whose owner could still be better known."""
    way = notes["way"]
    source = (way & 2 > 0) & (notes["s_match"] < Match.EXACT)
    return source | (way & 1 > 0) & (notes["d_match"] < Match.EXACT)


def with_ends(rows: Rows, keys: Iterable[Key]) -> Mask:
    """Rows of flows between these ends, and perhaps a few more: ends are compared by a hash."""
    wanted = b"".join(each[:ENDS] for each in keys)
    if not wanted or not len(rows):
        return np.zeros(len(rows), bool)
    words = rows.view(np.uint64).reshape(len(rows), -1)[:, : ENDS // 8]
    return np.isin(_hashed(words), _hashed(np.frombuffer(wanted, np.uint64).reshape(-1, ENDS // 8)))


def _hashed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One number for the words of each line."""
    found = np.zeros(len(words), np.uint64)
    for column in range(words.shape[1]):
        found = (found ^ words[:, column]) * FACTOR
        found ^= found >> np.uint64(29)
    return found
