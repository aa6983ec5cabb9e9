"""The line over the table: the views, what is shown of how much, filter, order.

Promise: the view, the filter in force and the order are always named here, also when their columns are not shown.
Does not know: widgets.
"""

from __future__ import annotations

from ratop_py.tui import amounts
from ratop_py.tui.fit import fit, size_of
from ratop_py.tui.keymap import Place, key_of
from ratop_py.tui.lines import Line, join, length, spread
from ratop_py.tui.status import Status
from ratop_py.view import SIGHTS, sight_of

ALL, COUNTED, WORDED = 150, 100, 76
"""Cells from which all views are named, counts, whole words are shown."""
FILTER_CELLS = 24
"""A filter shorter than this has its place before views are named."""


def tabs(status: Status, width: int) -> Line:
    """The whole line."""
    left, right = _names(status, width), _notes(status, width)
    return spread(left, [*join([_room_for_filter(status, width, left, right), right], "   "), (" ", "text")], width)


def _room_for_filter(status: Status, width: int, left: Line, right: Line) -> Line:
    return _filter(status, width - length(left) - length(right) - 6)


def views(status: Status, width: int) -> list[tuple[str, Line]]:
    """Names of views, and how each is written: the one in force, and of the others as many as there is room for."""
    now = status.look.sight
    own: Line = [(f" {now}{_count(status)} ", "picked")]
    room = width - length(own) - length(_notes(status, width)) - 8
    room -= 7 + min(size_of(status.look.filter), FILTER_CELLS) if status.look.filter else 9
    if width < WORDED:
        room = 0
    shown = [(name, own if name == now else _other(name)) for name in (*SIGHTS, *(() if now in SIGHTS else (now,)))]
    while len(shown) > 1 and sum(length(part) for name, part in shown if name != now) > room:
        shown.remove(next(each for each in reversed(shown) if each[0] != now))
    return shown


def _other(name: str) -> Line:
    key = key_of(f"view-{name}")
    return [(f" {key} " if key else " ", "key"), (f"{name} ", "dim")]


def target_at(status: Status, width: int, x: int) -> str:
    """What is under a cell: `view NAME`, `filter`, `unfilter`; empty: nothing."""
    at = 0
    for name, part in views(status, width):
        at += length(part)
        if x < at:
            return f"view {name}"
    filtered = _room_for_filter(status, width, _names(status, width), _notes(status, width))
    at = 0
    for piece in tabs(status, width):
        at += size_of(piece[0])
        if x < at:
            return {"accent": "filter", "key": "unfilter"}.get(piece[1], "") if piece in filtered else ""
    return ""


def _names(status: Status, width: int) -> Line:
    return [span for _, part in views(status, width) for span in part]


def _count(status: Status) -> str:
    if not status.answered:
        return ""
    if not status.look.filter:
        return f" {status.matched}"
    return f" {status.matched} of {status.total}" if not sight_of(status.look.sight).grouped else f" {status.matched}"


def _filter(status: Status, room: int) -> Line:
    text = status.look.filter
    if not text:
        return [("no filter", "dim")] if room >= 12 else []
    size = min(size_of(text), max(6, room - 9))
    return [("filter ", "dim"), (fit(text, size), "accent"), (" ✗", "key")]


def _notes(status: Status, width: int) -> Line:
    sort = status.look.sort
    parts: list[Line] = []
    if status.place is Place.PICK:
        parts.append([("choose a column", "warn")])
    if status.held:
        parts.append([("order held", "warn")])
    if status.ticked:
        parts.append([(f"{status.ticked} marked", "accent")])
    if status.rate != 2.0 and width >= COUNTED:
        parts.append([(f"{amounts.number(status.rate)}/s", "dim")])
    if status.look.order:
        word: Line = [("sort ", "dim")] if width >= WORDED else []
        parts.append([*word, (f"{sort.field} {'↓' if sort.descending else '↑'}", "text")])
    return join(parts, "   ")
