"""`ratop top`, or `ratop` alone: the screen.

Promise: without a terminal it acts as `print`, once. With --or-demo a person sees something in any case.
Does not know: what the screen shows.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import click

from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.screen import Look, show
from ratop_py.commands.sources import Sources, with_sources
from ratop_py.commands.words import joined, options_of
from ratop_py.config import DEFAULTS, LIMITS
from ratop_py.errors import Exit, RatopError

WITHOUT_WIRE = frozenset({Exit.NOT_PERMITTED, Exit.NO_SOURCE})
"""Failures after which the demo is shown, if asked for."""


@click.command(
    "top",
    short_help="The screen: live flows with their owners (the default).",
    context_settings={"allow_interspersed_args": False},
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
@click.option("--theme", metavar="NAME", default=None, help="Colours of the screen.")
@click.option("--or-demo", is_flag=True, help="Where capture is not possible, say why and show the demo.")
@click.argument("words", nargs=-1, metavar="[FILTER]...", type=click.UNPROCESSED)
def command(sources: Sources, rate: float, theme: str | None, or_demo: bool, words: tuple[str, ...]) -> Exit:
    """Watch flows with user, pid and program, as they happen or from a file.

    The filter stands at the end and needs no quotes but for what the shell would take. When stdout is no
    terminal this prints the flows of one interval, or of the file, and ends.
    """
    options = PrintOptions(sources=sources, filter=joined(words, options_of(command)), once=True)
    look = Look(rate=rate, theme=theme)
    start = print_once if not sys.stdout.isatty() else lambda chosen: watch(chosen, look)
    if or_demo and sources.live:
        return or_else_demo(options, start)
    return start(options)


def print_once(options: PrintOptions) -> Exit:
    """As `print` does, for one interval."""
    from ratop_py.commands.print import run, tell

    return run(options, sys.stdout.buffer, tell)


def watch(options: PrintOptions, look: Look) -> Exit:
    """On the screen."""
    if "-" in options.sources.files:
        raise RatopError(
            "the screen needs the keyboard, which is now the capture", hint="ratop print -r -", exit_code=Exit.USAGE
        )
    return show(options.sources.settings(options.filter), look)


def or_else_demo(options: PrintOptions, start: Callable[[PrintOptions], Exit]) -> Exit:
    """Live if it may be, else one line that says why, and the demo."""
    try:
        return start(options)
    except RatopError as error:
        if error.exit_code not in WITHOUT_WIRE:
            raise
        hint = error.hint.replace("\n", "; ")
        click.echo(f"ratop: {error.message}{f' ({hint})' if hint else ''}; showing the demo instead", err=True)
    from ratop_py.commands.demo import play, recording

    return play(replace(options, sources=recording()), 1.0, printed=not sys.stdout.isatty())
