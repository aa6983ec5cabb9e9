"""Where a marked text stands among all rows of a view.

Promise: words, addresses and ports are searched, as they are shown; the search reads a piece of the view at a time.
Does not know: the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ratop_py.tui.values import address
from ratop_py.view import Addresses, Column, Snapshot, Text, View

PIECE = 5000
"""Rows read at a time."""


def matches(snapshot: Snapshot, text: str) -> NDArray[np.bool_]:
    """Rows of the snapshot in which a word, an address or an identifying number holds the text."""
    found = np.zeros(len(snapshot), bool)
    for column in snapshot.columns.values():
        found |= _holds(column, text.lower())
    return found


def _holds(column: Column, text: str) -> NDArray[np.bool_]:
    if isinstance(column, Text):
        used = np.unique(column.codes)
        good = [code for code in used.tolist() if text in column.words[code].lower()]
        return np.isin(column.codes, good)
    if isinstance(column, Addresses):
        keys, place = np.unique(np.stack([column.hi, column.lo, column.family], 1), axis=0, return_inverse=True)
        return np.array([text in address(*map(int, key)).lower() for key in keys], bool)[place.ravel()]
    if column.dtype.kind == "i" and text.isdecimal():
        return np.asarray(column == int(text)) if len(text) < 19 else np.zeros(len(column), bool)
    return np.zeros(len(column), bool)


def nearest(ask: Callable[[View], Snapshot], view: View, text: str, start: int, *, down: bool) -> int | None:
    """Rank of the next row from `start` on, then around the end; None: there is none."""
    view = replace(view, window=(0, PIECE), anchor=None, detail=None)
    ranks: list[int] = []
    first, matched = 0, 1
    while first < matched:
        snapshot = ask(replace(view, window=(first, PIECE)))
        matched = snapshot.matched
        ranks.extend((np.flatnonzero(matches(snapshot, text)) + snapshot.first).tolist())
        first += PIECE
        if down and ranks and ranks[-1] > start:
            break
    if not ranks:
        return None
    after = [rank for rank in ranks if (rank > start if down else rank < start)]
    return (min(after) if down else max(after)) if after else (ranks[0] if down else ranks[-1])
