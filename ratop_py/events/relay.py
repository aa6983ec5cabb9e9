"""A thread that reads what the kernel tells, and a bounded queue of facts between it and whoever takes them.

Promise: who takes facts has what happened until now read first, but waits a moment only; what finds no room is
counted and leaves a hole; a clock that is set moves what waits, and it is told by how much. A failure ends the thread,
and is said.
This is one of the leaves that read a clock. Does not know: where facts come from.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Thread
from typing import Protocol, TypeVar

from ratop_py.events.fact import Fact, Missed
from ratop_py.events.poller import booted
from ratop_py.safetext import clean

STEP = 0.1
"""Seconds by which the clock must have been set before what was told is moved; it is slewed by less."""
WAITING = 200_000
"""Facts that wait for a reader."""


Result = TypeVar("Result")


class Work(Protocol):
    """What is done in the thread."""

    def begin(self) -> None:
        """First of all."""
        ...

    def read(self) -> float:
        """What happened since the last call, offered; seconds until the next, at most."""
        ...

    def close(self) -> None:
        """In the end, whether it went well or not."""
        ...


@dataclass(frozen=True, slots=True)
class Taken:
    """What waited."""

    facts: tuple[Fact, ...]
    stepped: float
    """Seconds by which the clock was set since the last call."""
    through: float
    """All until then is told."""
    ended: float | None
    """When the thread ended."""


class Relay:
    """One thread, one queue."""

    def __init__(self, name: str, work: Work, patience: float) -> None:
        """`patience`: seconds that whoever takes waits for one more reading, at most."""
        self._work, self._patience = work, patience
        self._change = Condition()
        self._stop, self._asked, self._answered = False, 0, 0
        self._waiting: list[Fact] = []
        self._stepped, self._through = 0.0, float("inf")
        self._ended: float | None = None
        self._booted = booted() or 0.0
        self.told = self.dropped = 0
        """Facts offered, and those that found no room."""
        self.cost = 0.0
        """CPU seconds of the thread."""
        self.failure = ""
        self._thread = Thread(target=self._run, name=f"events {name}", daemon=True)

    @property
    def booted(self) -> float:
        """When the system booted, s since the epoch, by the clock as it is set now."""
        return self._booted

    @property
    def full(self) -> bool:
        """Whether nothing more finds room."""
        return len(self._waiting) >= WAITING

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """End within a second."""
        with self._change:
            self._stop = True
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join(1.0)
        elif self._ended is None:
            self._end()

    def take(self) -> Taken:
        """What was offered since the last call."""
        with self._change:
            self._asked = mine = self._asked + 1
            self._change.notify_all()
            self._change.wait_for(lambda: self._answered >= mine or self._ended is not None, self._patience)
            taken = Taken(tuple(self._waiting), self._stepped, self._through, self._ended)
            self._waiting, self._stepped = [], 0.0
        return taken

    def offer(self, found: Sequence[Fact], *, bounded: bool = True, through: float | None = None) -> bool:
        """Let them wait; False: some found no room. `through`: all until then is told with them."""
        with self._change:
            self._through = self._through if through is None else through
            room = max(0, WAITING - len(self._waiting)) if bounded else len(found)
            self._waiting.extend(found[:room])
            self.told += len(found)
            if len(found) <= room:
                return True
            self.dropped += len(found) - room
            at = found[room].at
            if self._waiting and isinstance(self._waiting[-1], Missed):
                at = min(at, self._waiting.pop().at)
            self._waiting.append(Missed(at, max(0.0, time.time() - at)))
        return False

    def _run(self) -> None:
        try:
            self._timed(self._work.begin)
            pause = 0.0
            while not self._stop:
                with self._change:
                    self._change.wait_for(lambda: self._stop or self._asked > self._answered, pause)
                    asked = self._asked
                pause = self._timed(self._reading)
                with self._change:
                    self._answered = asked
                    self._change.notify_all()
        except Exception as error:  # noqa: BLE001 - a source may fail, its thread may not
            self.failure = f"{type(error).__name__}: {clean(str(error), 120)}"
        self._end()

    def _reading(self) -> float:
        """One more."""
        before, self._booted = self._booted, booted() or 0.0
        stepped = self._booted - before
        if abs(stepped) >= STEP:
            with self._change:
                self._stepped += stepped
                self._waiting = [fact._replace(at=fact.at + stepped) for fact in self._waiting]
        return self._work.read()

    def _timed(self, work: Callable[[], Result]) -> Result:
        begun = time.thread_time()
        result = work()
        self.cost += time.thread_time() - begun
        return result

    def _end(self) -> None:
        self._work.close()
        with self._change:
            self._ended = time.time()
            self._change.notify_all()
