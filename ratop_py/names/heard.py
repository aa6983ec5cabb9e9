"""Payloads that the engine kept because they may carry a name, one by one.

Promise: what is no such buffer ends where it stops making sense.
Does not know: what the payloads say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct

HEAD = Struct("<QqIBBH")
"""As `flow.layout.HEARD`; a test compares them."""
SIDE, ASKED = 1, 2


@dataclass(frozen=True, slots=True)
class Heard:
    """One payload."""

    flow: int
    at: int
    """Time of its packet, ns since the epoch."""
    row: int
    kind: int
    """`flow.layout.Hint`."""
    side: int
    """Of the sender: 0 A, 1 B."""
    asked: bool
    """The other side had sent something before."""
    data: bytes


def heard(kept: bytes) -> Iterator[Heard]:
    """What `Engine.take_heard` gave, in order."""
    at = 0
    while at + HEAD.size <= len(kept):
        flow, when, row, kind, side, size = HEAD.unpack_from(kept, at)
        at += HEAD.size
        yield Heard(flow, when, row, kind, side & SIDE, bool(side & ASKED), kept[at : at + size])
        at += (size + 7) & ~7
