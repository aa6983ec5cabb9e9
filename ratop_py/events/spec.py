"""What `--events` says: `auto`, `kernel`, `tracefs`, `diag:1s`, `lsof:2s`, `psutil:1s`, `none`, Argus's
`prog:lsof:30s` and `prog:/path args:30s`.

Promise: a value, or an error that says the grammar. As in argus.conf a path holds no colon; other than there no shell
sees it: it is split into words here. Does not know: programs, threads.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

UNITS = {
    "": 1.0, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "M": 2592000.0, "y": 31536000.0
}  # fmt: skip
"""Argus's; M is 30 days, y 365."""
SECONDS = 2.0
PROGRAM_SECONDS = 30.0
LEAST = 0.1
MOST = 1e8
HINT = "--events auto, kernel, tracefs, diag:1s, lsof:2s, psutil:2s, prog:/path/to/program:30s or none"
TIMELESS = ("auto", "kernel", "tracefs", "none")
"""Forms without an interval."""


@dataclass(frozen=True, slots=True)
class EventSpec:
    """Where events come from."""

    kind: str
    """auto, kernel, tracefs, diag, lsof, psutil, prog, none"""
    seconds: float = SECONDS
    """From the end of one look to the next, at least."""
    command: tuple[str, ...] = ()
    """Of a prog: the program and its arguments."""


def parse(text: str) -> EventSpec:
    """Read it. RatopError: it is none of the forms."""
    method, sign, rest = text.strip().partition(":")
    if method == "prog":
        return _program(rest, text)
    if method in TIMELESS and not sign:
        return EventSpec(method)
    if method not in ("diag", "lsof", "psutil"):
        raise _wrong(f"no event source is called “{clean(text, 60)}”")
    return EventSpec(method, _seconds(rest) if sign else SECONDS)


def _program(rest: str, text: str) -> EventSpec:
    path, _, interval = rest.partition(":")
    seconds = _seconds(interval) if interval else PROGRAM_SECONDS
    try:
        command = tuple(shlex.split(path))
    except ValueError:
        raise _wrong(f"a quote is not closed in “{clean(text, 60)}”") from None
    if not command or not command[0]:
        raise _wrong(f"no program is named in “{clean(text, 60)}”")
    return EventSpec("lsof", seconds) if command == ("lsof",) else EventSpec("prog", seconds, command)


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[smhdwMy]?)", text, re.ASCII)
    if match is None:
        raise _wrong(f"“{clean(text, 60)}” is no interval, as 2s, 500ms or 1m")
    seconds = float(match[1]) * UNITS[match[2]]
    if not LEAST <= seconds <= MOST:
        raise _wrong(f"an interval of “{clean(text, 60)}” is too short or too long: at least {LEAST:g} s")
    return seconds


def _wrong(what: str) -> RatopError:
    return RatopError(what, hint=HINT, exit_code=Exit.USAGE)
