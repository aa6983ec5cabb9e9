"""All sockets with their owners through the kernel's socket tables: what lsof tells, at less than half of its cost.

Promise: the sockets of this network namespace.
Does not know: looks, intervals.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ratop_py.events import sockdiag
from ratop_py.events.looker import LookError
from ratop_py.events.process import login
from ratop_py.events.sockdiag import Row
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.table_looker import TableLooker
from ratop_py.events.unheld import STATES
from ratop_py.flow.flows import Owner
from ratop_py.safetext import words_of

TCP = 6


def diag_looker(booted: Callable[[], float | None] | None = None) -> TableLooker:
    """A looker that reads them."""
    return TableLooker("diag", sockets, booted)


def sockets() -> list[Socket]:
    """All sockets now. LookError: the kernel has no such tables."""
    try:
        rows, holders = sockdiag.rows(), sockdiag.holders()
    except OSError as error:
        raise LookError(f"sock_diag: {words_of(error, 120)}") from None
    users: dict[int, int] = {}
    return [_socket(row, holders.get(row.inode, ()) if row.inode else (), users) for row in rows]


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
