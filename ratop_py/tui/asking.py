"""What the screen asks of its feed.

Promise: only what can be seen is asked for, and a margin around it; the chosen flow is followed wherever it stands; its
details are asked for only when somebody looks at them, or when it has left.
Does not know: who answers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.tui import columns, saved
from ratop_py.tui.feed import MARGIN, Question
from ratop_py.view import View

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


def view(app: RatopApp) -> View:
    """The view of this moment."""
    cursor, height, sight = app.table.cursor, app.table.height, app.sight
    return View(
        filter=saved.meant(app.look.filter, app.kept.filters),
        group=sight.group,
        tree=sight.tree,
        folded=app.look.folded,
        order=tuple(replace(key, field=columns.sort_field(key.field)) for key in app.look.order),
        fields=columns.needs(app.table.placed, app.table.keys),
        window=(max(0, cursor.top - MARGIN), height + 2 * MARGIN),
        anchor=cursor.flow,
        detail=cursor.flow if (app.details.open or cursor.gone) and not sight.grouped else None,
        sparks=columns.SPARKS if any(each.column.name == "past" for each in app.table.placed) else 0,
        at=app.at,
    )


def question(app: RatopApp) -> Question:
    """The view, and the lines on which it will be seen."""
    cursor = app.table.cursor
    return Question(view(app), app.table.height, None if cursor.flow is None else cursor.keep)


def which_rows(asked: View) -> tuple[object, ...]:
    """What decides which rows there are, whatever their order."""
    return asked.filter, asked.group, asked.tree, asked.at


def awaited(app: RatopApp) -> bool:
    """The rows that are shown are not those that are looked at any more: the answer is on its way."""
    return app.snapshot is not None and which_rows(app.snapshot.view) != which_rows(view(app))
