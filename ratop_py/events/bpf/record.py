"""What the programs write: one layout for those who write and for those who read.

Promise: offsets, sizes and the reader's struct come from one table. Times are ns of CLOCK_MONOTONIC, `start` is ns
after boot; ports and addresses as on the wire.
Does not know: how a program is written, what a fact is good for.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from typing import NamedTuple


class What(IntEnum):
    """What a record says."""

    SENT = 1
    """A packet of this socket left; local is its source."""
    CAME = 2
    """One came for it."""
    HELD = 3
    """The process made or connected this socket."""
    USED = 4
    """The process moved data through it."""
    ENDED = 5
    """The last holder let go of it."""
    EXECED = 6
    """The process runs another program now; path and arguments follow."""
    FORKED = 7
    """The process began: `ppid` made it, whose start stands in `local`."""
    EXITED = 8
    """The process is over."""


FIELDS = (
    ("at", "Q"), ("cookie", "Q"), ("what", "B"), ("proto", "B"), ("family", "B"), ("spare", "B"), ("lport", "2s"),
    ("rport", "2s"), ("local", "16s"), ("remote", "16s"), ("start", "Q"), ("pid", "I"), ("tid", "I"), ("uid", "I"),
    ("ppid", "I"), ("cgroup", "Q"), ("comm", "16s"),
)  # fmt: skip
"""Name and type, in order, without gaps."""
LAYOUT = struct.Struct("<" + "".join(kind for _, kind in FIELDS))
SIZE = LAYOUT.size
AT = {name: struct.calcsize("<" + "".join(kind for _, kind in FIELDS[:n])) for n, (name, _) in enumerate(FIELDS)}
"""Offset of each field."""
KEY = AT["cookie"], AT["start"] - AT["cookie"]
"""(offset, size) of the part that makes a record the same fact as another."""
PATH, ARGUMENTS = 256, 512
"""Bytes told of a program's path, and of its command line."""
LONG_SIZE = SIZE + PATH + ARGUMENTS


class Record(NamedTuple):
    """A record as it was written. No dataclass: thousands are read a second."""

    at: int
    cookie: int
    what: int
    proto: int
    family: int
    spare: int
    lport: bytes
    rport: bytes
    local: bytes
    remote: bytes
    start: int
    pid: int
    tid: int
    uid: int
    ppid: int
    cgroup: int
    comm: bytes


def read(data: memoryview) -> Record:
    """The fixed part. struct.error: it is shorter."""
    return Record._make(LAYOUT.unpack_from(data))


def program(data: memoryview) -> tuple[str, list[str]]:
    """(path, words of the command line) behind a record of `EXECED`; not cleaned."""
    rest = bytes(data[SIZE:LONG_SIZE])
    path = rest[:PATH].partition(b"\0")[0]
    words = rest[PATH:].rstrip(b"\0").split(b"\0")
    return path.decode(errors="replace"), [each.decode(errors="replace") for each in words]
