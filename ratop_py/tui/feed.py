"""The seam between the screen and whoever answers Views, and the thread that asks.

Promise: `ask` is never called from the screen's own thread, nor twice at a time; of questions that wait only the newest
is asked; of answers that wait only the newest is shown. A failure arrives as an answer, not as a dead thread.
Does not know: engines, files, how a snapshot is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Condition, Thread
from typing import Protocol

from ratop_py.view import Snapshot, View

MARGIN = 100
"""Rows asked for above and below those on the screen."""


Going = Callable[[int], bool]
"""Told now and then how much is done; False: stop."""


class Feed(Protocol):
    """Who answers the screen's questions: a live engine, a replayed file, a fake."""

    def start(self) -> None:
        """Open the sources; `RatopError` if that cannot be."""
        ...

    def ask(self, view: View) -> Snapshot:
        """The answer to a view; may take milliseconds. `RatopError` if the view is wrong."""
        ...

    def hold(self, held: bool) -> None:
        """Keep answering from the flows as they are now (pause), or go on."""
        ...

    def reverse(self, address: str) -> tuple[str, bool]:
        """What DNS calls an address, and whether that name leads back to it; may take seconds. `RatopError`: it has
        no name, or nobody answers."""
        ...

    def pace(self, speed: float) -> None:
        """Play a file so much faster than it was recorded, from here on; 0: as fast as can be."""
        ...

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Going) -> int:  # noqa: A002
        """Write the view's rows (or their packets) to a new file; returns how many. `rows`: only these, by id; empty:
        all. Called on a thread of its own. Never overwrites; a stop leaves nothing behind and is a `RatopError`."""
        ...

    def draw(self, picture: str, path: str) -> int:
        """Write a picture to a new file; returns that it is one."""
        ...

    def packets(self) -> tuple[bool, str]:
        """(whether packets can be written, what to know: why not and what to do, or which are not there any more)."""
        ...

    def stop(self) -> None:
        """End within a second."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """A view, and the lines that the screen can show of it."""

    view: View
    height: int = 40
    keep: int | None = None
    """Line of the screen on which the anchor stands; None: no anchor to keep."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A snapshot or a failure, and what was asked."""

    question: Question
    snapshot: Snapshot | None
    failure: Exception | None
    seconds: float


def answer(feed: Feed, question: Question) -> Snapshot:
    """Ask; once more if the anchor went so far that the rows around it are not in the window."""
    snapshot = feed.ask(question.view)
    window, rank, keep = question.view.window, snapshot.anchor_rank, question.keep
    if window is None or rank is None or keep is None:
        return snapshot
    top = max(0, min(rank - keep, snapshot.matched - question.height))
    last = min(top + question.height, snapshot.matched)
    if snapshot.first <= top and last <= snapshot.first + len(snapshot):
        return snapshot
    wider = (max(0, top - MARGIN), question.height + 2 * MARGIN)
    return feed.ask(replace(question.view, window=wider))


Job = Callable[[Feed], None]
"""Something to do with the feed, on the reader's thread, before the next question."""


class Reader:
    """The thread that asks. `deliver` is called on it with every answer."""

    def __init__(self, feed: Feed, deliver: Callable[[Answer], None]) -> None:
        self._feed = feed
        self._deliver = deliver
        self._wanted = Condition()
        self._jobs: list[Job] = []
        self._question: Question | None = None
        self._opening = self._open = self._over = self._answering = False
        self._thread = Thread(target=self._run, name="ratop-reader", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def open(self, question: Question) -> None:
        """Start the feed, then ask this; until that went well nothing else is asked."""
        with self._wanted:
            self._opening = True
            self._question = question
            self._wanted.notify()

    def want(self, question: Question, *jobs: Job) -> None:
        """Do the jobs, then ask this; a question that still waits is dropped, its jobs are not."""
        with self._wanted:
            self._jobs.extend(jobs)
            self._question = question
            self._wanted.notify()

    @property
    def idle(self) -> bool:
        """Nothing is asked, and nothing waits to be."""
        with self._wanted:
            return self._question is None and not self._answering

    def stop(self, patience: float = 1.0) -> None:
        """End; an answer under way is waited for no longer than `patience` seconds."""
        with self._wanted:
            self._over = True
            self._wanted.notify()
        if self._thread.ident is not None:
            self._thread.join(patience)

    def _run(self) -> None:
        while True:
            with self._wanted:
                while self._question is None and not self._over:
                    self._wanted.wait()
                if self._over:
                    return
                question, jobs, opening = self._question, self._jobs, self._opening
                self._question, self._jobs, self._opening = None, [], False
                self._answering = True
            assert question is not None
            if opening or self._open:
                self._deliver(self._answer(question, jobs, opening=opening))
            self._answering = False

    def _answer(self, question: Question, jobs: list[Job], *, opening: bool) -> Answer:
        began = now()
        try:
            if opening:
                self._open = False
                self._feed.start()
                self._open = True
            for job in jobs:
                job(self._feed)
            return Answer(question, answer(self._feed, question), None, now() - began)
        except Exception as error:  # noqa: BLE001 - the screen decides what a failure means
            return Answer(question, None, error, now() - began)


def now() -> float:
    """Seconds on a clock that only goes forward."""
    return time.monotonic()


def wall() -> float:
    """Seconds since the epoch."""
    return time.time()
