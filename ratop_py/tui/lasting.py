"""What the screen begins with, and what of it is remembered when it is left.

Promise: plain values; a habit that makes no sense is passed over; the filter and the moment are not restored by
themselves.
Does not know: files.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ratop_py.tui.look import NAMES, Habit, Look
from ratop_py.tui.options import Options
from ratop_py.view import SIGHTS, sight_of

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


class Kept:
    """What outlasts the screen, while it may still change."""

    def __init__(self, options: Options) -> None:
        self.left = looks(options)
        """By sight: how it was looked at last."""
        self.filters: Mapping[str, str] = options.filters
        """Saved ones, by name."""
        self.theme = ""
        """A theme that was chosen on this screen."""
        self.export: Mapping[str, str | bool] = options.export
        """What was chosen at the last export."""


FLAGS = ("full", "octets", "port_numbers")


def habit(told: Mapping[str, str | bool]) -> Habit:
    """How values are written."""
    full, octets, port_numbers = (told.get(name) is True for name in FLAGS)
    names = str(told.get("names", NAMES[0]))
    return Habit(full, octets, port_numbers, names if names in NAMES else NAMES[0])


def looks(options: Options) -> dict[str, Look]:
    """How each view is looked at when it is shown first."""
    return {name: begun(options, name) for name in SIGHTS}


def begun(options: Options, name: str) -> Look:
    """How one view is looked at first."""
    usual = options.order if name == "flows" else sight_of(name).order
    order = options.orders.get(name, usual)
    chosen = options.columns.get(name, options.fields if name == options.view else ())
    return Look(order=order, columns=chosen, sight=name)


def told(app: RatopApp) -> dict[str, object]:
    """What is to be remembered, in plain JSON values."""
    left = {**app.kept.left, app.trail.now.sight: app.trail.now}
    first = looks(app.options)
    changed = {name: look for name, look in left.items() if name in SIGHTS}
    return {
        "view": app.trail.now.sight if app.trail.now.sight in SIGHTS else "flows",
        "filter": app.trail.now.filter,
        "sort": {
            name: [[key.field, key.descending] for key in look.order]
            for name, look in changed.items()
            if look.order != first[name].order or name in app.options.orders
        },
        "columns": {name: list(look.columns) for name, look in changed.items() if look.columns},
        "habits": {**{name: getattr(app.habit, name) for name in FLAGS}, "names": app.habit.names},
        "theme": app.kept.theme,
        "rate": app.rate,
        "filters": dict(app.kept.filters),
        "history": {kind: list(lines) for kind, lines in app.prompter.history.items()},
        "export": dict(app.kept.export),
    }
