"""A source that looks at all sockets again and again: lsof, psutil, or a program of the user's.

Promise: a thread of its own; a look that hangs is killed at its deadline and counted; lsof never costs more than 1 %
of a core on average, the pauses are stretched instead; listings wait in a bounded queue, the oldest gives way, counted.
This is one of the leaves that read a clock. Does not know: flows.
"""

from __future__ import annotations

import resource
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread

from ratop_py.events.looker import Looker, LookError
from ratop_py.events.program import LSOF, ProgramLooker, find_lsof
from ratop_py.events.socket import Health, Listing
from ratop_py.events.spec import EventSpec
from ratop_py.safetext import clean

SHARE = 0.01
"""Of a core, that looking may cost on average."""
PATIENCE = 0.1
"""Seconds that whoever takes listings waits for a prompt look."""
WAITING = 8
"""Listings that wait for a reader."""


class Poller:
    """An `events.socket.EventSource` that looks at an interval."""

    def __init__(
        self,
        looker: Looker,
        seconds: float,
        note: str | Callable[[], str] = "",
        said: str = "",
        share: float = SHARE,
        after: Callable[[], None] = lambda: None,
        *,
        prompt: bool = False,
    ) -> None:
        """`note`: what else is to be said of it. `said`: what it does, in words. `share`: of a core, that looking may
        cost on average. `after`: called when there are no more looks. `prompt`: a look takes moments, so whoever takes
        listings has one made."""
        self._looker = looker
        self._seconds, self._share, self._after = seconds, share, after
        self._stop, self._lock = Event(), Lock()
        self._prompt, self._wanted, self._looked = prompt, Event(), Event()
        self._waiting: deque[Listing] = deque(maxlen=WAITING)
        self._said = said or f"{looker.name} every {seconds:g} s"
        self._note = note if callable(note) else lambda: note
        self._stretched = ""
        """How far the pauses are stretched, in words."""
        self._why_not = ""
        """What the last listing lacks."""
        self._health = Health(looker.name, ok=True, words=self._words())
        self._thread = Thread(target=self._run, name=f"events {looker.name}", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def take(self) -> Sequence[Listing]:
        """Listings since the last call."""
        if self._prompt and not self._stretched and self._thread.is_alive():
            self._looked.clear()
            self._wanted.set()
            self._looked.wait(PATIENCE)
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
        return taken

    def health(self) -> Health:
        """How it does now."""
        return self._health

    def stop(self) -> None:
        """End within a second, a look under way included."""
        self._stop.set()
        self._wanted.set()
        if self._thread.is_alive():
            self._thread.join(1.0)
        elif self._thread.ident is None:
            self._after()

    def _run(self) -> None:
        while self._goes_on():
            before = spent()
            self._look()
            self._looked.set()
            cost = spent() - before
            pause = max(self._seconds, cost / self._share)
            self._stretched = f", now {pause:.0f} s" if pause > self._seconds + 0.5 else ""
            words = self._words() if self._health.ok else self._health.words
            self._health = replace(self._health, cost=self._health.cost + cost, words=words)
            self._wanted.wait(pause)
        self._after()

    def _goes_on(self) -> bool:
        """Whether there is another look; who wants one, or the end, from now on is heard after it."""
        self._wanted.clear()
        return not self._stop.is_set()

    def _look(self) -> None:
        began = time.time()
        try:
            sockets, complete, why_not = self._looker.look(self._stop.is_set)
        except LookError as error:
            if not self._stop.is_set():
                self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - a source may fail, its thread may not
            self._fail(f"{type(error).__name__}: {clean(str(error), 120)}")
        else:
            ended, partial = time.time(), self._looker.partial
            self._offer(Listing(self._looker.name, began, ended, complete, sockets, why_not, partial))

    def _offer(self, listing: Listing) -> None:
        with self._lock:
            dropped = len(self._waiting) == WAITING
            self._waiting.append(listing)
        self._why_not, health = listing.why_not, self._health
        self._health = replace(
            health, ok=True, words=self._words(), listings=health.listings + 1, dropped=health.dropped + dropped
        )

    def _words(self) -> str:
        return "; ".join(filter(None, (self._said + self._stretched, self._note(), self._why_not)))

    def _fail(self, words: str) -> None:
        self._health = replace(self._health, ok=False, words=words, failures=self._health.failures + 1)


def spent() -> float:
    """CPU seconds of this thread and of all children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


def booted() -> float | None:
    """When the system booted, s since the epoch; /proc/stat tells whole seconds only. None: there is no such clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return None
    looks = []
    for _ in range(3):  # somebody may come between one clock and the other
        before, now, after = time.clock_gettime(clock), time.time(), time.clock_gettime(clock)
        looks.append((after - before, now - (before + after) / 2))
    return min(looks)[1]


def suspended() -> float:
    """Seconds that the machine slept since it booted: the clock of events stood still then. The best of a few looks:
    whoever comes between one clock and the other makes it less. 0: there is no such clock."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    if clock is None:
        return 0.0
    return max(time.clock_gettime(clock) - time.monotonic() for _ in range(3))


class Silence:
    """An `events.socket.EventSource` that tells nothing."""

    def __init__(self, words: str = "off") -> None:
        self._words = words

    def start(self) -> None:
        """Nothing to begin."""

    def take(self) -> Sequence[Listing]:
        """Nothing."""
        return ()

    def health(self) -> Health:
        """As it was made."""
        return Health("events", ok=False, words=self._words)

    def stop(self) -> None:
        """Nothing to end."""


class Recorded:
    """An `events.socket.EventSource` of listings that were written down: beside a capture, told as its clock reaches
    them."""

    def __init__(self, listings: Sequence[Listing], clock: Callable[[], float]) -> None:
        self._left = deque(sorted(listings, key=lambda each: each.began))
        self._clock = clock
        self._told = 0

    def start(self) -> None:
        """Nothing to begin."""

    def take(self) -> Sequence[Listing]:
        """Listings whose time has come."""
        now, taken = self._clock(), []
        while self._left and self._left[0].ended <= now:
            taken.append(self._left.popleft())
        self._told += len(taken)
        return taken

    def health(self) -> Health:
        """How many were told."""
        return Health("context", ok=True, words=f"{self._told} listings beside the capture", listings=self._told)

    def stop(self) -> None:
        """Nothing to end."""


def open_poller(spec: EventSpec) -> Poller | Silence:
    """The source that a spec asks for; where lsof is missing, psutil, said in its health."""
    if spec.kind == "none":
        return Silence("off (--events none)")
    if spec.kind == "prog":
        return Poller(ProgramLooker(Path(spec.command[0]).name, spec.command, time.monotonic, booted), spec.seconds)
    found = find_lsof() if spec.kind == "lsof" else None
    if found is not None:
        return Poller(ProgramLooker("lsof", (found, *LSOF), time.monotonic, booted), spec.seconds)
    from ratop_py.events.psutil_looker import psutil_looker

    note = "lsof is not installed" if spec.kind == "lsof" else ""
    return Poller(psutil_looker(booted), spec.seconds, note)
