"""How the interpreter shares its time while the screen is up.

Promise: a key waits neither for a collector that looks through what the start made, nor for the thread that answers
longer than a moment at a time; afterwards all is as it was.
Does not know: what the threads do.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN = 0.001
"""Seconds that a thread may go on while another waits. A key's way to its paint changes threads three times."""


@contextmanager
def brisk() -> Iterator[None]:
    """Answer keys first."""
    turn = sys.getswitchinterval()
    sys.setswitchinterval(TURN)
    gc.disable()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.enable()
        sys.setswitchinterval(turn)


def settled() -> None:
    """The start is over. What it made stays to the end: 30 to 90 ms each time that somebody looks through it."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
