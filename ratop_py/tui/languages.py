"""The three things that can be typed: a filter, a command, a text to mark.

Promise: checking a line changes nothing.
Does not know: keys, drawing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ratop_py.fields import FIELDS
from ratop_py.filter import FilterError, compile_filter
from ratop_py.filter.saved import expand, offers
from ratop_py.tui import cellfilter, commands, feed, moments, saved
from ratop_py.tui.cellfilter import quoted
from ratop_py.tui.commands import Call
from ratop_py.tui.ink import themes
from ratop_py.tui.prompt import Trouble
from ratop_py.tui.prompter import Language
from ratop_py.view import SIGHTS, Snapshot, Text

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


NONE: Mapping[str, str] = {}


def check_filter(text: str, filters: Mapping[str, str] = NONE) -> Trouble | None:
    """What is wrong with a filter, in which `@name` stands for a saved one."""
    if not text.strip():
        return None
    try:
        whole = expand(text, filters)
        try:
            compile_filter(whole.text, feed.wall())
        except FilterError as error:
            return trouble_of(whole.told(error))
    except FilterError as error:
        return trouble_of(error)
    return None


def trouble_of(error: FilterError) -> Trouble:
    """A filter error, for the caret."""
    sentence = error.expected[:1].lower() + error.expected[1:]
    return Trouble(error.start, max(error.end, error.start + 1), sentence, error.nearest or "")


def filter_offers(
    text: str, seen: Mapping[str, Sequence[str]], filters: Mapping[str, str] = NONE
) -> tuple[Sequence[str], int]:
    """Words that could end this filter; `seen`: values that the flows have, by field."""
    return offers(text, len(text), seen, filters)


PLAIN = re.compile(r"[A-Za-z_][\w.-]*")
"""Words that need no quotes behind an operator."""


def values_seen(snapshot: Snapshot | None) -> dict[str, list[str]]:
    """Words that stand in the columns of a snapshot."""
    columns = snapshot.columns if snapshot is not None else {}
    return {name: _words(column) for name, column in columns.items() if isinstance(column, Text)}


def _words(column: Text) -> list[str]:
    used = {column.words[code] for code in set(column.codes.tolist())} - {""}
    return [word if PLAIN.fullmatch(word) else quoted(word) for word in sorted(used)]


def check_command(text: str, filters: Mapping[str, str] = NONE) -> Trouble | None:
    """What is wrong with a command."""
    call = commands.parse(text)
    if isinstance(call, Trouble):
        return call
    if call.name == "filter" and call.argument:
        trouble = check_filter(call.argument, filters)
        if trouble is not None:
            return Trouble(trouble.start + call.start, trouble.end + call.start, trouble.sentence, trouble.nearest)
    if call.name in ("sort", "fields", "group"):
        return _check_fields(call, text)
    return _check_value(call, text)


def _check_fields(call: Call, text: str) -> Trouble | None:
    known = {*FIELDS, *(commands.SETS_OF_FIELDS if call.name == "fields" else ())}
    for found in re.finditer(r"[^\s,]+", call.argument):
        name = found[0].lstrip("+-")
        if name not in known:
            start = call.start + found.end() - len(name)
            return Trouble(start, start + len(name), f"there is no field “{name}”", commands.nearest(name, known))
        if call.name == "group" and FIELDS[name].kind not in cellfilter.GROUPABLE:
            start = call.start + found.end() - len(name)
            return Trouble(start, start + len(name), f"flows are not put together by “{name}”: each has its own")
    if call.name in ("sort", "group") and not call.argument:
        return Trouble(len(text), len(text) + 1, "by which field?")
    return None


def _check_value(call: Call, text: str) -> Trouble | None:
    span = call.start, max(len(text), call.start + 1)
    if call.name == "time" and (trouble := moments.check(call.argument)):
        return Trouble(*span, trouble.sentence)
    if call.name == "save" and not saved.NAME.fullmatch(call.argument):
        return Trouble(*span, saved.EXPECTED)
    if call.name in LIMITS and number_in(call.argument, *LIMITS[call.name]) is None:
        least, most = LIMITS[call.name]
        return Trouble(*span, f"a number from {least:g} to {most:g} is expected")
    if call.name == "view" and call.argument not in SIGHTS:
        return Trouble(*span, f"one of {', '.join(SIGHTS)} is expected", commands.nearest(call.argument, SIGHTS))
    if call.name == "theme" and call.argument not in (known := themes()):
        sentence = f"{', '.join(known[:-1])} or {known[-1]} is expected"
        return Trouble(*span, sentence, commands.nearest(call.argument, known))
    return None


LIMITS = {"rate": (0.1, 10.0), "update": (0.1, 60.0), "speed": (0.1, 1000.0)}


def number_in(text: str, least: float, most: float) -> float | None:
    """The number that a text says, if it is within limits."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if least <= value <= most else None


def languages(app: RatopApp) -> Mapping[str, Language]:
    """What the lines of this screen mean."""
    from ratop_py.tui import deeds, orders, wishes

    return {
        "filter": Language(
            lambda text: check_filter(text, app.kept.filters),
            lambda text: wishes.filter_by(app, text),
            lambda text: filter_offers(text, app.values_seen, app.kept.filters),
            app.try_filter,
        ),
        "command": Language(
            lambda text: check_command(text, app.kept.filters),
            lambda text: orders.carry_out(app, text),
            lambda text: commands.offers(text, FIELDS, themes()),
        ),
        "time": Language(moments.check, lambda text: moments.take(app, text), lambda _: ((), 0)),
        "mark": Language(lambda _: None, lambda text: deeds.mark(app, text), lambda _: ((), 0)),
    }
