"""Capabilities of this thread, and of what it starts, given up once everything is open.

Promise: what is given up does not come back, neither here nor in a program started from here; what is kept is named.
Of one thread only: it must be the first, before there are others.
Source: capabilities(7), capget(2), prctl(2), include/uapi/linux/capability.h. Does not know: what is open.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from enum import IntEnum


class Capability(IntEnum):
    """Those that are kept, and those that are needed at the start."""

    CHOWN = 0
    DAC_OVERRIDE = 1
    DAC_READ_SEARCH = 2
    NET_ADMIN = 12
    NET_RAW = 13
    SYS_PTRACE = 19
    SYS_ADMIN = 21
    PERFMON = 38
    BPF = 39


KEPT = (
    *(Capability.CHOWN, Capability.DAC_OVERRIDE, Capability.DAC_READ_SEARCH),
    *(Capability.NET_RAW, Capability.SYS_PTRACE),
)
"""To open an interface that comes back; to see whose processes are whose; to write an export where root may, and to
give it to whoever typed sudo."""
VERSION = 0x20080522
"""_LINUX_CAPABILITY_VERSION_3: two words for each set."""
_HEAD = struct.Struct("=Ii")
"""version pid"""
_SETS = struct.Struct("=6I")
"""effective permitted inheritable, of capabilities 0 to 31, then of 32 to 63"""
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT, AMBIENT_LOWER = 24, 38, 47, 3
LAST = 63


def give_up(kept: tuple[Capability, ...] = KEPT) -> bool:
    """Give up all capabilities but these; True: there were some to give up. OSError: the kernel would not have it."""
    if sys.platform != "linux":
        return False
    _, permitted, inheritable = held()
    mask = sum(1 << each for each in kept)
    if not permitted & ~mask:
        return False
    for number in range(LAST + 1):
        if not mask >> number & 1:
            _prctl(PR_CAPBSET_DROP, number)  # may be refused: then `no new privileges` alone stands in the way
            _prctl(PR_CAP_AMBIENT, AMBIENT_LOWER, number)
    _set(permitted & mask, inheritable & mask)
    if _prctl(PR_SET_NO_NEW_PRIVS, 1):
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_NO_NEW_PRIVS)")
    return True


def lacking(*wanted: Capability) -> str:
    """Which of these this thread has not: `no CAP_BPF, no CAP_PERFMON`; empty: it has all, or one that stands for
    them."""
    effective = held()[0]
    if effective >> Capability.SYS_ADMIN & 1:
        return ""
    return ", ".join(f"no CAP_{each.name}" for each in wanted if not effective >> each & 1)


def held() -> tuple[int, int, int]:
    """(effective, permitted, inheritable) capabilities, as bits."""
    sets = ctypes.create_string_buffer(_SETS.size)
    _checked("capget", _head(), sets)
    low_e, low_p, low_i, high_e, high_p, high_i = _SETS.unpack(sets.raw)
    return high_e << 32 | low_e, high_p << 32 | low_p, high_i << 32 | low_i


def _set(permitted: int, inheritable: int) -> None:
    low, high = (1 << 32) - 1, 32
    sets = (permitted & low, permitted & low, inheritable & low)
    rest = (permitted >> high, permitted >> high, inheritable >> high)
    _checked("capset", _head(), ctypes.create_string_buffer(_SETS.pack(*sets, *rest), _SETS.size))


def _head() -> ctypes.Array[ctypes.c_char]:
    return ctypes.create_string_buffer(_HEAD.pack(VERSION, 0), _HEAD.size)


def _checked(name: str, *words: ctypes.Array[ctypes.c_char]) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*words):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def _prctl(option: int, *words: int) -> int:
    values = [ctypes.c_ulong(word) for word in (*words, 0, 0, 0, 0)[:4]]
    return int(ctypes.CDLL(None, use_errno=True).prctl(option, *values))
