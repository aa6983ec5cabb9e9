"""The commands of the `:` line, carried out.

Promise: every command of `commands.py` is here; a line that was not checked does nothing.
Does not know: how a line is typed.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ratop_py.tui import columns, commands, deeds, moments, outgo, saved, sights, wishes
from ratop_py.tui.languages import LIMITS, number_in
from ratop_py.tui.log import Log
from ratop_py.tui.look import MOST_KEYS
from ratop_py.tui.prompt import Trouble
from ratop_py.view import BY, Order

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp


def carry_out(app: RatopApp, text: str) -> None:
    """Carry out a line that was checked."""
    call = commands.parse(text)
    if not isinstance(call, Trouble) and call.name:
        COMMANDS[call.name](app, call.argument)


def _sort_command(app: RatopApp, argument: str) -> None:
    """In this order; the keys before break ties."""
    names = argument.replace(",", " ").split()
    order = [Order(name.lstrip("+-"), wishes.ascends(name.lstrip("+-")) == name.startswith("-")) for name in names]
    former = [key for key in app.trail.now.order if key.field not in {each.field for each in order}]
    app.look_at(replace(app.trail.now, order=(*order, *former)[:MOST_KEYS], keys=len(order)))


def _fields_command(app: RatopApp, argument: str) -> None:
    chosen = list(app.table.names)
    words = argument.replace(",", " ").split()
    if not words or not any(word[0] in "+-" for word in words):
        deeds.show_columns(
            app, tuple(dict.fromkeys(name for word in words for name in columns.SETS.get(word, (word,))))
        )
        return
    for word in words:
        name = word.lstrip("+-")
        chosen = [other for other in chosen if other != name]
        if not word.startswith("-"):
            chosen.append(name)
    deeds.show_columns(app, tuple(chosen) or app.table.names)


def _rate_command(name: str) -> Callable[[RatopApp, str], None]:
    def carry(app: RatopApp, argument: str) -> None:
        value = number_in(argument, *LIMITS[name])
        if value is not None:
            deeds.set_rate(app, value if name == "rate" else max(1 / 60, min(10.0, 1 / value)))

    return carry


def _speed_command(app: RatopApp, argument: str) -> None:
    value = number_in(argument, *LIMITS["speed"])
    if value is not None:
        moments.set_pace(app, value)


def _log(app: RatopApp, _: str) -> None:
    app.push_screen(Log(app.ink, app.record.said))


def _plainly(deed: str) -> Callable[[RatopApp, str], None]:
    return lambda app, _: deeds.DEEDS[deed](app)


def _export_command(app: RatopApp, argument: str) -> None:
    words = shlex.split(argument) if argument.count('"') % 2 == 0 and argument.count("'") % 2 == 0 else [argument]
    outgo.ask_name(app, words[0] if words else "")


COMMANDS: dict[str, Callable[[RatopApp, str], None]] = {
    "filter": wishes.filter_by,
    "sort": _sort_command,
    "reverse": _plainly("reverse"),
    "fields": _fields_command,
    "view": sights.go,
    "group": lambda app, argument: sights.go(app, BY + " ".join(argument.replace(",", " ").split())),
    "time": moments.take,
    "live": _plainly("live"),
    "speed": _speed_command,
    "save": saved.save,
    "mark": deeds.mark,
    "clear": lambda app, _: deeds.clear(app),
    "pause": _plainly("pause"),
    "rate": _rate_command("rate"),
    "update": _rate_command("update"),
    "export": _export_command,
    "coverage": _plainly("coverage"),
    "theme": deeds.set_theme,
    "number": _plainly("ports"),
    "zoom": _plainly("zoom"),
    "log": _log,
    "help": _plainly("help"),
    "quit": _plainly("quit"),
}
