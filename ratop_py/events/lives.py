"""Processes as the kernel's records tell them: kept while they live, and for a time after.

Promise: a name is that of the life (pid, start) which the record is about: /proc is asked only where the records do not
tell, and its answer counts only if the start is the same. Bounded. All text is clean.
Does not know: sockets.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ratop_py.events.container import Groups
from ratop_py.events.forebears import Forebears, Line
from ratop_py.events.process import Process, name_of, read
from ratop_py.flow.flows import Owner
from ratop_py.safetext import clean, decode

TICK_NS = 1_000_000_000 // (os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100)
TICK = TICK_NS / 1e9
ALWAYS = float("inf")
MOST = 65_536
"""Lives remembered."""
PROC = Path("/proc")
NOWHERE = Path("/nonexistent")
"""Instead of a /proc that counts processes otherwise than the records."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a life runs."""

    name: str
    exe: str
    cmdline: str
    container: str = ""
    netns: str = ""


Life = tuple[int, int]
"""(pid, start in clock ticks after boot); 0 where the record does not tell the start."""


class Lives:
    """Learns from records; makes owners. `login`: uid → name."""

    def __init__(
        self, booted: float, login: Callable[[int], str], groups: Groups | None = None, proc: Path = PROC
    ) -> None:
        self._booted, self._login, self._proc = booted, lru_cache(4096)(login), proc
        self._groups, self._forebears = groups, Forebears(proc)
        self._lines: dict[int, Line] = {}
        """Those above a process, as found since `turn`."""
        self._latest: dict[int, Life] = {}
        """pid → its last life that is known."""
        self._moment: dict[tuple[int, int], tuple[float, Owner]] = {}
        """(pid, uid) → who has the number at this moment, and since when, s after boot."""
        self._programs: OrderedDict[Life, Program] = OrderedDict()
        self._owners: OrderedDict[tuple[Life, int, int], tuple[Program, Owner]] = OrderedDict()

    def execed(self, pid: int, start: int, path: str, words: list[str], comm: bytes) -> None:
        """It runs this program now."""
        exe, cleaned = clean(path, 1024), [clean(word, 1024) for word in words]
        life = (pid, start // TICK_NS)
        before = self._programs.get(life)
        around = (before.container, before.netns) if before is not None else ("", "")
        name = name_of(exe, cleaned, _text(comm))
        self._note(life, Program(name, exe, clean(" ".join(cleaned), 1024), *around))

    def all_living(self) -> None:
        """Take in who lives now: what forks from them is known by their names."""
        for name in filter(str.isdigit, os.listdir(self._proc)):
            process = read(int(name), self._proc, 0.0)
            if process.started is not None:
                self._note((int(name), _ticks(process)), _of(process))

    def doubt(self) -> None:
        """Records were lost: whoever is known may run another program by now."""
        self._programs.clear()
        self._latest.clear()
        self._owners.clear()

    def living(self, pid: int) -> Owner | None:
        """A process that lives now, as /proc shows it; None: it is gone."""
        process = read(pid, self._proc, 0.0)
        try:
            uid = os.stat(self._proc / str(pid)).st_uid
        except OSError:
            return None
        if process.started is None:
            return None
        self._note((pid, _ticks(process)), _of(process))
        return self.owner(pid, _ticks(process) * TICK_NS, uid, process.ppid, 0, b"")

    def forked(self, pid: int, start: int, parent: int, parent_start: int) -> None:
        """It runs what its parent ran."""
        life = (parent, parent_start // TICK_NS)
        known = self._programs.get(life)
        if known is not None and (pid, start // TICK_NS) not in self._programs:  # else /proc told more, and later
            self._programs.move_to_end(life)  # who makes many is not pushed out by them
            self._note((pid, start // TICK_NS), known)

    def owner(self, pid: int, start: int, uid: int, ppid: int, group: int, comm: bytes, at: float = ALWAYS) -> Owner:
        """The process as an owner; the same object as long as nothing changed. `group`: number of its control group.
        A record that does not tell the start is about whoever has the number now, if that one had surely begun by then:
        `at`, s after boot."""
        if not start:
            return self._now(pid, uid, ppid, group, comm, at)
        life = (pid, start // TICK_NS)
        program = self._programs.get(life) or self._asked(life, comm)
        key = (life, uid, ppid)
        known = self._owners.get(key)
        if known is not None and known[0] is program:
            return known[1]
        owner = self._made(life, uid, ppid, group, program)
        self._owners[key] = (program, owner)
        if len(self._owners) > MOST:
            self._owners.popitem(last=False)
        return owner

    def turn(self) -> None:
        """Records of a later moment come: a number without a start may be another process's by now."""
        self._moment.clear()
        self._lines.clear()

    def _now(self, pid: int, uid: int, ppid: int, group: int, comm: bytes, at: float) -> Owner:
        known = self._moment.get((pid, uid))
        if known is not None and known[0] + TICK <= at:
            return known[1]
        process = read(pid, self._proc, 0.0)
        if process.started is None or process.started + TICK > at:  # gone, or the number may be another's by now
            return self._made((pid, 0), uid, ppid, group, Program(_text(comm), "", ""))
        owner = self._made((pid, _ticks(process)), uid, process.ppid or ppid, group, _of(process))
        self._moment[pid, uid] = process.started, owner
        return owner

    def _made(self, life: Life, uid: int, ppid: int, group: int, program: Program) -> Owner:
        pid, ticks = life
        parent = self._programs.get(self._latest.get(ppid, (0, 0)))
        named = self._groups.name(group) if self._groups is not None and group else None
        return Owner(
            pid=pid,
            started=self._booted + ticks * TICK_NS / 1e9 if ticks else None,
            uid=uid,
            user=self._login(uid),
            program=program.name,
            exe=program.exe,
            cmdline=program.cmdline,
            ppid=ppid,
            parent=parent.name if parent is not None else "",
            container=named or program.container,
            netns=program.netns,
            forebears=self._line(ppid),
        )

    def _line(self, ppid: int) -> Line:
        if ppid not in self._lines:
            self._lines[ppid] = self._forebears.of(ppid) if ppid else ()
        return self._lines[ppid]

    def _note(self, life: Life, program: Program) -> None:
        self._programs[life] = program
        self._programs.move_to_end(life)
        self._latest[life[0]] = life
        if len(self._programs) > MOST:
            gone, _ = self._programs.popitem(last=False)
            if self._latest.get(gone[0]) == gone:
                del self._latest[gone[0]]

    def _asked(self, life: Life, comm: bytes) -> Program:
        """What /proc says, if it is the same life; else the name that came with the record."""
        process = read(life[0], self._proc, 0.0)
        if process.started is not None and life[1] == _ticks(process):
            program = _of(process)
        else:
            program = Program(_text(comm), "", "")
        self._note(life, program)
        return program


def _ticks(process: Process) -> int:
    """When it started, of a process that was read without the time of boot."""
    return round((process.started or 0.0) * 1e9 / TICK_NS)


def _of(process: Process) -> Program:
    return Program(process.program, process.exe, process.cmdline, process.container, process.netns)


def _text(comm: bytes) -> str:
    return decode(comm.partition(b"\0")[0], 64)
