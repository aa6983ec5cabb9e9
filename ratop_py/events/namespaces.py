"""Which namespaces this process is in, and others.

Promise: numbers as the kernel's records have them; what an older kernel does not tell is 0. A name is the one that
ip-netns(8) gave.
Source: socket(7) SO_NETNS_COOKIE (Linux 5.14), pid_namespaces(7), include/linux/proc_ns.h. Does not know: records.
"""

from __future__ import annotations

import os
import socket
import struct
from functools import cache, lru_cache
from pathlib import Path

from ratop_py.safetext import clean

SO_NETNS_COOKIE = 71
PID_SPACE = Path("/proc/self/ns/pid")
NAMES = Path("/run/netns")
OTHER = "another"
MOST = 4_096
"""Names remembered."""
FIRST_PID_SPACE = 0xEFFFFFFC
"""PROC_PID_INIT_INO: inode of the first pid namespace."""


def own_space() -> int:
    """Cookie of the network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            return int(struct.unpack("<Q", any_socket.getsockopt(socket.SOL_SOCKET, SO_NETNS_COOKIE, 8))[0])
        except OSError:
            return 0


def outer_numbers(space: Path = PID_SPACE) -> bool:
    """Whether the kernel's records have other process numbers than /proc shows here: this is a container of its own."""
    try:
        return os.stat(space).st_ino != FIRST_PID_SPACE
    except OSError:
        return False


def other_space(process: Path) -> str:
    """Network namespace of a process (its folder in /proc), if it is another than ours: its name, or its number. Empty
    where it may not be looked at, too."""
    try:
        number = os.stat(process / "ns" / "net").st_ino
    except OSError:
        return ""
    return "" if number == _own_number() else _named(number) or str(number)


class Spaces:
    """Names of network namespaces by their cookies, learned from the processes that have sockets there."""

    def __init__(self, own: int) -> None:
        """`own`: cookie of ours."""
        self._own = own
        self._names: dict[int, str] = {}

    def name(self, space: int, process: Path) -> str:
        """As `other_space` has it; of one that nobody who lives is in yet it is known only that it is another."""
        if space == self._own:
            return ""
        if space not in self._names:
            told = other_space(process)
            if not told or len(self._names) >= MOST:
                return told or OTHER
            self._names[space] = told
        return self._names[space]


@cache
def _own_number() -> int:
    try:
        return os.stat("/proc/self/ns/net").st_ino
    except OSError:
        return 0


@lru_cache(1_024)
def _named(number: int, folder: Path = NAMES) -> str:
    """As `ip netns` lists it; empty: nobody named it."""
    try:
        found = [each.name for each in os.scandir(folder) if each.stat().st_ino == number]
    except OSError:
        return ""
    return clean(found[0], 64) if found else ""
