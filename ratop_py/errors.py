"""A failure a person can act on: what happened, what to do, and the exit code.

Only `cli.py` catches `RatopError`. A traceback that reaches a person is a bug of ours.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes; documented in `ratop --help`."""

    OK = 0
    FAILED = 1
    """Something went wrong that is none of the below."""
    USAGE = 2
    """The command line, a filter or a configuration file is wrong."""
    NOT_PERMITTED = 3
    """The kernel refused; the hint names the capability."""
    NO_SOURCE = 4
    """No such file, interface or host."""
    BAD_DATA = 5
    """The input is no capture, or broken from the start."""
    INTERRUPTED = 130
    """Ctrl-C before the work was done (a file half read)."""


class RatopError(Exception):
    """One sentence, a hint that can be typed, and the exit code."""

    def __init__(self, message: str, *, hint: str = "", exit_code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.exit_code = exit_code
