"""Going from one way to look to another: into a group, back, and along the tree.

Promise: each way keeps its own order and columns; opening a row adds what its flows have in common to the filter, where
it is seen and can be undone; going back finds the row that was opened.
Does not know: keys, how rows are drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.tui import cellfilter, lasting
from ratop_py.tui.values import word
from ratop_py.view import sight_of

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


def go(app: RatopApp, name: str, filter_text: str | None = None) -> None:
    """Look this way, at what the filter lets through."""
    now = app.trail.now
    before = app.kept.left.get(name) if name != now.sight else now
    look = before or lasting.begun(app.options, name)
    app.details.open = app.details.open and not sight_of(name).grouped
    app.look_at(replace(look, filter=now.filter if filter_text is None else filter_text, anchor=None))


def to(name: str) -> Callable[[RatopApp], None]:
    """A deed."""
    return lambda app: go(app, name)


def open_row(app: RatopApp) -> None:
    """The flows of the chosen row."""
    if not app.table.cursor.chosen:
        app.table.move(0)
    here = app.table.here()
    if here is None:
        return
    part = cellfilter.row_filter(here)
    if not part:
        app.say("this row says nothing to filter by", "dim")
        return
    go(app, "flows", cellfilter.added(app.trail.now.filter, part, without=False))


def siblings(app: RatopApp) -> None:
    """All flows of the chosen row's process."""
    here = app.table.here()
    part = cellfilter.process_filter(here) if here is not None else ""
    if part:
        go(app, "flows", part)
    else:
        app.say("no process is known here", "dim")


def home(app: RatopApp) -> None:
    """The place before."""
    app.go_look(app.trail.home())


def onward(app: RatopApp) -> None:
    """The place that was left by going back."""
    app.go_look(app.trail.onward())


def fold(app: RatopApp) -> None:
    """Hide what is below the chosen row; if nothing is, go to the row above it."""
    here = app.table.here()
    if here is None:
        return
    snapshot, at = here
    row, folded = int(snapshot.ids[at]), app.look.folded
    if row not in folded and _has_children(app):
        app.look_at(replace(app.trail.now, folded=folded | {row}))
    elif (above := _parent(app)) is not None:
        app.table.go(above)


def unfold(app: RatopApp) -> None:
    """Show what is below the chosen row."""
    here = app.table.here()
    if here is None:
        return
    snapshot, at = here
    row = int(snapshot.ids[at])
    if row in app.look.folded:
        app.look_at(replace(app.trail.now, folded=app.look.folded - {row}))
    elif _has_children(app):
        app.table.move(1)


def _depth(app: RatopApp, rank: int) -> int:
    """Cells of the branches before a row; -1: it is not there."""
    place = app.table.page.at(rank)
    return -1 if place is None else len(word(place[0], "tree", place[1]).rstrip("▸"))


def _has_children(app: RatopApp) -> bool:
    row = app.table.cursor.row
    return _depth(app, row + 1) > _depth(app, row)


def _parent(app: RatopApp) -> int | None:
    """Rank of the row above the chosen one in the tree."""
    rank = app.table.cursor.row
    depth = _depth(app, rank)
    while depth > 0 and rank > 0:
        rank -= 1
        if 0 <= _depth(app, rank) < depth:
            return rank
    return None
