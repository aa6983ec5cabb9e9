"""Records of a ring, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ratop_py.events.bpf.ring import HEAD, LENGTH


def records(runs: Iterable[memoryview]) -> Iterator[memoryview]:
    """Each without what stands before it; valid until the next is asked for."""
    for piece in runs:
        at = 0
        while at < len(piece):
            size = int.from_bytes(piece[at : at + 4], "little") & LENGTH
            yield piece[at + HEAD : at + HEAD + size]
            at += HEAD + (size + 7 & ~7)
