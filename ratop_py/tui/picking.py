"""Choosing a column: on the title line to sort by, in the chosen row to filter by its cell.

Promise: a column that is not shown comes into view when it is chosen; leaving changes nothing.
Does not know: keys.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ratop_py.tui import cellfilter, columns, wishes

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


OTHER = "← → other cell   Esc leave"


def on_titles(app: RatopApp) -> None:
    """Which column to sort by?"""
    sort = app.look.sort.field
    _begin(app, sort if sort in app.table.names else app.table.names[0], in_row=False)
    app.picked_for = "sort"


def in_row(app: RatopApp, purpose: str) -> None:
    """Which cell of the chosen row? `purpose`: `only` or `without`."""
    if not app.table.cursor.chosen:
        app.table.move(0)
    if app.table.here() is None:
        return
    names = app.table.names
    last = app.picked_last if app.picked_last in names else "program" if "program" in names else names[0]
    _begin(app, last, in_row=True)
    app.picked_for = purpose
    _preview(app)


def _begin(app: RatopApp, name: str, *, in_row: bool) -> None:
    app.table.pick, app.table.pick_in_row = name, in_row
    app.touch()
    _show(app)


def _show(app: RatopApp) -> None:
    table = app.table
    table.shift = columns.shift_to_show(table.names, table.scrollable_content_region.width, table.shift, table.pick)
    table.place()
    app.ask()
    app.draw()


def move(step: int) -> Callable[[RatopApp], None]:
    """To a column beside, or the first or last."""

    def deed(app: RatopApp) -> None:
        names = app.table.names
        at = names.index(app.table.pick) if app.table.pick in names else 0
        to = 0 if step == -99 else len(names) - 1 if step == 99 else (at + step) % len(names)
        app.table.pick = names[to]
        app.touch()
        _show(app)
        if app.table.pick_in_row:
            _preview(app)

    return deed


def _preview(app: RatopApp) -> None:
    """Say what would be added to the filter."""
    here = app.table.here()
    text = cellfilter.cell_filter(here, app.table.pick) if here else ""
    words = {"only": "only ", "without": "without "}[app.picked_for]
    app.say(
        f"{words}{text}   ⏎ adds   {OTHER}" if text else f"{app.table.pick} says nothing to filter by   {OTHER}",
        "accent" if text else "dim",
    )


def take(app: RatopApp, *, turn: bool = False) -> None:
    """Take the column that was chosen."""
    name, in_row_, here = app.table.pick, app.table.pick_in_row, app.table.here()
    if not in_row_:
        _end(app)
        if turn or name != app.look.sort.field:
            wishes.sort_by(app, name)
        return
    text = cellfilter.cell_filter(here, name) if here else ""
    if not text:
        _preview(app)
        return
    app.picked_last = name
    _end(app)
    wishes.filter_by(app, cellfilter.added(app.trail.now.filter, text, without=app.picked_for == "without"))


def also(app: RatopApp) -> None:
    """Sort by the column that was chosen where the keys before it say nothing."""
    name = app.table.pick
    if app.table.pick_in_row:
        return
    _end(app)
    app.look_at(app.trail.now.also_by(name, not wishes.ascends(name)))


def drop(app: RatopApp) -> None:
    """Leave it as it was."""
    _end(app)
    app.draw()


def _end(app: RatopApp) -> None:
    app.table.pick, app.table.pick_in_row = "", False
    app.table.shift = 0
    app.table.place()
