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

from ratop_py.events.process import Process, name_of, read
from ratop_py.flow.flows import Owner
from ratop_py.safetext import clean, decode

TICK_NS = 1_000_000_000 // (os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100)
MOST = 65_536
"""Lives remembered."""


@dataclass(frozen=True, slots=True)
class Program:
    """What a life runs."""

    name: str
    exe: str
    cmdline: str


Life = tuple[int, int]
"""(pid, start in clock ticks after boot); 0 where the record does not tell the start."""


class Lives:
    """Learns from records; makes owners. `login`: uid → name."""

    def __init__(self, booted: float, login: Callable[[int], str], proc: Path = Path("/proc")) -> None:
        self._booted, self._login, self._proc = booted, lru_cache(4096)(login), proc
        self._programs: OrderedDict[Life, Program] = OrderedDict()
        self._owners: OrderedDict[tuple[Life, int, int], tuple[Program, Owner]] = OrderedDict()

    def execed(self, pid: int, start: int, path: str, words: list[str], comm: bytes) -> None:
        """It runs this program now."""
        exe, cleaned = clean(path, 1024), [clean(word, 1024) for word in words]
        program = Program(name_of(exe, cleaned, _text(comm)), exe, clean(" ".join(cleaned), 1024))
        self._note((pid, start // TICK_NS), program)

    def living(self) -> None:
        """Take in who lives now: what forks from them is known by their names."""
        for name in filter(str.isdigit, os.listdir(self._proc)):
            process = read(int(name), self._proc, 0.0)
            if process.started is not None:
                self._note((int(name), round(process.started * 1e9 / TICK_NS)), _of(process))

    def forked(self, pid: int, start: int, parent: int, parent_start: int) -> None:
        """It runs what its parent ran."""
        known = self._programs.get((parent, parent_start // TICK_NS))
        if known is not None:
            self._note((pid, start // TICK_NS), known)

    def owner(self, pid: int, start: int, uid: int, ppid: int, comm: bytes) -> Owner:
        """The process as an owner; the same object as long as nothing changed."""
        life = (pid, start // TICK_NS)
        program = self._programs.get(life) or self._asked(life, comm)
        key = (life, uid, ppid)
        known = self._owners.get(key)
        if known is not None and known[0] is program:
            return known[1]
        owner = self._made(life, uid, ppid, program)
        self._owners[key] = (program, owner)
        if len(self._owners) > MOST:
            self._owners.popitem(last=False)
        return owner

    def _made(self, life: Life, uid: int, ppid: int, program: Program) -> Owner:
        pid, ticks = life
        started = self._booted + ticks * TICK_NS / 1e9 if ticks else None
        return Owner(pid, started, uid, self._login(uid), program.name, program.exe, program.cmdline, ppid)

    def _note(self, life: Life, program: Program) -> None:
        self._programs[life] = program
        self._programs.move_to_end(life)
        if len(self._programs) > MOST:
            self._programs.popitem(last=False)

    def _asked(self, life: Life, comm: bytes) -> Program:
        """What /proc says, if it is the same life; else the name that came with the record."""
        process = read(life[0], self._proc, 0.0)
        if process.started is not None and life[1] in (0, round(process.started * 1e9 / TICK_NS)):
            program = _of(process)
        else:
            program = Program(_text(comm), "", "")
        self._note(life, program)
        return program


def _of(process: Process) -> Program:
    return Program(process.program, process.exe, process.cmdline)


def _text(comm: bytes) -> str:
    return decode(comm.partition(b"\0")[0], 64)
