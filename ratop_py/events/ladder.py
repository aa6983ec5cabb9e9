"""The best source of events that kernel and privileges allow, and the next one when it fails.

Promise: what was tried and why it was not taken is said; a source that dies is replaced within a second, and the
better one is tried again now and then. What a source that is left had still to tell is told.
Does not know: what the sources are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ratop_py.errors import RatopError
from ratop_py.events.fact import Facts
from ratop_py.events.socket import EventSource, Health, Listing
from ratop_py.safetext import words_of

GIVEN_UP = "privileges were given up after the start: restart ratop to have it again"
AGAIN = 30.0
"""Seconds after which a better source that failed is tried again."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A source that may be taken."""

    name: str
    open: Callable[[], EventSource]
    """OSError, LookupError, RatopError: not here, or not with these privileges."""


class Ladder:
    """An `events.socket.EventSource` that is the best of several. The last rung never fails to open."""

    def __init__(self, rungs: Sequence[Rung], clock: Callable[[], float]) -> None:
        """`clock`: seconds, from anywhere."""
        self._rungs, self._clock = rungs, clock
        self._why_not: dict[str, str] = {}
        """Rung → why it is not taken."""
        self._died: dict[str, str] = {}
        """Rung → of what it died, if it was taken before."""
        self._started = False
        self._tried = clock()
        self._at, self._source = self._open(range(len(rungs)))

    def _open(self, places: range) -> tuple[int, EventSource]:
        """The best of these rungs. RatopError: none opens."""
        for at in places:
            rung = self._rungs[at]
            try:
                source = rung.open()
            except (RatopError, OSError, LookupError) as error:
                self._why_not[rung.name] = self._refusal(rung.name, error)
            else:
                self._why_not.pop(rung.name, None)
                return at, source
        raise RatopError("no event source can be opened: " + "; ".join(self._why_not.values()))

    def _refusal(self, name: str, error: Exception) -> str:
        """Why it does not open, in words. What could be opened once, and may not any more, says so."""
        words = error.message if isinstance(error, RatopError) else words_of(error)
        if name not in self._died:
            return words
        return f"{self._died[name]}; {GIVEN_UP if isinstance(error, PermissionError) else words}"

    def start(self) -> None:
        """Begin."""
        self._started = True
        self._source.start()

    def take(self) -> Sequence[Listing | Facts]:
        """News of the source; this is also when a failed one is left, and a better one tried again."""
        taken = self._source.take()
        health = self._source.health()
        now = self._clock()
        if not health.ok and self._at + 1 < len(self._rungs):
            return (*taken, *self._fall(health.words))
        if self._at and now - self._tried >= AGAIN:
            self._tried = now
            self._climb()
        return taken

    def _fall(self, why: str) -> Sequence[Listing | Facts]:
        """To the next rung below that opens."""
        self._tried = self._clock()
        self._source.stop()
        last = self._source.take()
        name = self._rungs[self._at].name
        self._why_not[name] = self._died[name] = why
        self._at, self._source = self._open(range(self._at + 1, len(self._rungs)))
        if self._started:
            self._source.start()
        return last

    def _climb(self) -> None:
        """To a better rung, if one opens by now."""
        try:
            at, source = self._open(range(self._at))
        except RatopError:
            return
        self._source.stop()
        self._at, self._source = at, source
        source.start()

    def health(self) -> Health:
        """Of the source that is taken, with what stands in the way of better ones."""
        better = tuple((rung.name, self._why_not[rung.name]) for rung in self._rungs[: self._at])
        return replace(self._source.health(), standby=better)

    def stop(self) -> None:
        """End."""
        self._source.stop()
