"""Rings of perf's, one pair a processor, that tracepoints write into.

Promise: they hang on descriptors: closed, or with the process killed, nothing of them is left in the kernel. Sockets'
states and processes' lives have a ring of their own, so a flood of sends and receives takes no room from them.
OSError: not here, or not with these privileges. Source: perf_event_open(2). Does not know: what records mean.
"""

from __future__ import annotations

import ctypes
import fcntl
import mmap
import os
import platform
import struct
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

OPEN = {"x86_64": 298, "aarch64": 241, "riscv64": 241, "s390x": 331}
"""perf_event_open by machine."""
ENABLE, SET_OUTPUT, SET_FILTER = 0x2400, 0x2405, 0x40082406
TRACEPOINT = 2
CLOEXEC = 8
ATTRIBUTES = struct.Struct("=IIQQQQQ44xi24x")
"""type, size, which, period, what a sample tells, read format, flags, clock (PERF_ATTR_SIZE_VER6)"""
SAMPLE = 1 << 1 | 1 << 2 | 1 << 10
"""What a sample tells: process and thread, time, the tracepoint's own record."""
DISABLED, TASK, IDENTITY, CLOCK = 1 << 0, 1 << 13, 1 << 18, 1 << 25
"""Bits: begin when told so; forks and exits; process and time on every record; which clock."""
HEAD, TAIL = 1024, 1032
"""Where in the first page how much was written stands, and how much was read."""
COUNTER = struct.Struct("=Q")
PAGE = mmap.PAGESIZE
LIVES_PAGES, USES_PAGES = 512, 256
"""Powers of two: 2 MB and 1 MB on most machines."""
LARGEST = 8_192
"""Bytes of a record, at most: the longest path and all else."""
LEAST = 16
"""Pages with which it is worth while."""
ONLINE = Path("/sys/devices/system/cpu/online")


@dataclass(frozen=True, slots=True)
class Tap:
    """One tracepoint to be written into a ring."""

    number: int
    condition: str = ""
    """Only records for which this holds."""


class Ring:
    """What one processor wrote."""

    def __init__(self, cpu: int, taps: Sequence[Tap], pages: int, lives: bool) -> None:
        self.descriptors: list[int] = []
        self.memory: mmap.mmap | None = None
        self.full = False
        """What was taken last left so little room that records may have been lost behind it: the kernel says so before
        the next one that finds room, which may be long after."""
        try:
            for number, tap in enumerate(taps):
                self.descriptors.append(_open(tap, cpu, lives and not number))
                if number:
                    fcntl.ioctl(self.descriptors[-1], SET_OUTPUT, self.descriptors[0])
                else:
                    self.memory = _mapped(self.descriptors[0], pages)
        except OSError:
            self.close()
            raise

    def enable(self) -> None:
        """From now on."""
        for descriptor in self.descriptors:
            fcntl.ioctl(descriptor, ENABLE, 0)

    def take(self) -> bytes:
        """What was written since the last call."""
        assert self.memory is not None
        (head,), (tail,) = COUNTER.unpack_from(self.memory, HEAD), COUNTER.unpack_from(self.memory, TAIL)
        room = len(self.memory) - PAGE
        first, length = tail % room, head - tail
        self.full = length > room - LARGEST
        data = self.memory[PAGE + first : PAGE + min(first + length, room)]
        if first + length > room:
            data += self.memory[PAGE : PAGE + first + length - room]
        COUNTER.pack_into(self.memory, TAIL, head)
        return data

    def close(self) -> None:
        """Take it down."""
        if self.memory is not None:
            self.memory.close()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors.clear()


class Rings:
    """Those of all processors."""

    def __init__(self, lives: Sequence[Tap], uses: Sequence[Tap]) -> None:
        """`lives`: tracepoints of states and programs, with which forks and exits are told, too. `uses`: those that
        may be many."""
        self.lives: list[Ring] = []
        self.uses: list[Ring] = []
        try:
            for cpu in processors(ONLINE.read_text("ascii")):
                self.lives.append(Ring(cpu, lives, LIVES_PAGES, lives=True))
                if uses:
                    self.uses.append(Ring(cpu, uses, USES_PAGES, lives=False))
            for ring in self._all():
                ring.enable()
        except OSError:
            self.close()
            raise

    def _all(self) -> Iterator[Ring]:
        yield from self.lives
        yield from self.uses

    def close(self) -> None:
        """Take them down."""
        for ring in self._all():
            ring.close()
        self.lives.clear()
        self.uses.clear()


def processors(text: str) -> list[int]:
    """Those of `0-3,5`."""
    found: list[int] = []
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        found.extend(range(int(first), int(last or first) + 1))
    return found


def _open(tap: Tap, cpu: int, lives: bool) -> int:
    """A descriptor of this tracepoint, whoever runs on this processor."""
    number = OPEN.get(platform.machine())
    if number is None:
        raise OSError(38, f"perf_event_open is not known on {platform.machine()}")
    flags = DISABLED | IDENTITY | CLOCK | (TASK if lives else 0)
    attributes = ATTRIBUTES.pack(TRACEPOINT, ATTRIBUTES.size, tap.number, 1, SAMPLE, 0, flags, time.CLOCK_MONOTONIC)
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = int(library.syscall(number, attributes, -1, cpu, -1, CLOEXEC))
    if descriptor < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"perf_event_open: {os.strerror(error)}")
    if tap.condition:
        condition = tap.condition.encode("ascii")
        if library.ioctl(descriptor, SET_FILTER, condition) < 0:
            error = ctypes.get_errno()
            os.close(descriptor)
            raise OSError(error, f"a tracepoint takes no filter: {os.strerror(error)}")
    return descriptor


def _mapped(descriptor: int, pages: int) -> mmap.mmap:
    """Its memory; less of it where less is allowed."""
    while True:
        try:
            return mmap.mmap(descriptor, PAGE * (1 + pages))
        except OSError:
            pages //= 2
            if pages < LEAST:
                raise
