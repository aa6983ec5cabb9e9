"""Bytes of a file as a buffer that the engine can walk, with what is left of one chunk carried over to the next.

Promise: a file, packed or not, and a pipe cost a few chunks of memory at most,
however large it would become.
Does not know: capture formats.
"""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

from ratop_py.errors import Exit, RatopError

CHUNK = 1 << 20
"""Bytes read at once from a stream."""
BEFORE = 1 << 18
"""Bytes kept free before a chunk: what was left of the last one goes there, so that no chunk is copied."""
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
STDIN = "-"
Stream = Any
"""A buffered binary stream: open file, unpacker, pipe; their types have no common name."""


class Ahead:
    """Reads a stream one chunk ahead, in a thread: unpacking and reading cost no time while the engine walks."""

    def __init__(self, stream: Stream, *below: Stream) -> None:
        self.torn = ""
        """Why the stream ended before its end, if it did."""
        self._stream, self._below = stream, below
        self._rooms = [
            bytearray(BEFORE + CHUNK) for _ in range(4)
        ]  # one walked, one waiting, one filled, one just left
        self._ready: Queue[int] = Queue(1)
        self._over = False
        self._next = 0
        self._thread = Thread(target=self._run, name="read ahead", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        at, got = 0, 1
        while got and not self._over:
            got = self._fill(memoryview(self._rooms[at])[BEFORE:])
            self._ready.put(got)
            at = (at + 1) % len(self._rooms)
        for stream in (self._stream, *self._below):
            stream.close()

    def _fill(self, place: memoryview) -> int:
        """Bytes read into a place; 0: the stream ended, perhaps because it is broken."""
        try:
            return int(self._stream.readinto(place) or 0)
        except (EOFError, OSError, zlib.error, ValueError) as error:
            self.torn = str(error)
        except Exception as error:  # noqa: BLE001 - zstandard's error type lives in an optional module; a thread must not die silently
            self.torn = f"{type(error).__name__}: {error}"
        return 0

    def take(self) -> tuple[bytearray, int]:
        """(room, bytes in it from `BEFORE` on); 0 bytes: the end. What lies before may be written to."""
        got = self._ready.get()
        room = self._rooms[self._next]
        self._next = (self._next + 1) % len(self._rooms)
        return room, got

    def close(self) -> None:
        """Let the thread end; it closes the stream."""
        self._over = True
        try:
            self._ready.get_nowait()
        except Empty:
            pass


class Supply:
    """`buffer[at:]` is what has not been taken; `more` brings what comes next."""

    def __init__(self, stream: Stream, *below: Stream) -> None:
        """`below`: what the stream reads from, closed with it."""
        self.buffer = memoryview(b"")
        self.at = 0
        self._ahead: Ahead | None = Ahead(stream, *below)
        self._torn = ""

    @property
    def torn(self) -> str:
        """Why the stream ended before its end, if it did."""
        return self._ahead.torn if self._ahead else self._torn

    @property
    def left(self) -> int:
        """Bytes that can be taken now."""
        return len(self.buffer) - self.at

    def head(self, size: int) -> bytes:
        """The next bytes, `size` if there are so many; nothing is taken."""
        while self.left < size and self.more():
            pass
        return bytes(self.buffer[self.at : self.at + size])

    def take(self, size: int) -> bytes:
        """The next bytes, taken; fewer at the end."""
        found = self.head(size)
        self.at += len(found)
        return found

    def skip(self, size: int) -> bool:
        """Pass over bytes, however many; False: the end came first."""
        while self.left < size:
            size -= self.left
            self.at = len(self.buffer)
            if not self.more():
                return False
        self.at += size
        return True

    def more(self) -> bool:
        """Add another chunk behind what is left; False: there is none."""
        if self._ahead is None:
            return False
        left, rest = self.left, self.buffer[self.at :]
        room, got = self._ahead.take()
        if not got:
            self.close_stream()
            return False
        if left <= BEFORE:
            room[BEFORE - left : BEFORE] = rest
            self.buffer = memoryview(room)[BEFORE - left : BEFORE + got]
        else:
            self.buffer = memoryview(bytes(rest) + room[BEFORE : BEFORE + got])
        self.at = 0
        return True

    def close_stream(self) -> None:
        """The stream is at its end; what is left can still be taken."""
        if self._ahead is not None:
            self._torn = self._ahead.torn
            self._ahead.close()
            self._ahead = None

    def close(self) -> None:
        """Give the file back."""
        self.close_stream()
        self.at, self.buffer = 0, memoryview(b"")


def open_supply(name: str) -> Supply:
    """The bytes of a file, or of standard input for `-`, unpacked if they are packed."""
    stream = _stdin() if name == STDIN else _open(name)
    magic = stream.peek(4)[:4]
    if magic.startswith(GZIP):
        return Supply(gzip.GzipFile(fileobj=stream), stream)
    return Supply(_zstd(stream), stream) if magic == ZSTD else Supply(stream)


def _stdin() -> Stream:
    if sys.stdin is None or sys.stdin.isatty():
        raise RatopError(
            "standard input is the keyboard, not a capture", hint="… | ratop print -r -", exit_code=Exit.USAGE
        )
    return os.fdopen(os.dup(sys.stdin.fileno()), "rb", CHUNK)


def _open(name: str) -> Stream:
    path = Path(name)
    try:
        if path.is_dir():
            raise RatopError(f"{name} is a directory, not a capture", exit_code=Exit.NO_SOURCE)
        return path.open("rb", CHUNK)
    except FileNotFoundError:
        raise RatopError(f"no such file: {name}", exit_code=Exit.NO_SOURCE) from None
    except PermissionError:
        raise RatopError(
            f"may not read {name}", hint=f"ls -l {name}; sudo ratop …", exit_code=Exit.NOT_PERMITTED
        ) from None
    except (OSError, ValueError) as error:
        raise RatopError(f"cannot open {name}: {error}", exit_code=Exit.NO_SOURCE) from None


def _zstd(stream: Stream) -> Any:
    """A reader of zstd frames, one after the other (RFC 8878)."""
    try:
        from compression import zstd  # Python 3.14
    except ImportError:
        pass
    else:
        return zstd.ZstdFile(stream)
    try:
        import zstandard
    except ImportError:
        raise RatopError(
            "this file is zstd-compressed and Python's zstandard is not installed",
            hint="zstd -dc FILE | ratop print -r -",
            exit_code=Exit.BAD_DATA,
        ) from None
    return zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
