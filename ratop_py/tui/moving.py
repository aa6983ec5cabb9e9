"""Moving: rows and pages of the table, or of the details where they stand in its place; columns sideways.

Promise: a key that moves holds the order of the table for a moment, so that what is aimed at does not run away.
Does not know: keys; where the cursor goes (`cursor.py` does).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ratop_py.tui import columns

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


def rows(step: Callable[[int], int]) -> Callable[[RatopApp], None]:
    """In the table, or in the details where they stand in its place."""

    def deed(app: RatopApp) -> None:
        if app.details.open and not app.table.display:
            app.details.scroll(step(app.details.size.height - 1))
            return
        app.touch()
        app.table.move(step(app.table.height))

    return deed


def edge(*, last: bool) -> Callable[[RatopApp], None]:
    """To the first or the last row."""

    def deed(app: RatopApp) -> None:
        if app.details.open and not app.table.display:
            app.details.scroll(10_000 if last else -10_000)
            return
        app.touch()
        app.table.go(app.table.page.total - 1 if last else 0)

    return deed


def shift(step: int) -> Callable[[RatopApp], None]:
    """Columns sideways; ±99: as far as it goes."""

    def deed(app: RatopApp) -> None:
        most = columns.most_shift(app.table.names)
        to = 0 if step == -99 else most if step == 99 else app.table.shift + step
        app.table.shift = max(0, min(most, to))
        app.table.place()
        app.ask()

    return deed
