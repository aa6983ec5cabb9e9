"""The screen from its first line to the terminal as it was before.

Promise: however it ends, the terminal is given back; a failure of our own is told in a report, not in a traceback.
Does not know: what the screen shows.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from ratop_py.errors import Exit, RatopError
from ratop_py.tui import keymap, pace, scrollbars, terminal, themes
from ratop_py.tui.app import RatopApp
from ratop_py.tui.feed import Feed
from ratop_py.tui.options import Options


def run(source: Feed, options: Options) -> int:
    """Show the screen until a person leaves it; returns the exit code."""
    if not sys.stdin.isatty():
        raise RatopError(
            "the screen needs a keyboard, and standard input is none",
            hint="ratop print, or leave stdin alone",
            exit_code=Exit.USAGE,
        )
    for name in ("COLUMNS", "LINES"):  # a size that a shell once exported would be believed through every resize
        os.environ.pop(name, None)
    keymap.wear(options.keys)
    themes.put_on(options.themes)
    theme = terminal.theme(options.theme, os.environ)
    options = replace(options, ascii=options.ascii or terminal.narrow(os.environ))
    scrollbars.choose(ascii_only=options.ascii)
    app = RatopApp(source, options, theme)
    try:
        with terminal.quiet(), pace.brisk():
            code = app.run(mouse=options.mouse)
    finally:
        source.stop()
    if app.failure is not None:
        from ratop_py.tui import report

        raise report.told(app.failure, debug=options.debug)
    if app.refusal is not None and not code:
        return int(app.refusal.exit_code)
    return code or 0
