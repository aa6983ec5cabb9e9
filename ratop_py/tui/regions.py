"""Who gets which rows of the window.

Promise: the rows add up to the window; the table (or what stands in its place) has at least four where there is a
screen at all. Pure arithmetic.
Does not know: what the regions show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""Below this one line says that there is no room."""
TABLE = 4
DETAILS = 15
"""Rows of the details under the table, from `WHOLE` rows up."""
WHOLE, HALF = 32, 24
SECOND_LINE_FROM = 28
TIMELINE_FROM = 16
"""Rows from which there is a timeline, where one looks at the past or plays a file."""
PLOT, PLOT_LEAST, PLOT_TABLE = 12, 4, 6
"""Rows of the plot of rates at most and at least, and of the table below it."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Rows of each region; 0: not there."""

    top: int = 0
    tabs: int = 0
    table: int = 0
    details: int = 0
    prompt: int = 0
    footer: int = 0
    room: bool = True
    """There is room for a screen."""
    plot: int = 0


def regions(
    width: int, height: int, *, details: bool, zoom: bool, prompt: int, plot: bool = False, past: bool = False
) -> Regions:
    """Split the window."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Regions(room=False)
    left = height - TABLE - 2  # top and footer
    tabs = 1 if left >= 1 else 0
    left -= tabs
    prompt = min(prompt, left)
    left -= prompt
    top = 2 if height >= (TIMELINE_FROM if past else SECOND_LINE_FROM) and left >= 1 else 1
    left -= top - 1
    frame = Regions(top=top, tabs=tabs, prompt=prompt, footer=1)
    rows = _with_details(left + TABLE, frame, details=details, zoom=zoom, height=height)
    drawn = min(PLOT, rows.table - PLOT_TABLE) if plot else 0
    return replace(rows, plot=drawn, table=rows.table - drawn) if drawn >= PLOT_LEAST else rows


def _with_details(body: int, frame: Regions, *, details: bool, zoom: bool, height: int) -> Regions:
    shown = 0
    if details:
        shown = body if zoom or height < HALF else min(DETAILS if height >= WHOLE else body // 2, body - TABLE)
    return replace(frame, table=body - shown, details=shown)
