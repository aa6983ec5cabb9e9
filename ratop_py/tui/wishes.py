"""Which flows a person wants, and in which order.

Promise: each wish is one step that can be undone.
Does not know: keys, prompts, how a column was chosen.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui import columns

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

ASCENDING = frozenset({Kind.TEXT, Kind.LIST, Kind.ADDRESS, Kind.MAC, Kind.PORT, Kind.ID})
"""Kinds that are sorted upwards unless a person says otherwise."""


def filter_by(app: RatopApp, text: str) -> None:
    """Take a filter."""
    app.look_at(replace(app.trail.now, filter=text))


def sort_by(app: RatopApp, name: str) -> None:
    """Sort by a column; by the same one again: the other way round."""
    sort = app.look.sort
    down = not sort.descending if sort.field == name else not ascends(name)
    app.look_at(app.trail.now.sorted_by(name, down))


def ascends(name: str) -> bool:
    """Whether a column is sorted upwards unless a person says otherwise."""
    field = FIELDS.get(columns.sort_field(name))
    return field is not None and field.kind in ASCENDING
