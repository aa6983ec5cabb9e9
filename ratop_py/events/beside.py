"""Two sources at once: the first tells what it can, the second what the first cannot.

Promise: what both tell is told; it does as well as the first does, and says how the second does. Does not know: which
sources, flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ratop_py.events.fact import Facts
from ratop_py.events.socket import EventSource, Health, Listing


class Beside:
    """An `events.socket.EventSource`."""

    def __init__(self, first: EventSource, second: EventSource) -> None:
        self._both = first, second

    def start(self) -> None:
        """Begin with both."""
        for each in self._both:
            each.start()

    def take(self) -> Sequence[Listing | Facts]:
        """News of both."""
        return tuple(news for each in self._both for news in each.take())

    def health(self) -> Health:
        """Of the first, with the words and the cost of the second."""
        first, second = (each.health() for each in self._both)
        words = f"{first.words}; the rest: {second.words}"
        return replace(first, words=words, cost=first.cost + second.cost, failures=first.failures + second.failures)

    def stop(self) -> None:
        """End both."""
        for each in self._both:
            each.stop()
