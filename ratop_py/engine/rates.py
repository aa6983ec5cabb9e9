"""Bits per second of each flow, as a mean over three seconds.

Promise: a steady stream reads its true rate after a few ticks; a silent one falls to zero and then costs nothing.
Does not know: the table, the clock.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Index, Rows

MEAN_SECONDS = 3.0
SILENT = 8.0
"""Bits/s below which a rate is shown as nothing."""
Counts = NDArray[np.uint64]


def advance(notes: NDArray[np.void], index: Index, rows: Rows, seconds: float) -> None:
    """Move the rates of these notes on by one tick of `seconds`; `rows` are the table's, at rest."""
    if not len(index) or seconds <= 0:
        return
    share = 1.0 - math.exp(-seconds / MEAN_SECONDS)
    counts, turned = rows["bytes"][index], rows["init"][index] == 1
    for side, total in zip("sd", _turned(counts[:, 0], counts[:, 1], turned), strict=True):
        before = notes[f"{side}_bytes"][index]
        now = (total - np.minimum(before, total)) * (8.0 / seconds)
        rate = notes[f"{side}_bps"][index]
        rate += share * (now - rate)
        rate[rate < SILENT] = 0
        notes[f"{side}_bps"][index] = rate
        notes[f"{side}_bytes"][index] = total


def _turned(of_a: Counts, of_b: Counts, turned: NDArray[np.bool_]) -> tuple[Counts, Counts]:
    """(source's, destination's)"""
    return np.where(turned, of_b, of_a), np.where(turned, of_a, of_b)


def active(notes: NDArray[np.void], index: Index, used: int) -> Index:
    """These rows, and all whose rate still has to fall."""
    moving = (notes["s_bps"][:used] > 0) | (notes["d_bps"][:used] > 0)
    moving[index] = True
    return np.flatnonzero(moving)
