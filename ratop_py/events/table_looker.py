"""A look at all sockets in this process: through a table that names the holders of each.

Promise: the same facts as lsof tells; without root sockets of others come without an owner, and the look is incomplete.
Does not know: intervals, threads, which table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ratop_py.events.looker import LookError, Seen
from ratop_py.events.process import Processes, sees_everybody
from ratop_py.events.socket import Socket
from ratop_py.events.unheld import Unheld

PARTLY = "without root only one's own sockets have owners"


class TableLooker:
    """An `events.looker.Looker`."""

    partial = False

    def __init__(
        self, name: str, read: Callable[[], Sequence[Socket]], booted: Callable[[], float | None] | None = None
    ) -> None:
        """`read`: all sockets now, their owners by pid and user. LookError: nothing was seen."""
        self.name = self.words = name
        self._read = read
        self._processes = Processes(booted=booted)
        self._unheld = Unheld()
        self._whole = sees_everybody()

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """All sockets now."""
        if stopped():
            raise LookError("nobody waits for it")
        sockets = self._read()
        held = self._processes.describe(socket for socket in sockets if socket.owners)
        unheld = self._unheld.sure(socket for socket in sockets if not socket.owners)
        return (*held, *unheld), self._whole, "" if self._whole else PARTLY
