"""Bits per second of each flow, as a mean over three seconds.

Promise: a steady stream reads its true rate after a few ticks; a silent one falls to zero and then costs nothing.
Does not know: the table, the clock.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Index, Rows, sides

MEAN_SECONDS = 3.0
SILENT = 8.0
"""Bits/s below which a rate is shown as nothing."""


def advance(notes: NDArray[np.void], index: Index, rows: Rows, seconds: float) -> None:
    """Move the rates of these notes on by one tick of `seconds`; `rows` are copies of the table's rows `index`."""
    if not len(index) or seconds <= 0:
        return
    share = 1.0 - math.exp(-seconds / MEAN_SECONDS)
    for side, total in zip("sd", sides(rows, "bytes"), strict=True):
        before = notes[f"{side}_bytes"][index]
        now = (total - np.minimum(before, total)) * (8.0 / seconds)
        rate = notes[f"{side}_bps"][index]
        rate = (rate + share * (now - rate)).astype(np.float32)
        rate[rate < SILENT] = 0
        notes[f"{side}_bps"][index] = rate
        notes[f"{side}_bytes"][index] = total


def active(notes: NDArray[np.void], used: int) -> Index:
    """Rows whose rate still has to fall."""
    return np.flatnonzero((notes["s_bps"][:used] > 0) | (notes["d_bps"][:used] > 0))
