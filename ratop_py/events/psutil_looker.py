"""All sockets with their owners through psutil, where lsof is missing.

Promise: TCP and UDP.
Does not know: looks, intervals.
"""

from __future__ import annotations

import socket as sockets_of
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ratop_py.events.looker import LookError
from ratop_py.events.lsof import state
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.table_looker import TableLooker
from ratop_py.flow.flows import Owner
from ratop_py.net.address import parse as parse_address
from ratop_py.safetext import clean


def psutil_looker(booted: Callable[[], float | None] | None = None) -> TableLooker:
    """A looker that asks psutil."""
    return TableLooker("psutil", sockets, booted)


def sockets() -> list[Socket]:
    """All inet sockets now. LookError: psutil failed."""
    import psutil

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
    return [_socket(identity, pids, users) for identity, pids in found.items()]


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
