"""Records of a ring of perf's: what of TCP sockets and of processes is in them.

Promise: pure; bytes that are no record end the reading, they never raise; what a record is cut short of is no record.
Source: perf_event_open(2), "MMAP layout". Does not know: rings, sockets, what a record leads to.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ratop_py.events.tracefs.place import Layout
from ratop_py.net.address import V4MAP

LOST, COMM, EXIT, FORK, SAMPLE = 2, 3, 4, 7, 9
HEADER = struct.Struct("=IHH")
"""type, flags, size with this header"""
STAMP = struct.Struct("=IIQI")
"""Of a sample: process, thread, ns, bytes of the tracepoint's own."""
LIFE = struct.Struct("=IIIIQ")
"""process, parent, thread, parent's thread, ns"""
LOSS = struct.Struct("=QQ")
IDENTITY = struct.Struct("=IIQ")
"""At the end of every record but samples: process, thread, ns."""
COMMON = struct.Struct("=HB")
"""Of a tracepoint: its number, in which context it ran."""
INTERRUPTS = 0x8 | 0x10
"""Flags of that context: hard, soft."""
INET = 2
STATE, EXEC = "sock/inet_sock_set_state", "sched/sched_process_exec"
USES = ("sock/sock_send_length", "sock/sock_recv_length")
STATE_FIELDS = ("skaddr", "oldstate", "newstate", "sport", "dport", "family", "saddr", "daddr", "saddr_v6", "daddr_v6")
NUMBERS = 6
"""Of these the first so many are numbers, the others addresses."""
USE_FIELDS, EXEC_FIELDS = ("sk",), ("filename",)
LONGEST = 4096
"""Bytes of a path."""


class Changed(NamedTuple):
    """A TCP socket went from one state to another."""

    at: int
    """CLOCK_MONOTONIC, ns"""
    pid: int
    """The process that ran, by chance or because it did it; 0: an interrupt, surely by chance."""
    socket: int
    """Its address in the kernel."""
    old: int
    new: int
    """linux/net/tcp_states.h"""
    local: int
    lport: int
    remote: int
    rport: int


class Used(NamedTuple):
    """A process sent or received through a TCP socket."""

    at: int
    pid: int
    socket: int


class Forked(NamedTuple):
    """A process began (not a thread)."""

    at: int
    pid: int
    parent: int


class Execed(NamedTuple):
    """A process became another program."""

    at: int
    pid: int
    path: bytes


class Exited(NamedTuple):
    """The first thread of a process ended."""

    at: int
    pid: int


class Lost(NamedTuple):
    """Records found no room."""

    at: int
    many: int


Record = Changed | Used | Forked | Execed | Exited | Lost


class Reader:
    """Knows the layouts of one kernel."""

    def __init__(self, state: Layout, uses: Sequence[Layout], execed: Layout) -> None:
        """The tracepoints that are listened to."""
        self._state, self._exec = state.number, execed.number
        self._uses = {each.number: each.fields["sk"] for each in uses}
        self._fields = _struct([state.fields[name] for name in STATE_FIELDS])
        self._path = execed.fields["filename"][0]

    def records(self, data: bytes) -> Iterator[Record]:
        """Those in a piece of a ring, in its order."""
        at, end = 0, len(data)
        while at + HEADER.size <= end:
            kind, _, size = HEADER.unpack_from(data, at)
            if size < HEADER.size or at + size > end:
                return
            body = data[at + HEADER.size : at + size]
            found = self._sample(body) if kind == SAMPLE else _task(kind, body)
            if found is not None:
                yield found
            at += size

    def _sample(self, body: bytes) -> Record | None:
        if len(body) < STAMP.size + COMMON.size:
            return None
        pid, _, stamp, size = STAMP.unpack_from(body)
        own = body[STAMP.size : STAMP.size + size]
        if len(own) < max(size, COMMON.size):
            return None
        number, context = COMMON.unpack_from(own)
        if (place := self._uses.get(number)) is not None:
            return Used(stamp, pid, _number(own, place))
        if number == self._state and len(own) >= self._fields.size:
            return self._changed(stamp, 0 if context & INTERRUPTS else pid, own)
        if number == self._exec and len(own) >= self._path + 4:
            return Execed(stamp, pid, _text(own, self._path))
        return None

    def _changed(self, stamp: int, pid: int, own: bytes) -> Changed:
        socket, old, new, lport, rport, family, *addresses = self._fields.unpack_from(own)
        if family == INET:
            local, remote = (int.from_bytes(each, "big") for each in addresses[:2])
            return Changed(
                stamp, pid, socket, old, new, local and V4MAP | local, lport, remote and V4MAP | remote, rport
            )
        local, remote = (int.from_bytes(each, "big") for each in addresses[2:])
        return Changed(stamp, pid, socket, old, new, local, lport, remote, rport)


def cut(data: bytes, most: int) -> tuple[bytes, int]:
    """The first records, in so many bytes; how many are left out, with those that these say were lost."""
    if len(data) <= most:
        return data, 0
    at = kept = left = 0
    while at + HEADER.size <= len(data):
        kind, _, size = HEADER.unpack_from(data, at)
        if size < HEADER.size or at + size > len(data):
            break
        if at + size <= most:
            kept = at + size
        else:
            lost = kind == LOST and size >= HEADER.size + LOSS.size
            left += LOSS.unpack_from(data, at + HEADER.size)[1] if lost else 1
        at += size
    return data[:kept], left


def _struct(places: Sequence[tuple[int, int]]) -> struct.Struct:
    """Reads these fields, which must stand in this order: numbers of up to eight bytes, else bytes. LookupError: the
    kernel has them in another order."""
    words, end = "=", 0
    for number, (at, size) in enumerate(places):
        kind = {2: "H", 4: "I", 8: "Q"}.get(size, "") if number < NUMBERS else f"{size}s"
        if at < end or not kind:
            raise LookupError("a tracepoint is laid out otherwise")
        words += f"{at - end}x{kind}"
        end = at + size
    return struct.Struct(words)


def _task(kind: int, body: bytes) -> Record | None:
    """A record that is no sample."""
    if kind in (FORK, EXIT) and len(body) >= LIFE.size:
        pid, parent, thread, _, stamp = LIFE.unpack_from(body)
        if pid != thread:
            return None
        return Forked(stamp, pid, parent) if kind == FORK else Exited(stamp, pid)
    if kind == LOST and len(body) >= LOSS.size + IDENTITY.size:
        return Lost(IDENTITY.unpack_from(body, LOSS.size)[2], LOSS.unpack_from(body)[1])
    return None


def _number(own: bytes, place: tuple[int, int]) -> int:
    at, size = place
    return int.from_bytes(own[at : at + size], sys.byteorder)


def _text(own: bytes, at: int) -> bytes:
    """A text whose length and place the field tells (__data_loc)."""
    told = int.from_bytes(own[at : at + 4], sys.byteorder)
    start, length = told & 0xFFFF, min(told >> 16, LONGEST)
    return own[start : start + length].partition(b"\0")[0]
