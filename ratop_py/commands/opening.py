"""How the screen begins: habits as the screen's options.

Promise: the order and columns of a view are those typed, remembered, configured, or its own; what is remembered at the
end is written by a function of the options, so that the screen knows no files.
Does not know: engines.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from ratop_py.commands import habits as customs
from ratop_py.commands.answering import order as ordered
from ratop_py.commands.checking import columns_known, keys_of, themes_of
from ratop_py.commands.habits import Habits
from ratop_py.commands.narration import tell
from ratop_py.errors import Exit, RatopError
from ratop_py.habits.configfile import nearly
from ratop_py.habits.preferences import THEMES
from ratop_py.tui.options import Options
from ratop_py.view import Order


def options(habits: Habits, filter_text: str, *, debug: bool = False) -> Options:
    """The options. `filter_text`: as typed, saved filters still by name."""
    values = habits.chosen.values
    view = str(values["view"])
    orders = _orders(_of(values["sort"], view, values.get("order")))
    columns = _of(values["columns"], view, values.get("fields"))
    return Options(
        theme=theme_of(habits),
        rate=float(str(values["rate"])),
        filter=filter_text,
        **({"order": orders["flows"]} if "flows" in orders else {}),
        orders=orders,
        fields=columns.get(view, ()),
        columns=columns,
        mouse=bool(values["mouse"]),
        ascii=bool(values["ascii"]),
        command=" ".join(["ratop", *sys.argv[1:]]),
        debug=debug,
        view=view,
        keep_ended=float(str(values["keep_ended"])),
        habits=habits.chosen.habits(),
        filters=habits.filters,
        configured=frozenset(habits.config.preferences.filters),
        history=habits.last.history,
        export=habits.last.export,
        keys=keys_of(habits.config)[0],
        themes=themes_of(habits.config),
        notices=habits.notices(),
        remember=partial(_remember, habits) if habits.keep else None,
    )


def _remember(habits: Habits, told: dict[str, object]) -> None:
    """Where this is not possible `ratop config` says why, and nobody else: a person who leaves wants to leave."""
    customs.keep(habits, told)


def theme_of(habits: Habits) -> str:
    """The theme; an error if one was typed that does not exist."""
    theme, known = str(habits.chosen.values["theme"]), (*THEMES, *habits.config.preferences.themes)
    if theme in known:
        return theme
    near = nearly(theme, known).removeprefix("; ")
    raise RatopError(f"there is no theme `{theme}`", hint=near or f"{', '.join(known)}", exit_code=Exit.USAGE)


def _of(said: object, view: str, typed: object) -> Mapping[str, Any]:
    """A table by view, with what was typed for the first one."""
    table = said if isinstance(said, Mapping) else {}
    return {**table, view: typed} if typed else table


def _orders(said: Mapping[str, Iterable[str | tuple[str, bool]]]) -> dict[str, tuple[Order, ...]]:
    return {view: tuple(map(_order, keys)) for view, keys in said.items() if keys}


def _order(key: str | tuple[str, bool]) -> Order:
    if not isinstance(key, str):
        return Order(*key)
    name = key.removeprefix("-")
    try:
        return ordered(key)
    except RatopError:  # a column of the screen alone: they hold numbers
        return Order(name, not key.startswith("-"))


def named(words: Iterable[str]) -> tuple[str, ...]:
    """Fields of a command line, with commas or blanks between; an error names the nearest."""
    names = tuple(name for word in words for name in word.replace(",", " ").split())
    known = columns_known()
    for name in names:
        if name.removeprefix("-") not in known:
            near = nearly(name, known).removeprefix("; ")
            raise RatopError(
                f"there is no field `{name}`", hint=near or "`ratop fields` lists all", exit_code=Exit.USAGE
            )
    return names


def warn(habits: Habits) -> None:
    """Say on stderr, before there is a screen, what is wrong with the files."""
    for notice in habits.notices():
        tell(notice)
