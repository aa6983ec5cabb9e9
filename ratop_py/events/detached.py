"""A filesystem of the kernel's as a descriptor of its root, mounted nowhere.

Promise: nothing is left when the descriptor is closed. OSError: an old kernel (before Linux 5.2), or no CAP_SYS_ADMIN.
Source: fsopen(2), fsmount(2). Does not know: what is in it.
"""

from __future__ import annotations

import ctypes
import os

FSOPEN, FSCONFIG, FSMOUNT = 430, 431, 432
"""The same number on every machine (scripts/syscall.tbl)."""
CLOEXEC = 1
"""FSOPEN_CLOEXEC, FSMOUNT_CLOEXEC"""
CREATE = 6
"""FSCONFIG_CMD_CREATE"""


def open_detached(kind: str) -> int:
    """The root of a filesystem of this kind: `cgroup2`, `tracefs` …"""
    made: list[int] = []
    try:
        made.append(context := _call(kind, FSOPEN, kind.encode("ascii"), CLOEXEC))
        _call(kind, FSCONFIG, context, CREATE, None, None, 0)
        made.append(mount := _call(kind, FSMOUNT, context, CLOEXEC, 0))
        return os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=mount)  # it was a mere place (O_PATH)
    finally:
        for descriptor in made:
            os.close(descriptor)


def _call(kind: str, number: int, *words: bytes | int | None) -> int:
    result = int(ctypes.CDLL(None, use_errno=True).syscall(number, *words))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"{kind} cannot be opened: {os.strerror(error)}")
    return result
