"""What the programs write: one layout for those who write and for those who read.

Promise: offsets, sizes and the reader's columns come from one table. Times are ns of CLOCK_MONOTONIC, `start` is ns
after boot; ports and addresses as on the wire.
Does not know: how a program is written, what a fact is good for.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.key import Ends, Key, keys
from ratop_py.net.address import V4MAP


class What(IntEnum):
    """What a record says."""

    TIED = 1
    """A packet of this socket has these ends."""
    HELD = 2
    """The process made or connected this socket."""
    USED = 3
    """The process moved data through it."""
    ENDED = 4
    """The last holder let go of it."""
    EXECED = 5
    """The process runs another program now; path and arguments follow."""
    FORKED = 6
    """The process began: `ppid` made it, whose start stands in `cookie`."""


LAYOUT = np.dtype(
    [
        ("at", "<u8"), ("cookie", "<u8"), ("what", "u1"), ("proto", "u1"), ("family", "u1"), ("spare", "u1"),
        ("lport", ">u2"), ("rport", ">u2"), ("local", ">u8", (2,)), ("remote", ">u8", (2,)), ("start", "<u8"),
        ("pid", "<u4"), ("uid", "<u4"), ("ppid", "<u4"), ("listens", "<u4"), ("cgroup", "<u8"), ("netns", "<u8"),
        ("comm", "V16"),
    ]
)  # fmt: skip
"""Name and type, in order, without gaps. An IPv4 address stands in the first four bytes of its sixteen. `listens`: the
packet opens a connection, its socket is the listener's. `netns`: cookie of the network namespace, 0: not told."""
SIZE = LAYOUT.itemsize
AT: dict[str, int] = {name: int(place[1]) for name, place in (LAYOUT.fields or {}).items()}
"""Offset of each field."""
KEY = AT["cookie"], AT["start"] - AT["cookie"]
"""(offset, size) of the part that makes a record the same fact as another."""
PROCESS = AT["start"]
"""Where the part begins that tells of a process: it reaches to the end."""
PATH, ARGUMENTS = 256, 512
"""Bytes told of a program's path, and of its command line."""
LONG_SIZE = SIZE + PATH + ARGUMENTS

Batch = NDArray[Any]
"""Records, as `LAYOUT` has them."""


def batch(data: bytes | bytearray) -> Batch:
    """The fixed parts of records, one behind the other."""
    return np.frombuffer(data, LAYOUT)


def ends(of: Batch) -> list[Key]:
    """The key of each record's ends."""
    return keys(of["proto"], of["family"], _end(of, "local", "lport"), _end(of, "remote", "rport"))


def _end(of: Batch, address: str, port: str) -> Ends:
    four = of["family"] == 4
    hi, lo = (of[address][:, half].astype(np.uint64) for half in (0, 1))
    lo = np.where(four, np.uint64(V4MAP) | hi >> np.uint64(32), lo)
    return Ends(np.where(four, np.uint64(0), hi), lo, of[port].astype(np.uint16))


def program(data: memoryview) -> tuple[str, list[str]]:
    """(path, words of the command line) behind a record of `EXECED`; not cleaned."""
    rest = bytes(data[SIZE:LONG_SIZE])
    path = rest[:PATH].partition(b"\0")[0]
    words = rest[PATH:].rstrip(b"\0").split(b"\0")
    return path.decode(errors="replace"), [each.decode(errors="replace") for each in words]
