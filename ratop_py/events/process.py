"""What /proc tells of a process: when it started, its executable, its command line, the name a person knows it by.

Promise: a process that is gone, or may not be looked at, costs nothing but the facts; all text is clean.
Source: proc(5). Does not know: sockets.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ratop_py.events.container import of_lines
from ratop_py.events.namespaces import other_space
from ratop_py.events.socket import Socket
from ratop_py.flow.flows import Owner
from ratop_py.safetext import clean, decode

INTERPRETERS = (
    "python", "perl", "ruby", "node", "nodejs", "bash", "sh", "dash", "zsh", "php", "lua", "tclsh", "java", "deno",
)  # fmt: skip
LONGEST = 4096
"""Bytes of a command line that are read."""
DELETED = " (deleted)"
CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE = 2, 19
KTHREADD = 2
"""The process, in the first namespace, whose children are threads of the kernel."""
STEP = 0.5
"""Seconds by which the clock must have been set before processes get other starts: a start must not tremble."""
DEEPEST = 16
"""Generations above a process that are told."""
WITH_VALUE = {"-m", "-c", "-e", "-W", "-X", "-I", "-r", "-cp", "-classpath"}
"""Interpreter options whose value is the next word."""


Life = tuple[int | None, str, str]
"""Start in ticks, the kernel's name, the executable: when one differs, it is another program."""


@dataclass(frozen=True, slots=True)
class Process:
    """Facts of one process life."""

    started: float | None = None
    """Seconds since the epoch."""
    exe: str = ""
    cmdline: str = ""
    program: str = ""
    ppid: int = 0
    container: str = ""
    netns: str = ""
    """Network namespace, if it is another than ours."""


def read(pid: int, proc: Path, booted: float | None) -> Process:
    """The process as /proc shows it now; empty facts where it cannot be seen. `booted`: btime of /proc/stat, s."""
    folder = proc / str(pid)
    words = [decode(word, LONGEST) for word in _bytes(folder / "cmdline").split(b"\0") if word]
    exe = _link(folder / "exe")
    ticks, ppid, comm = stat(_bytes(folder / "stat"))
    started = None if ticks is None or booted is None else booted + ticks / os.sysconf("SC_CLK_TCK")
    return Process(
        started=started,
        exe=exe,
        cmdline=clean(" ".join(words), 1024),
        program=name_of(exe, words, comm),
        ppid=ppid,
        container=of_lines(_bytes(folder / "cgroup").decode("utf-8", "replace")),
        netns=other_space(folder),
    )


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST)
    except OSError:
        return b""


def _link(path: Path) -> str:
    try:
        return clean(os.readlink(path), LONGEST)
    except OSError:
        return ""


def stat(line: bytes) -> tuple[int | None, int, str]:
    """(start in clock ticks since boot, parent, name) of /proc/PID/stat; the name may hold blanks and parentheses."""
    head, _, tail = line.rpartition(b")")
    fields = tail.split()
    comm = decode(head.partition(b"(")[2], 64)
    try:
        return int(fields[19]), int(fields[1]), comm
    except (IndexError, ValueError):
        return None, 0, comm


def ticks(pid: int, proc: Path) -> int | None:
    """When it started, in clock ticks since boot; None: it is gone."""
    return stat(_bytes(proc / str(pid) / "stat"))[0]


def sees_everybody(status: Path = Path("/proc/self/status")) -> bool:
    """Whether this process may look into all others: root with CAP_SYS_PTRACE, where there are capabilities; another
    user with this and CAP_DAC_READ_SEARCH, for the folders of descriptors are their owners'."""
    held = next((line.split()[1] for line in _bytes(status).splitlines() if line.startswith(b"CapEff:")), b"")
    if os.geteuid() == 0:
        return not held or bool(int(held, 16) >> CAP_SYS_PTRACE & 1)
    needed = 1 << CAP_SYS_PTRACE | 1 << CAP_DAC_READ_SEARCH
    return bool(held) and int(held, 16) & needed == needed


def boot_time(proc: Path) -> float | None:
    """btime of /proc/stat: whole seconds since the epoch, so that a process seems up to a second older."""
    for line in _bytes(proc / "stat").splitlines():
        if line.startswith(b"btime "):
            return float(line.split()[1])
    try:
        with (proc / "stat").open("rb") as file:
            return next((float(line.split()[1]) for line in file if line.startswith(b"btime ")), None)
    except (OSError, ValueError, IndexError):
        return None


def name_of(exe: str, words: list[str], comm: str) -> str:
    """The name a person knows: of an interpreter the script, else the executable's, else what the kernel calls it."""
    program = exe.removesuffix(DELETED).rpartition("/")[2]
    if words and interprets(program or words[0].rpartition("/")[2]) and (script := _script(words[1:])):
        return clean(script, 64)
    return clean(program or comm or (words[0].rpartition("/")[2] if words else ""), 64)


def interprets(program: str) -> bool:
    """Whether a program runs scripts: python3.12, perl5 …"""
    return program.rstrip("0123456789.-") in INTERPRETERS


def _script(words: list[str]) -> str:
    """The first word that is no option; of `-m` the module; nothing for `-c` and `-e`."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("-c", "-e"):
            return ""
        if words[at] == "-m":
            return words[at + 1] if at + 1 < len(words) else ""
        at += 2 if words[at] in WITH_VALUE else 1
    return words[at].rpartition("/")[2] if at < len(words) else ""


def login(uid: int) -> str:
    """The login name of a user, or the number."""
    try:
        return clean(pwd.getpwuid(uid).pw_name, 64)
    except KeyError:
        return str(uid)


def of_kernel(owner: Owner) -> bool:
    """It is a thread of the kernel's own, no program."""
    return KTHREADD in (owner.pid, owner.ppid) and not owner.exe and not owner.cmdline


class Processes:
    """Remembers processes between looks. One that is another (its start differs) or became another program (exec) is
    read again; one that is gone is what it was."""

    def __init__(self, proc: Path = Path("/proc"), booted: Callable[[], float | None] | None = None) -> None:
        self._proc = proc
        self._clock = booted or (lambda: boot_time(proc))
        self._booted = self._clock()
        self._known: dict[int, tuple[Life, Process]] = {}
        self._owners: dict[int, tuple[Owner, Process, Owner]] = {}
        """pid → what was told, the process, and the owner made of both: the same object each time."""

    def describe(self, sockets: Iterable[Socket]) -> tuple[Socket, ...]:
        """The same sockets, their owners with what /proc tells of them."""
        booted = self._clock()
        if booted is None or self._booted is None or abs(booted - self._booted) > STEP:
            self._booted = booted
        seen: dict[int, Process] = {}
        described = tuple(
            Socket(
                each.proto, each.family, each.local, each.lport, each.remote, each.rport, each.state,
                tuple(self._owner(owner, seen) for owner in each.owners), each.cookie, each.since,
            )
            for each in sockets
        )  # fmt: skip
        self._known = {pid: self._known[pid] for pid in seen if pid in self._known}
        self._owners = {pid: self._owners[pid] for pid in seen if pid in self._owners}
        return described

    def _owner(self, told: Owner, seen: dict[int, Process]) -> Owner:
        process = seen.get(told.pid)
        if process is None:
            process = seen[told.pid] = self._process(told.pid)
        before = self._owners.get(told.pid)
        if before is not None and before[1] is process and before[0] == told:
            return before[2]
        made = replace(
            told,
            started=process.started,
            program=process.program or told.program,
            exe=process.exe,
            cmdline=process.cmdline,
            ppid=process.ppid or told.ppid,
            parent=self._parent(process.ppid or told.ppid, seen),
            container=process.container,
            netns=process.netns,
            forebears=tuple(self._above(process.ppid or told.ppid, seen)),
        )
        self._owners[told.pid] = (told, process, made)
        return made

    def _parent(self, pid: int, seen: dict[int, Process]) -> str:
        """The name of the parent's program."""
        return self._seen(pid, seen).program if pid else ""

    def _above(self, pid: int, seen: dict[int, Process]) -> Iterator[tuple[int, str]]:
        """(pid, program) of those above a process, the nearest first."""
        for _ in range(DEEPEST):
            pid = self._seen(pid, seen).ppid if pid else 0
            if not pid or not (program := self._seen(pid, seen).program):
                return
            yield pid, program

    def _seen(self, pid: int, seen: dict[int, Process]) -> Process:
        if pid not in seen:
            seen[pid] = self._process(pid)
        return seen[pid]

    def _process(self, pid: int) -> Process:
        folder = self._proc / str(pid)
        ticks, _, comm = stat(_bytes(folder / "stat"))
        known = self._known.get(pid)
        if known is not None and ticks is None:
            return known[1]
        life = (ticks, comm, _link(folder / "exe"))
        if known is not None and known[0] == life:
            return known[1]
        process = read(pid, self._proc, self._booted)
        self._known[pid] = (life, process)
        return process
