"""Processes by their number and a time, those that are gone as well.

Promise: what is told of a process was true at the time asked for: a program read from /proc counts only where it was
the same life (no fork under its number since) and no exec lies between; else the path of the exec, else what its parent
ran. What is not known is left empty. Bounded. Times are seconds of CLOCK_MONOTONIC, handed in. Safe among threads.
Does not know: sockets, who tells of forks and execs.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import TypeVar

from ratop_py.events.forebears import Forebears
from ratop_py.events.process import Process, name_of, of_kernel, read
from ratop_py.flow.flows import Owner
from ratop_py.safetext import clean, decode

TICK = 0.01
"""Seconds by which /proc may tell the start of a process late."""
KEEP = 120.0
"""Seconds that a process is known after its end."""
MOST = 65_536
"""Processes known."""
EXECS = 16
"""Execs of one life that are told apart, and looks at it that are kept."""
LIVES = 4
"""Lives under one number that are told apart. One that execs without end has several."""
LONGEST = 512
"""Characters of a path."""
DEEP = 8
"""Forefathers that are asked what they ran."""
NOBODY = -1
"""A user that is not known."""
LONG_AGO = float("-inf")


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What /proc showed of a process."""

    at: float
    process: Process
    uid: int


class Life:
    """What is known of one process; grows."""

    __slots__ = ("born", "execs", "gone", "owners", "parent", "pid")

    def __init__(self, pid: int, born: float = LONG_AGO, parent: Life | None = None) -> None:
        self.pid, self.born, self.parent = pid, born, parent
        self.gone = False
        """/proc had it no more when it was asked."""
        self.execs: list[tuple[float, str]] = []
        """When it became which program."""
        self.owners: dict[tuple[int, int], Owner] = {}
        """(execs until then, user) → the same object each time."""

    def epoch(self, at: float) -> int:
        """How many execs lie before this time."""
        return sum(when <= at for when, _ in self.execs)


class Past:
    """Learns what happens to processes; answers who one was."""

    def __init__(
        self,
        login: Callable[[int], str],
        wall: Callable[[], float],
        boot: Callable[[], float],
        proc: Path = Path("/proc"),
    ) -> None:
        """`wall`, `boot`: seconds to be added to a time for one since the epoch, and for one since boot."""
        self._login, self._proc, self._forebears = lru_cache(4096)(login), proc, Forebears(proc)
        self._wall, self._boot = wall, boot
        self.users = False
        """It is told of each change of user."""
        self._lock = RLock()
        self._lives: dict[int, list[Life]] = {}
        """pid → its lives, the latest last."""
        self._gone: deque[tuple[float, Life]] = deque()
        self._glimpses: dict[int, list[Glimpse]] = {}
        self._users: dict[int, list[tuple[float, int]]] = {}
        """pid → when it became which user's."""

    # -- what happens --------------------------------------------------------------------------------------------------

    def forked(self, at: float, pid: int, parent: int) -> None:
        """A process began."""
        with self._lock:
            known = self._at(parent, at)
            if known is None:
                known = self._noted(Life(parent))
            self._noted(Life(pid, at, known))

    def execed(self, at: float, pid: int, path: bytes) -> None:
        """It runs another program. `path` may be empty: nobody told."""
        with self._lock:
            life = self._at(pid, at) or self._noted(Life(pid))
            if len(life.execs) >= EXECS:  # as if it had begun anew
                self._past_it(at, life)
                self._noted(life := Life(pid, at, life.parent))
            life.execs.append((at, clean(decode(path, LONGEST), LONGEST)))

    def became(self, at: float, pid: int, uid: int) -> None:
        """It is another user's."""
        with self._lock:
            _kept(self._users, pid, (at, uid))

    def exited(self, at: float, pid: int) -> None:
        """It ended: what is known of it is kept for a while."""
        with self._lock:
            if (life := self._at(pid, at)) is not None:
                self._past_it(at, life)

    def missed(self) -> None:
        """Something was not told: who has which number now must be asked anew."""
        with self._lock:
            for table in (self._lives, self._gone, self._glimpses, self._users):
                table.clear()

    def glimpse(self, pid: int, at: float, now: float) -> Glimpse | None:
        """Look at /proc now, for what is true of a process that lived at that time. None: it is gone."""
        process, uid = read(pid, self._proc, 0.0), self._user(pid)
        if process.started is None or process.started - self._boot() > at + TICK:
            return None
        with self._lock:
            if self._at(pid, at) is None:
                self._noted(Life(pid))
            return _kept(self._glimpses, pid, Glimpse(now, process, uid))

    # -- who it was ----------------------------------------------------------------------------------------------------

    def owner(self, pid: int, at: float, now: float) -> Owner | None:
        """The process that had this number at that time. None: it is the kernel's own."""
        with self._lock:
            life = self._at(pid, at)
            if life is None:
                seen = self.glimpse(pid, at, now)
                life = self._at(pid, at) or self._noted(Life(pid))
                life.gone = seen is None
            epoch, uid = life.epoch(at), self._uid(life, at, now)
            known = life.owners.get((epoch, uid))
            if known is None:
                known = life.owners[epoch, uid] = self._made(life, at, now, uid)
            return None if of_kernel(known) else known

    def _made(self, life: Life, at: float, now: float, uid: int) -> Owner:
        process = self._process(life, at, now)
        ppid = process.ppid or (life.parent.pid if life.parent is not None else 0)
        parent = self._at(ppid, at) or life.parent
        return Owner(
            pid=life.pid,
            started=self._started(life),
            uid=uid,
            user=self._login(uid) if uid != NOBODY else "",
            program=process.program,
            exe=process.exe,
            cmdline=process.cmdline,
            ppid=ppid,
            parent=self._process(parent, at, now).program if parent is not None and parent.pid == ppid else "",
            container=process.container,
            netns=process.netns,
            forebears=self._forebears.of(ppid) if ppid else (),
        )

    def _started(self, life: Life) -> float | None:
        """Since the epoch: as /proc says, else when its fork was told."""
        seen = self._seen(life)
        if seen and seen[0].process.started is not None:
            return seen[0].process.started - self._boot() + self._wall()
        return life.born + self._wall() if life.born > LONG_AGO else None

    def _process(self, life: Life, at: float, now: float, depth: int = 0) -> Process:
        """What it ran at that time."""
        epoch = life.epoch(at)
        fitting = [each for each in self._seen(life) if life.epoch(each.at) == epoch]
        if not fitting and epoch == len(life.execs) and self._ask(life, at, now):
            fitting = self._seen(life)[-1:]
        best = next((each.process for each in fitting if each.process.exe or each.process.cmdline), None)
        if best is not None:
            return best
        if epoch and (path := life.execs[epoch - 1][1]):
            return Process(exe=path, program=name_of(path, [], ""))
        if not epoch and life.parent is not None and depth < DEEP and life.born > LONG_AGO:
            inherited = self._process(life.parent, life.born, now, depth + 1)
            return replace(inherited, started=None, ppid=0)
        return fitting[0].process if fitting else Process()

    def _uid(self, life: Life, at: float, now: float, depth: int = 0) -> int:
        """Whose it was at that time."""
        changes = [each for each in self._users.get(life.pid, ()) if self._at(life.pid, each[0]) is life]
        told = [uid for when, uid in changes if when <= at]
        if told:
            return told[-1]
        if not self._seen(life):
            self._ask(life, at, now)
        for each in self._seen(life):
            if each.uid != NOBODY and not any(at < when <= each.at for when, _ in changes):
                return each.uid
        if self.users and life.parent is not None and depth < DEEP:
            return self._uid(life.parent, life.born, now, depth + 1)
        return NOBODY

    def _ask(self, life: Life, at: float, now: float) -> bool:
        """Look at /proc, unless it is known to be gone."""
        if not life.gone:
            life.gone = self._at(life.pid, now) is not life or self.glimpse(life.pid, at, now) is None
        return not life.gone

    def _seen(self, life: Life) -> list[Glimpse]:
        """What /proc showed of this life."""
        seen = (each for each in self._glimpses.get(life.pid, ()) if self._at(life.pid, each.at) is life)
        return [
            each
            for each in seen
            if (each.process.started or 0.0) - self._boot() <= life.born + TICK or life.born == LONG_AGO
        ]

    # -- the table -----------------------------------------------------------------------------------------------------

    def _at(self, pid: int, at: float) -> Life | None:
        """The life under this number at that time."""
        return next((life for life in reversed(self._lives.get(pid, ())) if life.born <= at), None)

    def _noted(self, life: Life) -> Life:
        lives = self._lives.setdefault(life.pid, [])
        lives.append(life)
        lives.sort(key=lambda each: each.born)
        for old in lives[:-LIVES]:  # others may hold it as their parent: what it ran goes with it
            old.execs.clear()
            old.owners.clear()
            old.parent = None
        del lives[:-LIVES]
        if len(self._lives) > MOST:
            self._lives.pop(next(iter(self._lives)))
        return life

    def _past_it(self, at: float, life: Life) -> None:
        """This one is over; those that are so for long are forgotten."""
        self._gone.append((at, life))
        while self._gone and (self._gone[0][0] < at - KEEP or len(self._gone) > MOST):
            self._forget(self._gone.popleft()[1])

    def _forget(self, life: Life) -> None:
        lives = self._lives.get(life.pid, [])
        if life in lives:
            lives.remove(life)
            if not lives:
                for table in (self._lives, self._glimpses, self._users):
                    table.pop(life.pid, None)
        life.parent = None

    def _user(self, pid: int) -> int:
        try:
            return os.stat(self._proc / str(pid)).st_uid
        except OSError:
            return NOBODY


Told = TypeVar("Told")


def _kept(table: dict[int, list[Told]], pid: int, told: Told) -> Told:
    """Put it to what is known of a process; the oldest gives way."""
    known = table.setdefault(pid, [])
    known.append(told)
    del known[:-EXECS]
    if len(table) > MOST:
        del table[next(iter(table))]
    return told
