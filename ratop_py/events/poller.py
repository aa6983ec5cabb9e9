"""A source that looks at all sockets again and again: lsof, psutil, or a program of the user's.

Promise: a thread of its own; a look that hangs is killed at its deadline and counted; lsof never costs more than 1 %
of a core on average, the pauses are stretched instead; listings wait in a bounded queue, the oldest gives way, counted.
This is one of the leaves that read a clock. Does not know: flows.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Protocol

from ratop_py.events import lsof
from ratop_py.events.process import Processes
from ratop_py.events.socket import Health, Listing, Socket
from ratop_py.events.spec import EventSpec
from ratop_py.safetext import clean

SHARE = 0.01
"""Of a core, that looking may cost on average."""
DEADLINE = 5.0
"""Seconds a look may take."""
WAITING = 8
"""Listings that wait for a reader."""
MOST_OUTPUT = 64 << 20
"""Bytes of one listing."""
LSOF = ("-w", "-n", "-P", f"-F{lsof.FIELDS}0", "-i")
PLACES = ("/usr/bin/lsof", "/usr/sbin/lsof", "/bin/lsof", "/sbin/lsof", "/usr/local/bin/lsof", "/opt/homebrew/bin/lsof")
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "LANG": "C"}


class LookError(Exception):
    """A look failed; one line for a person."""


class Looker(Protocol):
    """Looks once."""

    name: str
    words: str

    def look(self) -> tuple[tuple[Socket, ...], bool, str]:
        """(sockets, complete, why not). LookError: nothing was seen."""
        ...


class ProgramLooker:
    """Runs lsof, or a program that prints what lsof prints."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.words = " ".join(command[:2])
        self._command = list(command)
        self._processes = Processes()
        self._whole = os.geteuid() == 0 and name == "lsof"

    def look(self) -> tuple[tuple[Socket, ...], bool, str]:
        """Run it; kill it at the deadline."""
        output, code, words = run(self._command, DEADLINE)
        sockets = lsof.parse(output)
        if code not in (0, 1) or (code == 1 and words and not sockets):  # 1: lsof found nothing, or not all
            raise LookError(words or f"{self.name} ended with {code}")
        complete = self._whole and not words
        why_not = "" if complete else words or "without root only one's own sockets are listed"
        return self._processes.describe(sockets), complete, why_not


def run(command: list[str], deadline: float) -> tuple[str, int, str]:
    """(output, exit code, first line of complaint) of a program; its whole process group ends at the deadline."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    except OSError as error:
        raise LookError(f"cannot run {command[0]}: {error.strerror}") from None
    try:
        out, err = child.communicate(timeout=deadline)
    except subprocess.TimeoutExpired:
        end_group(child)
        raise LookError(f"{Path(command[0]).name} did not answer within {deadline:g} s and was ended") from None
    except BaseException:
        end_group(child)
        raise
    line = err.decode("utf-8", "replace").strip().partition("\n")[0]
    return out[:MOST_OUTPUT].decode("utf-8", "surrogateescape"), child.returncode, clean(line, 200)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and what it started, and reap it; pipes that a grandchild holds are not waited for."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
    child.wait()


class Poller:
    """An `events.socket.EventSource` that looks at an interval."""

    def __init__(self, looker: Looker, seconds: float, note: str = "") -> None:
        self._looker = looker
        self._seconds = seconds
        self._stop, self._lock = Event(), Lock()
        self._waiting: deque[Listing] = deque(maxlen=WAITING)
        words = f"{looker.name} every {seconds:g} s" + (f" ({note})" if note else "")
        self._health = Health(looker.name, ok=True, words=words)
        self._said = words
        self._thread = Thread(target=self._run, name=f"events {looker.name}", daemon=True)

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._thread.start()

    def take(self) -> Sequence[Listing]:
        """Listings since the last call."""
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
        return taken

    def health(self) -> Health:
        """How it does now."""
        return self._health

    def stop(self) -> None:
        """End within a second or two: a look under way ends at its deadline, in a daemon thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)

    def _run(self) -> None:
        while not self._stop.is_set():
            before = spent()
            self._look()
            cost = spent() - before
            self._health = replace(self._health, cost=self._health.cost + cost)
            self._stop.wait(max(self._seconds, cost / SHARE))

    def _look(self) -> None:
        began = time.time()
        try:
            sockets, complete, why_not = self._looker.look()
        except LookError as error:
            self._fail(str(error))
        except Exception as error:  # noqa: BLE001 - a source may fail, its thread may not
            self._fail(f"{type(error).__name__}: {clean(str(error), 120)}")
        else:
            self._offer(Listing(self._looker.name, began, time.time(), complete, sockets, why_not))

    def _offer(self, listing: Listing) -> None:
        with self._lock:
            dropped = len(self._waiting) == WAITING
            self._waiting.append(listing)
        words = self._said + (f"; {listing.why_not}" if listing.why_not else "")
        health = self._health
        self._health = replace(
            health, ok=True, words=words, listings=health.listings + 1, dropped=health.dropped + dropped
        )

    def _fail(self, words: str) -> None:
        self._health = replace(self._health, ok=False, words=words, failures=self._health.failures + 1)


def spent() -> float:
    """CPU seconds of this thread and of all children that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.thread_time() + children.ru_utime + children.ru_stime


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
        return Poller(ProgramLooker(Path(spec.path).name, [spec.path]), spec.seconds)
    found = find_lsof() if spec.kind == "lsof" else None
    if found is not None:
        return Poller(ProgramLooker("lsof", [found, *LSOF]), spec.seconds)
    from ratop_py.events.psutil_looker import PsutilLooker

    note = "lsof is not installed" if spec.kind == "lsof" else ""
    return Poller(PsutilLooker(), spec.seconds, note)


def find_lsof() -> str | None:
    """Where lsof is."""
    return next((place for place in PLACES if os.access(place, os.X_OK)), None)


__all__ = ["Poller", "Recorded", "Silence", "find_lsof", "open_poller"]
