"""A scrolling plot of rates: a column a moment, the newest at the right.

Promise: exactly as large as asked; the scale is said; nothing is drawn for what is not known.
Does not know: widgets, where rates come from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ratop_py.tui import amounts
from ratop_py.tui.amounts import SPARKS
from ratop_py.tui.lines import Line, cut, fill, length
from ratop_py.view import Pulse

LABEL = 7
"""Cells of the scale at the left."""
BESIDE = 96
"""Cells from which the two ways stand side by side."""


def plot(pulses: Sequence[Pulse], width: int, height: int, octets: bool = False) -> list[Line]:
    """In and out."""
    ways = (("↓ in", "in", [each.rx for each in pulses]), ("↑ out", "out", [each.tx for each in pulses]))
    if width >= BESIDE:
        half = (width - 3) // 2
        left, right = (
            chart(name, tone, values, size, height, octets)
            for (name, tone, values), size in zip(ways, (half, width - 3 - half), strict=True)
        )
        return [[*one, ("   ", "text"), *other] for one, other in zip(left, right, strict=True)]
    upper = height // 2
    charts = [chart(*way, width, size, octets) for way, size in zip(ways, (upper, height - upper), strict=True)]
    return [line for each in charts for line in each]


def chart(name: str, tone: str, values: Sequence[float], width: int, height: int, octets: bool = False) -> list[Line]:
    """A title and bars below it."""
    cells, rows = max(0, width - LABEL), max(1, height - 1)
    shown = [value if 0 < value < math.inf else 0.0 for value in values[-cells:]] if cells else []
    most = max(shown, default=0.0)
    last = shown[-1] if shown else 0.0
    title: Line = [(f"{name} ", tone), (_said(last, octets), "strong"), (f"   most {_said(most, octets)}", "dim")]
    title.append((f"   {amounts.spoken(len(shown))}", "dim"))
    lines = [fill(cut(title, width), width)]
    for row in range(rows):
        bars = "".join(_part(value, most, rows, rows - 1 - row) for value in shown)
        scale = most * (rows - row) / rows
        label = amounts.si(scale / 8 if octets else scale) if row in (0, rows // 2) and most > 0 else ""
        line: Line = [(f"{label:>{LABEL - 1}} ", "dim"), (" " * (cells - len(bars)), "text"), (bars, tone)]
        lines.append(fill(line, width) if length(line) < width else cut(line, width))
    return lines


def _part(value: float, most: float, rows: int, row: int) -> str:
    """What of a bar is in one row, counted from below."""
    eighths = round(value / most * rows * 8) if most > 0 else 0
    if value > 0:
        eighths = max(1, eighths)
    inside = max(0, min(8, eighths - row * 8))
    return SPARKS[inside - 1] if inside else " "


def _said(bits: float, octets: bool) -> str:
    return f"{amounts.si(bits / 8, 'B')}/s" if octets else amounts.speed(bits)
