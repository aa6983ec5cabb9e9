"""The kernel's records that waited, read together.

Promise: in their order, and it is known which were written before any that found no room.
Does not know: what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from ratop_py.events.bpf import record
from ratop_py.events.bpf.hooks import RING_BYTES
from ratop_py.events.bpf.ring import HEAD

STEP = HEAD + record.SIZE
WHOLE = RING_BYTES - 4 * (record.LONG_SIZE + HEAD)
"""Bytes in the ring that surely were there before the first record found no room."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Records that were read together."""

    fixed: bytes
    """Their fixed parts, one behind the other."""
    programs: dict[int, tuple[str, list[str]]]
    """Number of a record → what it tells of a program."""
    whole: int
    """So many were written before any that was lost."""
    lost: int
    """How many were lost until now."""
    again: bool
    """Some were lost while these were read."""


def gather(pieces: Iterable[memoryview], lost: Callable[[], int], known: int) -> Pile:
    """All records that wait, as `Ring.runs` has them. `lost`: how many were lost until now, `known`: at the last
    call."""
    fixed, programs = bytearray(), dict[int, tuple[str, list[str]]]()
    place, whole, before = 0, 0, lost()
    for piece in pieces:
        if int.from_bytes(piece[:4], "little") == record.SIZE:
            many = np.frombuffer(piece, np.uint8).reshape(-1, STEP)
            fixed += many[:, HEAD:].tobytes()
            whole += min(len(many), max(0, WHOLE - place) // STEP)
        else:
            programs[len(fixed) // record.SIZE] = record.program(piece[HEAD:])
            fixed += piece[HEAD:STEP]
            whole += place + len(piece) <= WHOLE
        place += len(piece)
    now = lost()
    return Pile(bytes(fixed), programs, whole if now > known else len(fixed) // record.SIZE, now, now > before)
