"""One look at all sockets: what does it, and how it fails.

Promise: a look ends soon after `stopped` says so. Does not know: intervals, threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ratop_py.events.socket import Socket

Seen = tuple[tuple[Socket, ...], bool, str]
"""Sockets, whether nothing was hidden, and why not."""


class LookError(Exception):
    """A look failed; one line for a person."""


class Looker(Protocol):
    """Looks once."""

    name: str
    words: str
    partial: bool
    """The last look was at some kinds of socket only."""

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """All sockets now. LookError: nothing was seen."""
        ...
