"""All sockets with their owners through the kernel's socket tables: what lsof tells, for a fifth of its cost.

Promise: sockets of this network namespace; without root those of others come without an owner.
Does not know: intervals, threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ratop_py.events import sockdiag
from ratop_py.events.looker import LookError, Seen
from ratop_py.events.process import Processes, login, sees_everybody
from ratop_py.events.sockdiag import Row
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.unheld import STATES, Unheld
from ratop_py.flow.flows import Owner
from ratop_py.safetext import clean

TCP = 6
PARTLY = "without root only one's own sockets have owners"


class DiagLooker:
    """An `events.looker.Looker`."""

    name = "diag"
    words = "sock_diag"

    def __init__(self, booted: Callable[[], float | None] | None = None) -> None:
        self._processes = Processes(booted=booted)
        self._unheld = Unheld()
        self._whole = sees_everybody()

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """All sockets now."""
        if stopped():
            raise LookError("nobody waits for it")
        try:
            rows = sockdiag.rows()
            holders = sockdiag.holders()
        except OSError as error:
            raise LookError(f"sock_diag: {clean(error.strerror or str(error), 120)}") from None
        users: dict[int, int] = {}
        made = [_socket(row, holders.get(row.inode, ()) if row.inode else (), users) for row in rows]
        held = self._processes.describe(socket for socket in made if socket.owners)
        unheld = self._unheld.sure(socket for socket in made if not socket.owners)
        return (*held, *unheld), self._whole, "" if self._whole else PARTLY


def _socket(row: Row, pids: list[int] | tuple[int, ...], users: dict[int, int]) -> Socket:
    state = STATES[row.state] if row.proto == TCP and row.state < len(STATES) else SocketState.NONE
    owners = tuple(_owner(pid, users) for pid in pids)
    return Socket(row.proto, row.family, row.local, row.lport, row.remote, row.rport, state, owners)


def _owner(pid: int, users: dict[int, int]) -> Owner:
    if pid not in users:
        users[pid] = _user(sockdiag.PROC / str(pid))
    uid = users[pid]
    return Owner(pid, None, uid, login(uid) if uid >= 0 else "", "")


def _user(folder: Path) -> int:
    try:
        return os.stat(folder).st_uid
    except OSError:  # gone
        return -1
