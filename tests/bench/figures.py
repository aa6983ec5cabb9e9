"""Repeated measurements and what is said of them: the median between the extremes, and ratios of paired runs.

Promise: two things are compared only by runs taken in turn, A B A B, so that a slow minute of the machine meets both.
Does not know: what is measured.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")
RUNS = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, middle and most of several runs."""

    least: float
    middle: float
    most: float

    def words(self, unit: str = "", digits: int = 2) -> str:
        """The median, and in brackets the extremes."""
        return f"{self.middle:,.{digits}f}{unit} ({self.least:,.{digits}f} – {self.most:,.{digits}f})"


def spread(values: Iterable[float]) -> Spread:
    """Of at least one value."""
    several = sorted(values)
    return Spread(several[0], statistics.median(several), several[-1])


def in_turn(first: Callable[[], T], second: Callable[[], T], runs: int = RUNS) -> tuple[list[T], list[T]]:
    """A B A B …"""
    ones, others = [], []
    for _ in range(runs):
        ones.append(first())
        others.append(second())
    return ones, others


def seconds(work: Callable[[], Any], runs: int = RUNS) -> Spread:
    """Of a function, after one call that nobody counts."""
    work()
    return spread(timed(work) for _ in range(runs))


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one call."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
