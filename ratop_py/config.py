"""Defaults and limits that more than one room needs.

Promise: frozen values; reading them opens nothing.
Does not know: the command line.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds when a person says nothing."""

    events: str = "auto"
    """Event source: the best that kernel and privileges allow."""
    interval: float = 5.0
    """Seconds between the records of a live `print`."""
    rate: float = 2.0
    """Repaints of the screen a second."""
    fields: tuple[str, ...] = (
        *("stime", "flgs", "proto", "saddr", "sport", "dir", "daddr", "dport"),
        *("pkts", "bytes", "state"),
    )
    """Columns of text, as Argus's `ra` has them…"""
    owners: tuple[str, ...] = ("user", "pid", "program")
    """…and these where owners are known."""
    sums: tuple[str, ...] = ("trans", "spkts", "dpkts", "sbytes", "dbytes")
    """Columns after the keys of a grouping."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is never exceeded."""

    rate: float = 10.0
    """Repaints a second."""
    rows_each: int = 16384
    """Rows that an export holds at a time."""


THEMES = ("dark", "light", "ansi", "none")
"""Colours that the screen brings along."""
VIEWS = ("flows", "programs", "hosts", "users", "risks", "ports", "networks", "interfaces", "tree", "rates")
"""Ways to look at flows, in the order of the screen's tabs: `view.sights` says what they are."""
DEFAULTS = Defaults()
LIMITS = Limits()
