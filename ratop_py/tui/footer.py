"""The last line: the keys that do something here, or what just happened; and where the cursor is.

Promise: a key offered works here and now; quit and help leave last.
Does not know: widgets, what the keys do.
"""

from __future__ import annotations

from ratop_py.tui.keymap import IN_THE_PAST, Key, Place, hints, sign, spoken
from ratop_py.tui.lines import Line, length, spread
from ratop_py.tui.status import Status

KEPT = ("help", "quit", "live")
"""Deeds whose hints leave last."""
SEVERAL = {
    "pick-left": "{pick-left} {pick-right}",
    "prompt-before": "{prompt-before} {prompt-after}",
    "scroll-down": "{scroll-down} {scroll-up}",
    "earlier": "{later} {earlier}",
}
"""Hints that stand for more than one deed."""


def footer(status: Status, width: int) -> Line:
    """The whole line."""
    right = _right(status)
    if status.message:
        return spread([(status.message, status.message_tone)], right, width)
    return spread(offered(status.place, width - length(right), **when(status)), right, width)


def when(status: Status) -> dict[str, bool]:
    """What of the past is looked at, and kept."""
    return {"past": status.at is not None, "kept": status.meters.oldest is not None}


def _right(status: Status) -> Line:
    return [(f"  {_position(status)} ", "dim")] if status.answered else []


def _position(status: Status) -> str:
    if status.place is Place.PROMPT:
        return f"{status.matched} of {status.total}"
    return f"{'–' if status.cursor is None else status.cursor + 1} / {status.matched}"


def offered(place: Place, width: int, *, past: bool = False, kept: bool = True) -> Line:
    """Hints that fit, in order; the ones of least use are left out first."""
    return [part for key in fitting(place, width, past=past, kept=kept) for part in _hint(key)]


def fitting(place: Place, width: int, *, past: bool = False, kept: bool = True) -> list[Key]:
    """Keys whose hints fit."""
    keys = hints(place, past=past, kept=kept)
    while keys and sum(length(_hint(key)) for key in keys) > width:
        keys.remove(
            max(keys, key=lambda key: (key.deed not in KEPT, not past or key.deed not in IN_THE_PAST, key.rank))
        )
    return keys


def _hint(key: Key) -> Line:
    several = SEVERAL.get(key.deed)
    return [(spoken(several, key.place) if several else sign(key.keys[0]), "key"), (f" {key.hint}  ", "dim")]


def clicked(status: Status, width: int, x: int) -> str:
    """What a click on a cell of the line does; empty: nothing."""
    room = width - length(_right(status))
    return "" if status.message else deed_at(status.place, room, x, **when(status))


def deed_at(place: Place, width: int, x: int, *, past: bool = False, kept: bool = True) -> str:
    """What the hint under a cell does; empty: nothing."""
    at = 0
    for key in fitting(place, width, past=past, kept=kept):
        at += length(_hint(key))
        if x < at:
            return key.deed
    return ""
