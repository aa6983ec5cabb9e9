"""What `--events` says: `lsof`, `lsof:2s`, `psutil:1s`, `none`, Argus's `prog:lsof:30s` and `prog:/path:30s`.

Promise: a value, or an error that says the grammar. Does not know: programs, threads.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

UNITS = {"": 1.0, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
SECONDS = 2.0
PROGRAM_SECONDS = 30.0
LEAST = 0.1
HINT = "--events lsof:2s, psutil:2s, prog:/path/to/program:30s or none"


@dataclass(frozen=True, slots=True)
class EventSpec:
    """Where events come from."""

    kind: str
    """lsof, psutil, prog, none"""
    seconds: float = SECONDS
    path: str = ""


def parse(text: str) -> EventSpec:
    """Read it. RatopError: it is none of the forms."""
    method, _, rest = text.strip().partition(":")
    if method == "prog":
        path, _, interval = rest.rpartition(":") if _is_interval(rest.rpartition(":")[2]) else (rest, "", "")
        if not path:
            raise _wrong(text)
        seconds = _seconds(interval, text) if interval else PROGRAM_SECONDS
        return EventSpec("lsof", seconds) if path == "lsof" else EventSpec("prog", seconds, path)
    if method == "none" and not rest:
        return EventSpec("none")
    if method not in ("lsof", "psutil"):
        raise _wrong(text)
    return EventSpec(method, _seconds(rest, text) if rest else SECONDS)


def _is_interval(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+)?(ms|[smhdw])?", text) is not None


def _seconds(text: str, whole: str) -> float:
    if not _is_interval(text):
        raise _wrong(whole)
    digits = text.rstrip("mshdw")
    return max(LEAST, float(digits) * UNITS[text[len(digits) :]])


def _wrong(text: str) -> RatopError:
    return RatopError(f"no event source is called “{clean(text, 60)}”", hint=HINT, exit_code=Exit.USAGE)
