"""All sockets with their owners through psutil, where lsof is missing.

Promise: the same facts as lsof tells, TCP and UDP; without root sockets of others come without an owner.
Does not know: intervals, threads.
"""

from __future__ import annotations

import socket as sockets_of
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ratop_py.events.looker import LookError, Seen
from ratop_py.events.lsof import state
from ratop_py.events.process import Processes, sees_everybody
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.unheld import Unheld
from ratop_py.flow.flows import Owner
from ratop_py.net.address import parse as parse_address
from ratop_py.safetext import clean


class PsutilLooker:
    """An `events.looker.Looker`."""

    name = "psutil"
    words = "psutil.net_connections"

    def __init__(self, booted: Callable[[], float | None] | None = None) -> None:
        self._processes = Processes(booted=booted)
        self._unheld = Unheld()
        self._whole = sees_everybody()

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """All inet sockets now."""
        import psutil

        if stopped():
            raise LookError("nobody waits for it")
        found: dict[tuple[Any, ...], set[int]] = defaultdict(set)
        try:
            for each in psutil.net_connections("inet"):
                proto = 6 if each.type == sockets_of.SOCK_STREAM else 17
                told = state(each.status) if proto == 6 else SocketState.NONE
                family = 6 if each.family == sockets_of.AF_INET6 else 4
                found[proto, family, _end(each.laddr), _end(each.raddr), told].add(each.pid or 0)
        except psutil.Error as error:
            raise LookError(f"psutil: {clean(str(error), 120)}") from None
        users: dict[int, tuple[int, str]] = {}
        made = tuple(_socket(identity, pids, users) for identity, pids in found.items())
        held = self._processes.describe(socket for socket in made if socket.owners)
        unheld = self._unheld.sure(socket for socket in made if not socket.owners)
        return (*held, *unheld), self._whole, "" if self._whole else PARTLY


PARTLY = "without root only one's own sockets have owners"


def _end(address: Any) -> tuple[int, int]:
    if not address:
        return 0, 0
    value = parse_address(address.ip)[0]
    return (0 if value in (0, 0xFFFF00000000) else value), address.port


def _socket(identity: tuple[Any, ...], pids: set[int], users: dict[int, tuple[int, str]]) -> Socket:
    proto, family, local, remote, told = identity
    owners = tuple(_owner(pid, users) for pid in sorted(pids) if pid)
    return Socket(proto, family, local[0], local[1], remote[0], remote[1], told, owners)


def _owner(pid: int, users: dict[int, tuple[int, str]]) -> Owner:
    import psutil

    if pid not in users:
        try:
            process = psutil.Process(pid)
            users[pid] = (process.uids().real, process.username())
        except psutil.Error:
            users[pid] = (-1, "")
    uid, user = users[pid]
    return Owner(pid, None, uid, clean(user, 64), "")
