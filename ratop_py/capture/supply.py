"""Bytes of a file as a buffer that the engine can walk, with what is left of one chunk carried over to the next.

Promise: a file, packed or not, and a pipe cost a few chunks of memory at most, however large it would become, and
nothing before the first chunk is wanted. What a pipe holds is given at once; nobody waits longer than asked.
Does not know: capture formats, how bytes are packed.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import Protocol

CHUNK = 1 << 20
"""Bytes read at once from a stream."""
BEFORE = 1 << 18
"""Bytes kept free before a chunk: what was left of the last one goes there, so that no chunk is copied."""
ROOMS = 4
"""One is walked, one waits, one is filled, one was just left."""


class Stream(Protocol):
    """An open file, an unpacker, a pipe."""

    def readinto(self, place: memoryview, /) -> int | None:
        """As many bytes as fit, fewer at the end."""
        ...

    def readinto1(self, place: memoryview, /) -> int | None:
        """As many bytes as are there."""
        ...

    def close(self) -> object:
        """Give it back."""
        ...


class Steady:
    """Reads a packed stream until a place is full; what it gives before it breaks is not lost with the rest."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._broken: Exception | None = None

    def __call__(self, place: memoryview, /) -> int:
        """Bytes read. Whatever the stream raises, once nothing was read before it."""
        if self._broken is not None:
            raise self._broken
        filled = 0
        while filled < len(place):
            try:
                got = self._stream.readinto1(place[filled:])
            except Exception as error:
                if not filled:
                    raise
                self._broken = error
                break
            if not got:
                break
            filled += got
        return filled


class Ahead:
    """Reads a stream one chunk ahead, in a thread: unpacking and reading cost no time while the engine walks."""

    def __init__(self, stream: Stream, below: Stream | None, where: Callable[[], int], *, prompt: bool) -> None:
        """`where`: how far the file is read; `prompt`: give what is there, however little; else wait until a chunk is
        full."""
        self.torn = ""
        """Why the stream ended before its end, if it did."""
        self._stream, self._below, self._where = stream, below, where
        self._read = stream.readinto1 if prompt else stream.readinto if below is None else Steady(stream)
        self._rooms = [bytearray(BEFORE + CHUNK) for _ in range(ROOMS)]
        self._ready: Queue[tuple[int, int]] = Queue(1)
        self._over = False
        self._next = 0
        self._thread = Thread(target=self._run, name="read ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        at, got = 0, 1
        while got and not self._over:
            got, self.torn = guarded(self._read, memoryview(self._rooms[at])[BEFORE:])
            self._ready.put((got, self._where()))
            at = (at + 1) % ROOMS
        shut(self._stream, self._below)

    def take(self, wait: float | None) -> tuple[bytearray, int, int] | None:
        """(room, bytes in it from `BEFORE` on, where the file was then), 0 bytes at the end; None: not yet. What lies
        before may be written."""
        try:
            got, where = self._ready.get(wait != 0, wait)
        except Empty:
            return None
        room = self._rooms[self._next]
        self._next = (self._next + 1) % ROOMS
        return room, got, where

    def close(self) -> None:
        """Let the thread end; it closes the stream."""
        self._over = True
        try:
            self._ready.get_nowait()
        except Empty:
            pass


class Supply:
    """`buffer[at:]` is what has not been taken; `want` brings what comes next."""

    def __init__(
        self,
        stream: Stream,
        below: Stream | None = None,
        *,
        flowing: bool = False,
        where: Callable[[], int] = lambda: 0,
    ) -> None:
        """`below`: what the stream reads from, closed with it. `flowing`: bytes come when they come, as in a pipe; a
        file that is not is waited for as long as its disk needs. `where`: how far the file is read, packed or not."""
        self.buffer = memoryview(b"")
        self.at = 0
        self.over = False
        """Nothing will come any more."""
        self.owed = 0
        """Bytes to be passed over that have not come yet."""
        self.torn = ""
        """Why the stream ended before its end, if it did."""
        self._stream, self._below, self._flowing = stream, below, flowing
        self._ahead: Ahead | None = None
        self._where = where
        self._chunk = (0, 0, 1)
        """Of the last one: where it began in the file and where it ended, and its bytes, unpacked."""

    @property
    def taken(self) -> int:
        """Bytes of the file that what was taken stood in: within a chunk that was unpacked, in proportion."""
        begin, end, size = self._chunk
        return end - (end - begin) * min(self.left, size) // size

    @property
    def left(self) -> int:
        """Bytes that can be taken now."""
        return len(self.buffer) - self.at

    def head(self, size: int) -> bytes:
        """The first bytes, fewer if there are no more; nothing is taken. To be called before all else."""
        assert self._ahead is None
        place = bytearray(size)
        got = 1
        while got and self.left < size:
            got, self.torn = guarded(self._stream.readinto, memoryview(place)[self.left :])
            self.buffer = memoryview(place)[: self.left + got]
        return bytes(self.buffer)

    def peek(self, size: int) -> memoryview:
        """The next bytes, as many as are there; nothing is taken."""
        return self.buffer[self.at : self.at + size]

    def want(self, size: int, wait: float) -> bool:
        """True: so many bytes are there, or there will never be; False: not yet, ask again. Waits for one chunk."""
        if self.left < size and not self.over:
            self._more(wait)
        return self.over or self.left >= size

    def skip(self, size: int) -> None:
        """Pass over bytes, however many, also such that have not come yet."""
        here = min(size, self.left)
        self.at += here
        self.owed += size - here

    def _more(self, wait: float) -> None:
        if self._ahead is None:
            self._ahead = Ahead(self._stream, self._below, self._where, prompt=self._flowing and self._below is None)
        taken = self._ahead.take(wait if self._flowing else None)
        if taken is None:
            return
        room, got, where = taken
        if not got:
            self._finish()
            return
        self._chunk = self._chunk[1], where, got
        self._join(room, got)
        owed, self.owed = self.owed, 0
        self.skip(owed)

    def _join(self, room: bytearray, got: int) -> None:
        """What is left of the last chunk, and behind it the new one."""
        left, rest = self.left, self.buffer[self.at :]
        if left <= BEFORE:
            room[BEFORE - left : BEFORE] = rest
            self.buffer = memoryview(room)[BEFORE - left : BEFORE + got]
        else:
            self.buffer = memoryview(bytes(rest) + room[BEFORE : BEFORE + got])
        self.at = 0

    def _finish(self) -> None:
        """The stream is at its end; what is left can still be taken."""
        self.over = True
        if self._ahead is None:
            shut(self._stream, self._below)
            return
        self.torn = self.torn or self._ahead.torn
        self._ahead.close()
        self._ahead = None

    def close(self) -> None:
        """Give the file back."""
        if not self.over:
            self._finish()
        self.at, self.buffer = 0, memoryview(b"")


def guarded(read: Reading, place: memoryview) -> tuple[int, str]:
    """(bytes read into a place, why it ended too early); 0: the stream ended, perhaps because it is broken."""
    try:
        return int(read(place) or 0), ""
    except (EOFError, OSError, zlib.error, ValueError) as error:
        return 0, str(error) or "broken"
    except Exception as error:  # noqa: BLE001 - zstandard's error type lives in an optional module; a thread must not die silently
        return 0, f"{type(error).__name__}: {error}"


class Reading(Protocol):
    """`readinto` of a stream."""

    def __call__(self, place: memoryview, /) -> int | None:
        """Bytes read."""
        ...


def shut(*streams: Stream | None) -> None:
    """Close them; a stream that cannot even be closed has been read all the same."""
    for stream in streams:
        try:
            if stream is not None:
                stream.close()
        except (OSError, ValueError):
            pass
