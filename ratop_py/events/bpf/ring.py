"""The reader's end of a BPF ring buffer (Linux 5.8), and of a counter.

Promise: every record once, in order, as the bytes a program wrote; one that is still being written waits.
Source: Documentation/bpf/ringbuf.rst, include/uapi/linux/bpf.h. Does not know: what is in a record.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import suppress

import numpy as np

BUSY, DISCARDED, LENGTH = 1 << 31, 1 << 30, (1 << 30) - 1
HEAD = 8


class Ring:
    """One page of ours (how far we read), one of the kernel's (how far it wrote), the data twice in a row, so that no
    record is broken at the end."""

    def __init__(self, descriptor: int, size: int) -> None:
        """`descriptor`: a map of the kind RINGBUF, which stays its maker's; `size`: its bytes."""
        self._mask, page = size - 1, mmap.PAGESIZE
        self._ours = mmap.mmap(descriptor, page, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE)
        self._theirs = mmap.mmap(descriptor, page + 2 * size, mmap.MAP_SHARED, mmap.PROT_READ, offset=page)
        self._read = memoryview(self._ours)[:8].cast("Q")  # whole loads and stores on every 64-bit machine
        self._written = memoryview(self._theirs)[:8].cast("Q")
        self._data = memoryview(self._theirs)[page:]

    def runs(self, size: int) -> Iterator[memoryview]:
        """What is there now, in order, piece by piece: records of this size, however many stand one behind the other,
        or one of another size; each record with `HEAD` bytes before it. Valid until the next is asked for."""
        step = HEAD + (size + 7 & ~7)
        at = self._read[0]
        while at < (end := self._written[0]):
            place, count = at & self._mask, (end - at) // step
            heads = np.ndarray((count,), "<u4", self._data, place, (step,))
            usual = heads == size
            count = count if usual.all() else int(usual.argmin())
            length = count * step
            if not count:
                head = int.from_bytes(self._data[place : place + 4], "little")
                if head & BUSY:
                    return
                length = HEAD + ((head & LENGTH) + 7 & ~7)
                count = not head & DISCARDED
            if count:
                yield self._data[place : place + length]
            at += length
            self._read[0] = at

    @property
    def empty(self) -> bool:
        """Whether all is read."""
        return bool(self._read[0] == self._written[0])

    def close(self) -> None:
        """Let go of the memory."""
        for view in (self._read, self._written, self._data):
            view.release()
        for memory in (self._ours, self._theirs):
            with suppress(BufferError):  # somebody still looks at a record: the memory goes with the last view
                memory.close()


class Counter:
    """The number in slot 0 of an array of u64, a map of one page: read without asking the kernel, which would ask for
    privileges (before Linux 5.19)."""

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, mmap.PAGESIZE, mmap.MAP_SHARED, mmap.PROT_READ)
        self._number = memoryview(self._memory)[:8].cast("Q")

    def __int__(self) -> int:
        return int(self._number[0])

    def close(self) -> None:
        """Let go of the memory."""
        self._number.release()
        self._memory.close()
