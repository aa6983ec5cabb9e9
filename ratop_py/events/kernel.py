"""The kernel as a source: hooks tell every socket as it is used, a snapshot tells what was there before.

Promise: attached first, looked at after, so nothing falls between; facts wait in a bounded queue, what finds no room is
counted; what hooks are missing is said. This is one of the leaves that read a clock.
Does not know: flows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from threading import Event, Lock, Thread
from typing import Any

from ratop_py.events import sockdiag
from ratop_py.events.bpf import record
from ratop_py.events.bpf.cgroup import MOUNTS, mounted, open_root
from ratop_py.events.bpf.hooks import Hooks
from ratop_py.events.bpf.record import What
from ratop_py.events.container import Groups
from ratop_py.events.fact import Ended, Fact, Facts, Held, Tied
from ratop_py.events.lives import Lives
from ratop_py.events.poller import booted
from ratop_py.events.process import login
from ratop_py.events.socket import Health
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.safetext import clean

EVERY = 0.5
"""Seconds between two readings of the ring, at least: whoever takes facts reads it, too. It has room for 37,000."""
WAITING = 200_000
"""Facts that wait for a reader."""
NAME = "kernel"
ABOUT_SOCKETS = (What.HELD, What.USED, What.ENDED)


class Kernel:
    """An `events.socket.EventSource`. OSError, LookupError: this kernel, or these privileges, do not allow it."""

    def __init__(self) -> None:
        groups = Groups(next(mounted(MOUNTS.read_text(errors="surrogateescape")), None), time.monotonic)
        self._hooks = Hooks(open_root())
        if not self._hooks.works:
            why = next(iter(self._hooks.missing.values()), "no hook could be attached")
            self._hooks.close()
            raise PermissionError(f"eBPF: {why}")
        self._since = time.time()
        self._lives = Lives(booted() or 0.0, login, groups)
        self._stop, self._lock, self._reading = Event(), Lock(), Lock()
        self._closed = self._ready = False
        """What was there before has been told."""
        self._waiting: list[Fact] = []
        self._dropped, self._told, self._cost = 0, 0, 0.0
        self._lost = 0
        self._failure = ""
        self._thread = Thread(target=self._run, name=f"events {NAME}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def take(self) -> Sequence[Facts]:
        """Facts since the last call; what the hooks told until now is among them."""
        if not self._ready:
            return ()
        if not self._failure:
            try:
                self._drain()
            except Exception as error:  # noqa: BLE001 - told in health; who takes goes on
                self._fail(error)
        with self._lock:
            taken = tuple(self._waiting)
            self._waiting.clear()
        return (Facts(NAME, self._since, self._lost + self._dropped, taken),)

    def health(self) -> Health:
        """How it does now."""
        missing = ", ".join(self._hooks.missing)
        words = f"{len(self._hooks.active)} eBPF hooks" + (f"; missing: {missing}" if missing else "")
        lost = self._lost + self._dropped
        return Health(
            NAME,
            ok=not self._failure,
            words=self._failure or words + (f"; {lost:,} facts lost" if lost else ""),
            listings=self._told,
            cost=self._cost,
            dropped=lost,
        )

    def stop(self) -> None:
        """End, and take the hooks out of the kernel."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(1.0)
        with self._reading:
            if not self._closed:
                self._closed = True
                self._hooks.close()

    def _fail(self, error: Exception) -> None:
        self._failure = f"{type(error).__name__}: {clean(str(error), 120)}"

    def _run(self) -> None:
        try:
            self._lives.all_living()
            self._offer(self._before())
            self._ready = True
            while not self._stop.wait(EVERY):
                self._drain()
        except Exception as error:  # noqa: BLE001 - a source may fail, its thread may not
            self._fail(error)

    def _drain(self) -> None:
        """Read the ring; one reader at a time."""
        with self._reading:
            if self._closed:
                return
            begun = time.thread_time()
            self._offer(self._now())
            self._lost = self._hooks.lost()
            self._cost += time.thread_time() - begun

    def _offer(self, facts: Iterable[Fact]) -> None:
        found = tuple(facts)
        with self._lock:
            room = WAITING - len(self._waiting)
            self._waiting.extend(found[:room])
            self._dropped += max(0, len(found) - room)
        self._told += len(found)

    # -- what was there before -----------------------------------------------------------------------------------------

    def _before(self) -> Iterator[Fact]:
        """Sockets that are open now: of those that were told already it is said once more."""
        seen, owners = time.time(), dict[int, Owner | None]()
        held = sockdiag.holders()
        for row in sockdiag.rows():
            for pid in held.get(row.inode, ()):
                if pid not in owners:
                    owners[pid] = self._lives.living(pid)
                if (owner := owners[pid]) is not None:
                    yield Held(seen, row.cookie, owner, used=False)
            if row.rport and row.remote:
                yield Tied(0.0, row.cookie, key(row.proto, (row.local, row.lport), (row.remote, row.rport)))

    # -- what happens --------------------------------------------------------------------------------------------------

    def _now(self) -> Iterator[Fact]:
        """The facts of all records that wait, decoded together."""
        fixed, programs = bytearray(), dict[int, tuple[str, list[str]]]()
        for number, data in enumerate(self._hooks.records()):
            fixed += data[: record.SIZE]
            if len(data) > record.SIZE:
                programs[number] = record.program(data)
        if not fixed:
            return
        self._lives.turn()
        batch = record.batch(fixed)
        ties = iter(record.ends(batch[batch["what"] == What.TIED]))
        times = (batch["at"] / 1e9 + (time.time() - time.monotonic())).tolist()
        columns = (batch[name].tolist() for name in ("what", "cookie", "pid", "start", "uid", "ppid", "cgroup", "comm"))
        for number, (at, what, cookie, *process) in enumerate(zip(times, *columns, strict=True)):
            if what == What.TIED:
                yield Tied(at, cookie, next(ties))
            elif what in ABOUT_SOCKETS:
                yield self._of_socket(at, what, cookie, process)
            else:
                self._of_life(what, cookie, process, programs.get(number))

    def _of_socket(self, at: float, what: int, cookie: int, process: list[Any]) -> Fact:
        """A process and a socket."""
        owner = self._lives.owner(*process) if process[0] else None
        if what == What.ENDED or owner is None:
            return Ended(at, cookie, owner)
        return Held(at, cookie, owner, what == What.USED)

    def _of_life(self, what: int, parent_start: int, process: list[Any], program: tuple[str, list[str]] | None) -> None:
        """A process began, or became another program."""
        pid, start, _, ppid, _, comm = process
        if what == What.FORKED:
            self._lives.forked(pid, start, ppid, parent_start)
        elif program is not None:
            self._lives.execed(pid, start, *program, comm)
