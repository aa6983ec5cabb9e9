"""`ratop top`, or `ratop` alone: the screen.

Promise: without a terminal it acts as `print`, once. With --or-demo a person sees something in any case.
Does not know: what the screen shows.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import click
from click.core import ParameterSource

from ratop_py.commands import FILTERED
from ratop_py.commands.narration import tell
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.screen import open_desk, show
from ratop_py.commands.sources import Sources, with_sources
from ratop_py.commands.words import joined, options_of
from ratop_py.config import DEFAULTS, LIMITS, VIEWS
from ratop_py.errors import Exit, RatopError

if TYPE_CHECKING:
    from ratop_py.commands.habits import Habits

WITHOUT_WIRE = frozenset({Exit.NOT_PERMITTED, Exit.NO_SOURCE})
"""Failures after which the demo is shown, if asked for."""


@click.command(
    "top",
    short_help="The screen: live flows with their owners (the default).",
    context_settings=FILTERED,
)
@with_sources
@click.option("--view", metavar="NAME", type=click.Choice(VIEWS), help=f"View to begin with: {', '.join(VIEWS)}.")
@click.option("-s", "--fields", "fields", metavar="FIELDS", multiple=True, help="Its columns; comma or blank between.")
@click.option("--sort", metavar="FIELDS", default="", help="Its order, as print sorts; -name the other way.")
@click.option("--last", is_flag=True, help="With the filter of the last time; everything else comes back anyway.")
@click.option(
    "--rate",
    metavar="HZ",
    type=click.FloatRange(0.1, LIMITS.rate),
    help=f"Repaints a second.  [default: {DEFAULTS.rate:g}]",
)
@click.option(
    "--speed", metavar="X", type=click.FloatRange(0.01, 1000), help="Play the file, X times as fast as it was recorded."
)
@click.option("--theme", metavar="NAME", help="Colours: auto, dark, light, ansi, none, or one of the configuration's.")
@click.option("--ascii", "plain", is_flag=True, help="Draw with ASCII alone.")
@click.option("--no-mouse", is_flag=True, help="Leave the mouse to the terminal.")
@click.option("--no-config", is_flag=True, help="Without the configuration file.")
@click.option("--no-state", is_flag=True, help="Without what is remembered, and remember nothing.")
@click.option("--or-demo", is_flag=True, help="Where capture is not possible, say why and show the demo.")
@click.argument("words", nargs=-1, metavar="[FILTER]...", type=click.UNPROCESSED)
def command(sources: Sources, or_demo: bool, words: tuple[str, ...], **wishes: Any) -> Exit:
    """Watch flows with user, pid and program, as they happen or from a file.

    The filter stands at the end and needs no quotes but for what the shell would take. When stdout is no
    terminal this prints the flows of one interval, or of the file, and ends.

    What is not said here is as it was the last time, or as the configuration says: `ratop config` tells which.
    """
    if wishes["speed"] and sources.live:
        raise click.UsageError("--speed plays a file: use it with -r")
    text = joined(words, options_of(command))
    if not sys.stdout.isatty():
        return on_paper(printed(sources, text, wishes), or_demo=or_demo)
    habits = begun(sources, wishes)
    return watch(
        sources,
        text,
        habits,
        last=wishes["last"] and not text,
        speed=wishes["speed"] or 0.0,
        or_demo=or_demo,
    )


def printed(sources: Sources, text: str, wishes: Mapping[str, Any]) -> PrintOptions:
    """As `print` would be asked for it."""
    from ratop_py.commands.habits import expanded

    return PrintOptions(
        sources=sources,
        filter=expanded(text),
        once=True,
        view=wishes["view"] or "",
        columns=wishes["fields"],
        sort=wishes["sort"],
    )


def begun(sources: Sources, wishes: Mapping[str, Any]) -> Habits:
    """What was typed, over what is remembered, over the configuration."""
    from ratop_py.commands.habits import gather

    typed = {name: wishes[name] for name in ("view", "theme", "rate") if wishes[name] is not None}
    typed |= {"ascii": True} if wishes["plain"] else {}
    typed |= {"mouse": False} if wishes["no_mouse"] else {}
    typed |= {"interfaces": sources.interfaces} if sources.interfaces else {}
    typed |= {"events": sources.events} if said("events") else {}
    typed |= by_view(wishes)
    return gather(typed, config=not wishes["no_config"], state=not wishes["no_state"])


def by_view(wishes: Mapping[str, Any]) -> dict[str, Any]:
    """Columns and order that were typed; they are of the view that is shown first."""
    if not wishes["fields"] and not wishes["sort"]:
        return {}
    from ratop_py.commands.opening import named

    columns, order = named(wishes["fields"]), named([wishes["sort"]])
    return ({"fields": columns} if columns else {}) | ({"order": order} if order else {})


def said(option: str) -> bool:
    """Whether an option stands on the command line."""
    return click.get_current_context().get_parameter_source(option) is ParameterSource.COMMANDLINE


def on_paper(options: PrintOptions, *, or_demo: bool) -> Exit:
    """As `print` does, for one interval."""
    from ratop_py.commands.print import run

    try:
        return run(options, sys.stdout.buffer, tell)
    except RatopError as error:
        excuse(error, options, or_demo=or_demo)
    return show_demo(options, printed=True)


def watch(
    sources: Sources, text: str, habits: Habits, *, last: bool = False, speed: float = 0.0, or_demo: bool = False
) -> Exit:
    """On the screen; a refusal is shown there, unless the demo is wanted instead."""
    if "-" in sources.files:
        words = "the screen needs the keyboard, and standard input is the capture"
        raise RatopError(words, hint="ratop print -r -", exit_code=Exit.USAGE)
    from ratop_py.commands import opening
    from ratop_py.commands.habits import expanded

    text = habits.last.filter if last else text
    options = opening.options(habits, text, debug="--debug" in sys.argv)
    opening.warn(habits)
    sources = as_configured(sources, habits)
    asked = PrintOptions(sources=sources, filter=expanded(text, habits.filters), once=True)
    desk = open_desk(sources.settings(asked.filter, keep_ended=options.keep_ended, speed=speed))
    if or_demo and sources.live:
        try:
            desk.start()
        except RatopError as error:
            desk.stop()
            excuse(error, asked, or_demo=or_demo)
            return show_demo(asked, printed=False)
    elif sources.live:
        desk.begin()
    return show(desk, options)


def as_configured(sources: Sources, habits: Habits) -> Sources:
    """The sources, with what the configuration says of live ones."""
    if not sources.live:
        return sources
    values = habits.chosen.values
    from ratop_py.commands.checking import packets_kept

    return replace(
        sources,
        interfaces=cast("tuple[str, ...]", values["interfaces"]),
        events=str(values["events"]),
        keep_packets=sources.keep_packets or packets_kept(values["keep_packets"]),
    )


def excuse(error: RatopError, options: PrintOptions, *, or_demo: bool) -> None:
    """One line that says why not live; any other failure goes on its way."""
    if not (or_demo and options.sources.live and error.exit_code in WITHOUT_WIRE):
        raise error
    hint = f" ({'; '.join(error.hint.splitlines())})" if error.hint else ""
    tell(f"{error.message}{hint}; here is the demo instead")


def show_demo(options: PrintOptions, *, printed: bool) -> Exit:
    """What needs no privilege."""
    from ratop_py.commands.demo import play, recording

    return play(replace(options, sources=recording()), 1.0, printed=printed)
