"""The timeline: what was heard when, where one is, and at which times something was suspicious.

Promise: never wider than asked, and a cell is a second at least; the moment is a sign, the past and what came after it
differ in tone.
Does not know: widgets.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ratop_py.tui import amounts
from ratop_py.tui.lines import Line
from ratop_py.view import Pulse

HERE, ALARM, HOLE = "┃", "▲", "┄"


def buckets(pulses: Sequence[Pulse], cells: int) -> list[tuple[float, float, bool]]:
    """(when it ends, bits/s, whether there was an alarm) of each cell; a cell without pulses says -1 bits/s."""
    if not pulses or cells <= 0:
        return []
    first, cells, size = _scale(pulses, cells)
    parts: list[list[Pulse]] = [[] for _ in range(cells)]
    for each in pulses:
        parts[_cell(pulses, cells, each.at)].append(each)
    return [
        (
            first + math.ceil(round((number + 1) * size, 6)) - 1.0,
            sum(each.rx + each.tx for each in part) / len(part) if part else -1.0,
            any(each.alarms for each in part),
        )
        for number, part in enumerate(parts)
    ]


def _scale(pulses: Sequence[Pulse], cells: int) -> tuple[float, int, float]:
    """(the first moment, cells that are used, seconds of one)."""
    first, last = pulses[0].at, pulses[-1].at
    cells = min(cells, max(1, round(last - first) + 1))
    return first, cells, max(1.0, (last - first + 1.0) / cells)


def _cell(pulses: Sequence[Pulse], cells: int, at: float) -> int:
    """The cell in which a moment lies."""
    first, cells, size = _scale(pulses, cells)
    return max(0, min(cells - 1, int((at - first) / size + 1e-6)))


def timeline(pulses: Sequence[Pulse], at: float | None, cells: int) -> Line:
    """One line; `at` None: now, at its right end."""
    parts = buckets(pulses, cells)
    most = max((rate for _, rate, _ in parts), default=0.0)
    here = _cell(pulses, cells, at) if at is not None and parts else len(parts)
    line: Line = []
    for number, (_, rate, alarm) in enumerate(parts):
        sign = HERE if number == here else ALARM if alarm else HOLE if rate < 0 else amounts.step(rate, most)
        tone = "strong" if number == here else "high" if alarm else "accent" if number < here else "dim"
        if line and line[-1][1] == tone:
            line[-1] = line[-1][0] + sign, tone
        else:
            line.append((sign, tone))
    return line


def moment_at(pulses: Sequence[Pulse], cells: int, x: int) -> float | None:
    """The time under a cell."""
    parts = buckets(pulses, cells)
    return parts[x][0] if 0 <= x < len(parts) else None
