"""Sockets and owners from lsof, or from a program that prints what lsof prints.

Promise: lsof is found by its absolute path and run without a shell; what it says of itself is no socket of the host's;
a listing is complete only when nothing could be hidden.
Does not know: intervals, threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ratop_py.events import lsof
from ratop_py.events.child import run
from ratop_py.events.looker import LookError, Seen
from ratop_py.events.process import Processes, sees_everybody
from ratop_py.events.socket import Socket
from ratop_py.events.unheld import Unheld

DEADLINE = 5.0
"""Seconds a look may take."""
PARTLY = "without root only one's own sockets are listed"
FOREIGN = "what it leaves out is not known"
LSOF = ("-w", "-n", "-P", f"-F{lsof.FIELDS}0", "-i")
PLACES = ("/usr/bin/lsof", "/usr/sbin/lsof", "/bin/lsof", "/sbin/lsof", "/usr/local/bin/lsof", "/opt/homebrew/bin/lsof")


class ProgramLooker:
    """An `events.looker.Looker`."""

    partial = False

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        clock: Callable[[], float],
        booted: Callable[[], float | None] | None = None,
    ) -> None:
        self.name = name
        self.words = " ".join(command[:2])
        self._command = tuple(command)
        self._clock = clock
        self._processes = Processes(booted=booted)
        self._unheld = Unheld()
        self._whole = name == "lsof" and sees_everybody()

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """Run it; it is killed at the deadline."""
        output = run(self._command, DEADLINE, self._clock, stopped)
        sockets = tuple(without(lsof.parse(output.text), output.pid))
        if output.code not in (0, 1) or (output.code == 1 and output.words and not sockets):
            raise LookError(output.words or f"{self.name} ended with {output.code}")  # 1: it found nothing, or not all
        complete = self._whole and not output.words
        why_not = "" if complete else output.words or (PARTLY if self.name == "lsof" else FOREIGN)
        unheld = self._unheld.beside(sockets) if self.name == "lsof" else ()
        return (*self._processes.describe(sockets), *unheld), complete, why_not


def without(sockets: Iterable[Socket], pid: int) -> Iterable[Socket]:
    """The sockets that a process and its children do not hold: the one who looks is not looked at."""
    for socket in sockets:
        others = tuple(owner for owner in socket.owners if pid not in (owner.pid, owner.ppid))
        if others == socket.owners:
            yield socket
        elif others:
            yield replace(socket, owners=others)


def find_lsof() -> str | None:
    """Where lsof is."""
    return next((place for place in PLACES if os.access(place, os.X_OK)), None)
