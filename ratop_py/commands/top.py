"""`ratop top`, or `ratop` alone: the screen.

Promise: without a terminal it acts as `print`, once. With --or-demo a person sees something in any case.
Does not know: what the screen shows.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from ratop_py.commands import FILTERED
from ratop_py.commands.narration import tell
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.screen import Look, open_desk, show
from ratop_py.commands.sources import Sources, with_sources
from ratop_py.commands.words import joined, options_of
from ratop_py.config import DEFAULTS, LIMITS
from ratop_py.errors import Exit, RatopError

WITHOUT_WIRE = frozenset({Exit.NOT_PERMITTED, Exit.NO_SOURCE})
"""Failures after which the demo is shown, if asked for."""


@click.command(
    "top",
    short_help="The screen: live flows with their owners (the default).",
    context_settings=FILTERED,
)
@with_sources
@click.option(
    "--rate",
    metavar="HZ",
    type=click.FloatRange(0.1, LIMITS.rate),
    default=DEFAULTS.rate,
    show_default=True,
    help="Repaints a second.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "dark", "light", "ansi", "none"]),
    default="auto",
    show_default=True,
    help="Colours of the screen.",
)
@click.option("--or-demo", is_flag=True, help="Where capture is not possible, say why and show the demo.")
@click.argument("words", nargs=-1, metavar="[FILTER]...", type=click.UNPROCESSED)
def command(sources: Sources, rate: float, theme: str, or_demo: bool, words: tuple[str, ...]) -> Exit:
    """Watch flows with user, pid and program, as they happen or from a file.

    The filter stands at the end and needs no quotes but for what the shell would take. When stdout is no
    terminal this prints the flows of one interval, or of the file, and ends.
    """
    options = PrintOptions(sources=sources, filter=joined(words, options_of(command)), once=True)
    look = Look(rate=rate, theme=theme)
    if not sys.stdout.isatty():
        return on_paper(options, or_demo=or_demo)
    return watch(options, look, or_demo=or_demo)


def on_paper(options: PrintOptions, *, or_demo: bool) -> Exit:
    """As `print` does, for one interval."""
    from ratop_py.commands.print import run

    try:
        return run(options, sys.stdout.buffer, tell)
    except RatopError as error:
        excuse(error, options, or_demo=or_demo)
    return show_demo(options, printed=True)


def watch(options: PrintOptions, look: Look, *, or_demo: bool) -> Exit:
    """On the screen; a refusal is shown there, unless the demo is wanted instead."""
    if "-" in options.sources.files:
        words = "the screen needs the keyboard, and standard input is the capture"
        raise RatopError(words, hint="ratop print -r -", exit_code=Exit.USAGE)
    desk = open_desk(options.sources.settings(options.filter))
    if or_demo and options.sources.live:
        try:
            desk.start()
        except RatopError as error:
            desk.stop()
            excuse(error, options, or_demo=or_demo)
            return show_demo(options, printed=False)
    elif options.sources.live:
        desk.begin()
    return show(desk, options.filter, look)


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
