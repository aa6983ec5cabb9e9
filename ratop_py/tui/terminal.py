"""What the terminal is: its colours, and keeping strangers' writing off the screen.

Promise: `theme` never waits longer than a tenth of a second and leaves the terminal as it was; while `quiet` holds,
what libraries and the interpreter write to stderr is kept and told afterwards, not drawn over the screen.
Does not know: the app.
"""

from __future__ import annotations

import asyncio
import os
import re
import select
import signal
import sys
import tempfile
import termios
import threading
import traceback
import tty
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

from ratop_py.safetext import decode

WAIT = 0.1
"""Seconds that the terminal has to tell its background."""
KEPT = 16_384
"""Bytes of stray writing that are told at the end."""
POOR = frozenset({"linux", "xterm", "screen", "vt100", "vt220", "ansi", "dumb", "rxvt", "cygwin"})
"""TERM of terminals with fewer than 256 colours."""
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
_REPLY = re.compile(rb"\x1b\]11;rgba?:([0-9a-fA-F]+)/([0-9a-fA-F]+)/([0-9a-fA-F]+)")


def theme(wanted: str, environ: Mapping[str, str]) -> str:
    """The theme to begin with."""
    if wanted != "auto":
        return wanted
    if environ.get("NO_COLOR"):
        return "none"
    term = environ.get("TERM", "")
    if term in POOR and environ.get("COLORTERM", "") not in ("truecolor", "24bit"):
        return "ansi"
    told = "" if term.startswith("screen") else background()
    return told or by_variable(environ.get("COLORFGBG", "")) or "dark"


def narrow(environ: Mapping[str, str]) -> bool:
    """Whether only ASCII can be shown: the locale names another encoding than UTF-8."""
    named = environ.get("LC_ALL") or environ.get("LC_CTYPE") or environ.get("LANG") or ""
    return bool(named) and "utf" not in named.lower()


def by_variable(colours: str) -> str:
    """`dark` or `light` by COLORFGBG (`foreground;background`), else empty."""
    last = colours.rpartition(";")[2]
    if not last.isascii() or not last.isdecimal():
        return ""
    return "light" if int(last) in (7, 15) else "dark"


def by_reply(reply: bytes) -> str:
    """`dark` or `light` by the answer to OSC 11, else empty."""
    found = _REPLY.search(reply)
    if not found:
        return ""
    red, green, blue = (int(part[:2].ljust(2, b"0"), 16) for part in found.groups())
    return "light" if 0.299 * red + 0.587 * green + 0.114 * blue > 127 else "dark"


def background() -> str:
    """Ask the terminal; empty: it does not say."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        before = termios.tcgetattr(terminal)
        try:
            tty.setcbreak(terminal)
            # A second question that every terminal answers ends the wait where the first is not understood.
            os.write(terminal, b"\x1b]11;?\x1b\\\x1b[c")
            return by_reply(_read(terminal))
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)
    except (OSError, termios.error):
        return ""
    finally:
        os.close(terminal)


def _read(terminal: int) -> bytes:
    reply = b""
    while not re.search(rb"\x1b\[\?[\d;]*c", reply):
        if not select.select([terminal], [], [], WAIT)[0]:
            break
        reply += os.read(terminal, 256)
    return reply


@contextmanager
def quiet() -> Iterator[None]:
    """Keep stderr for the screen alone; tell at the end what else was written there."""
    sys.stderr.flush()
    screen = os.dup(2)
    with tempfile.TemporaryFile() as kept, open(screen, "w", encoding="utf-8", closefd=True) as out:
        before, hooks = sys.__stderr__, (sys.unraisablehook, threading.excepthook)
        os.dup2(kept.fileno(), 2)
        sys.__stderr__ = out  # type: ignore[misc]  # where Textual draws
        sys.unraisablehook, threading.excepthook = _hooks(kept)
        try:
            yield
        finally:
            sys.__stderr__ = before  # type: ignore[misc]
            sys.unraisablehook, threading.excepthook = hooks
            out.flush()
            os.dup2(screen, 2)
            _tell(kept)


def _hooks(kept: IO[bytes]) -> tuple[Any, Any]:
    def note(error: Any) -> None:
        lines = traceback.format_exception(error.exc_type, error.exc_value, error.exc_traceback)
        os.write(kept.fileno(), "".join(lines).encode("utf-8", "replace"))

    return note, note


def _tell(kept: IO[bytes]) -> None:
    kept.seek(0, os.SEEK_END)
    size = kept.tell()
    kept.seek(max(0, size - KEPT))
    for line in kept.read(KEPT).splitlines():
        print(decode(line, 512), file=sys.stderr)  # noqa: T201 - stderr is for words


def on_signals(leave: Callable[[], None]) -> None:
    """Textual leaves the terminal as it is on these; leaving in order restores it. Within the running loop."""
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, leave)
