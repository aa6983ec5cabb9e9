"""The line over the table: what is shown of how much, filter, order.

Promise: the filter in force and the order are always named here, also when their columns are not shown.
Does not know: widgets.
"""

from __future__ import annotations

from ratop_py.tui import amounts
from ratop_py.tui.fit import fit, size_of
from ratop_py.tui.keymap import Place
from ratop_py.tui.lines import Line, join, length, spread
from ratop_py.tui.status import Status

COUNTED, WORDED = 100, 76
"""Cells from which counts, whole words are shown."""


def tabs(status: Status, width: int) -> Line:
    """The whole line."""
    left = _flows(status)
    right = _notes(status, width)
    room = width - length(left) - length(right) - 6
    return spread(left, [*join([_filter(status, room), right], "   "), (" ", "text")], width)


def _flows(status: Status) -> Line:
    count = f" {status.matched}" if status.answered and not status.look.filter else ""
    shown = f" {status.matched} of {status.total}" if status.answered and status.look.filter else count
    return [(f" flows{shown} ", "picked")]


def _filter(status: Status, room: int) -> Line:
    text = status.look.filter
    if not text:
        return [("no filter", "dim")] if room >= 12 else []
    size = max(6, min(size_of(text), room - 7))
    return [("filter ", "dim"), (fit(text, size), "accent")]


def _notes(status: Status, width: int) -> Line:
    sort = status.look.sort
    parts: list[Line] = []
    if status.place is Place.PICK:
        parts.append([("choose a column", "warn")])
    if status.held:
        parts.append([("order held", "warn")])
    if status.rate != 2.0 and width >= COUNTED:
        parts.append([(f"{amounts.number(status.rate)}/s", "dim")])
    if status.look.order:
        word: Line = [("sort ", "dim")] if width >= WORDED else []
        parts.append([*word, (f"{sort.field} {'↓' if sort.descending else '↑'}", "text")])
    return join(parts, "   ")
