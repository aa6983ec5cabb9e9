"""Which namespaces this process is in.

Promise: numbers as the kernel's records have them; what an older kernel does not tell is 0.
Source: socket(7) SO_NETNS_COOKIE (Linux 5.14), pid_namespaces(7), include/linux/proc_ns.h. Does not know: records.
"""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path

SO_NETNS_COOKIE = 71
PID_SPACE = Path("/proc/self/ns/pid")
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
