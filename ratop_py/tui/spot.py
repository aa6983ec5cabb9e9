"""What can be done with one cell: the menu of the right mouse button.

Promise: everything in it works on the row and the column that were pointed at.
Does not know: where the mouse was.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ratop_py.tui import cellfilter, copying, wishes
from ratop_py.tui.menu import Choice
from ratop_py.tui.page import Place

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


USUAL = ("program", "process", "peer")
"""Columns that are meant when none was pointed at."""


def ask(app: RatopApp, name: str = "") -> None:
    """Open the menu for a column of the chosen row; none named: the one that was chosen last."""
    from ratop_py.tui.menu import Menu

    if not app.table.cursor.chosen:
        app.table.move(0)
    here, names = app.table.here(), app.table.names
    if here is None:
        return
    usual = next((each for each in USUAL if each in names), names[0])
    name = name or (app.picked_last if app.picked_last in names else usual)
    app.push_screen(Menu(app.ink, f"{name} of this row", choices(app, here, name)))


def choices(app: RatopApp, here: Place, name: str) -> list[Choice]:
    """What there is to do."""
    part = cellfilter.cell_filter(here, name)
    found = []
    if part:
        found += [
            Choice(f"only {part}", _filter(app, part, without=False), "&"),
            Choice(f"without {part}", _filter(app, part, without=True), "!"),
        ]
    opens = "open" if app.sight.grouped else "details"
    found.append(Choice(f"sort by {name}", lambda: wishes.sort_by(app, name), "s"))
    found.append(Choice("the flows of this row" if app.sight.grouped else "details", _deed(app, opens), "o"))
    if not app.sight.grouped:
        found.append(Choice("why: the evidence", _deed(app, "why"), "w"))
        found.append(Choice("ask DNS what the peer is called", _deed(app, "reverse-name"), "R"))
    found.append(Choice("mark this row, or not", _deed(app, "mark-row"), "m"))
    found.append(Choice("copy as …", lambda: copying.ask(app), "y"))
    found.append(Choice(f"hide the column {name}", lambda: _hide(app, name), "h"))
    return found


def _filter(app: RatopApp, part: str, *, without: bool) -> Callable[[], None]:
    return lambda: wishes.filter_by(app, cellfilter.added(app.trail.now.filter, part, without=without))


def _deed(app: RatopApp, deed: str) -> Callable[[], None]:
    return lambda: (app.do(deed), None)[1]


def _hide(app: RatopApp, name: str) -> None:
    from ratop_py.tui.deeds import show_columns

    show_columns(app, tuple(each for each in app.table.names if each != name) or app.table.names)
