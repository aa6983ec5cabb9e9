"""What a person asked `print` to show, and how.

Promise: a plain value; nothing in it was checked against fields or files.
Does not know: what becomes of it (`answering` does).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ratop_py.commands.sources import Sources
from ratop_py.config import DEFAULTS


@dataclass(frozen=True, slots=True)
class PrintOptions:
    """What a person asked to see, and how."""

    sources: Sources = field(default_factory=Sources)
    filter: str = ""
    format: str = "text"
    output: str = ""
    """Name of a new file; empty: standard output."""
    columns: tuple[str, ...] = ()
    """Words of `-s`."""
    separator: str = ""
    numbers: bool = False
    epoch: bool = False
    decimals: int | None = None
    abbreviate: bool = False
    count: int | None = None
    sort: str = ""
    group: str = ""
    view: str = ""
    """Name of a way to look (`view.sights`); empty: flows as they began."""
    interval: float = DEFAULTS.interval
    once: bool = False
    """Live: stop after one interval."""
    header: int = 0
    summary: bool = False
    guard: bool = False
    """Words that a spreadsheet would take for formulas get a quote mark in front."""
