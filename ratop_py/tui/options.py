"""What a person asked of the screen on the command line.

Promise: a frozen value.
Does not know: sources, packets.
"""

from __future__ import annotations

from dataclasses import dataclass

from ratop_py.config import DEFAULTS
from ratop_py.view import Order


@dataclass(frozen=True, slots=True)
class Options:
    """How the screen begins."""

    theme: str = "auto"
    """auto, dark, light, ansi or none"""
    rate: float = DEFAULTS.rate
    """Refreshes a second."""
    filter: str = ""
    order: tuple[Order, ...] = (Order("load"),)
    fields: tuple[str, ...] = ()
    """Columns; empty: a set that fits the width."""
    mouse: bool = True
    ascii: bool = False
    """Draw with ASCII alone."""
    command: str = "ratop"
    """The command line as typed, for hints that can be typed."""
    debug: bool = False
    """Show the traceback of a failure of our own."""
