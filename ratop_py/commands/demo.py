"""`ratop demo`: a recording that ships with ratop, in the same screen as live traffic.

Promise: needs no privilege and no network; the same recording gives the same flows.
Does not know: what is in the recording.
"""

from __future__ import annotations

import sys
from importlib.resources import as_file, files
from pathlib import Path

import click

from ratop_py.commands import FILTERED
from ratop_py.commands.narration import tell
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.sources import Sources
from ratop_py.commands.words import joined, options_of
from ratop_py.errors import Exit, RatopError

RECORDING = "demo.pcap.gz"
CONTEXT = "demo.json"
SKIP = 20.0
"""Seconds of the recording that are there at once: the screen begins with something to look at."""


def recording() -> Sources:
    """The recording and what its host knew, as sources."""
    folder = files("ratop_py") / "assets"
    with as_file(folder / RECORDING) as capture, as_file(folder / CONTEXT) as context:
        if not Path(capture).exists():
            raise RatopError("the demo recording is not installed", hint="reinstall ratop-py")
        return Sources(files=(str(capture),), context=str(context))


@click.command(
    "demo",
    short_help="A recording with a story in it; needs no privilege.",
    context_settings=FILTERED,
)
@click.option("--print", "printed", is_flag=True, help="Print its flows instead of playing it on the screen.")
@click.option(
    "--speed", type=click.FloatRange(0.01, 1000), default=1.0, show_default=True, help="Recorded seconds a second."
)
@click.argument("words", nargs=-1, metavar="[FILTER]...", type=click.UNPROCESSED)
def command(printed: bool, speed: float, words: tuple[str, ...]) -> Exit:
    """Play a recording: an ordinary laptop, and a visitor who claims to be in Antarctica."""
    from ratop_py.commands.habits import expanded

    options = PrintOptions(sources=recording(), filter=expanded(joined(words, options_of(command))))
    return play(options, speed, printed=printed or not sys.stdout.isatty())


def play(options: PrintOptions, speed: float, *, printed: bool) -> Exit:
    """On the screen, or as lines."""
    if printed:
        from ratop_py.commands.print import run

        return run(options, sys.stdout.buffer, tell)
    from ratop_py.commands import habits, opening
    from ratop_py.commands.screen import open_desk, show

    own = habits.gather({"view": "flows"}, state=False)  # a show: it begins as it is told, and nothing of it is kept
    desk = open_desk(options.sources.settings(options.filter, speed=speed, skip=SKIP))
    return show(desk, opening.options(own, options.filter, debug="--debug" in sys.argv))
