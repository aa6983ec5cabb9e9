"""The last line: the keys that do something here, or what just happened; and where the cursor is.

Promise: a key offered works here and now; quit and help leave last.
Does not know: widgets, what the keys do.
"""

from __future__ import annotations

from ratop_py.tui.keymap import KEYS, Key, Place, hints, sign
from ratop_py.tui.lines import Line, length, spread
from ratop_py.tui.status import Status

KEPT = ("help", "quit", "live")
"""Deeds whose hints leave last."""
SEVERAL = {"pick-left": "← →", "prompt-before": "↑ ↓", "scroll-down": "j k", "earlier": "J K"}
"""Hints that stand for more than one key."""


def footer(status: Status, width: int) -> Line:
    """The whole line."""
    right: Line = [(f"  {_position(status)} ", "dim")] if status.answered else []
    if status.message:
        return spread([(status.message, status.message_tone)], right, width)
    return spread(offered(status.place, width - length(right), past=status.at is not None), right, width)


def _position(status: Status) -> str:
    if status.place is Place.PROMPT:
        return f"{status.matched} of {status.total}"
    return f"{'–' if status.cursor is None else status.cursor + 1} / {status.matched}"


def offered(place: Place, width: int, *, past: bool = False) -> Line:
    """Hints that fit, in order; the ones of least use are left out first."""
    return [part for key in fitting(place, width, past=past) for part in _hint(key)]


def fitting(place: Place, width: int, *, past: bool = False) -> list[Key]:
    """Keys whose hints fit."""
    keys = hints(place, past=past)
    while keys and sum(length(_hint(key)) for key in keys) > width:
        keys.remove(max(keys, key=lambda key: (key.deed not in KEPT, key.rank)))
    return keys


def _hint(key: Key) -> Line:
    usual = SEVERAL.get(key.deed) if key in KEYS else None
    return [(usual or sign(key.keys[0]), "key"), (f" {key.hint}  ", "dim")]


def deed_at(place: Place, width: int, x: int, *, past: bool = False) -> str:
    """What the hint under a cell does; empty: nothing."""
    at = 0
    for key in fitting(place, width, past=past):
        at += length(_hint(key))
        if x < at:
            return key.deed
    return ""
