"""Who gets which rows of the window.

Promise: the rows add up to the window; the table (or what stands in its place) has at least four where there is a
screen at all. Pure arithmetic.
Does not know: what the regions show.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_WIDTH, LEAST_HEIGHT = 40, 10
"""Below this one line says that there is no room."""
TABLE = 4
DETAILS = 15
"""Rows of the details under the table, from `WHOLE` rows up."""
WHOLE, HALF = 32, 24
SECOND_LINE_FROM = 28


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


def regions(width: int, height: int, *, details: bool, zoom: bool, prompt: int) -> Regions:
    """Split the window."""
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        return Regions(room=False)
    left = height - TABLE - 2  # top and footer
    tabs = 1 if left >= 1 else 0
    left -= tabs
    prompt = min(prompt, left)
    left -= prompt
    top = 2 if height >= SECOND_LINE_FROM and left >= 1 else 1
    left -= top - 1
    return _with_details(left + TABLE, Regions(top, tabs, 0, 0, prompt, 1), details=details, zoom=zoom, height=height)


def _with_details(body: int, frame: Regions, *, details: bool, zoom: bool, height: int) -> Regions:
    shown = 0
    if details:
        shown = body if zoom or height < HALF else min(DETAILS if height >= WHOLE else body // 2, body - TABLE)
    return Regions(frame.top, frame.tabs, body - shown, shown, frame.prompt, frame.footer)
