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
from typing import Any

from ratop_py.errors import Exit, RatopError

CHUNK = 1 << 20
"""Bytes read at once from a stream."""
GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
STDIN = "-"
Stream = Any
"""A buffered binary stream: open file, unpacker, pipe; their types have no common name."""


class Supply:
    """`buffer[at:]` is what has not been taken; `more` brings what comes next."""

    def __init__(self, stream: Stream) -> None:
        self.buffer = memoryview(b"")
        self.at = 0
        self.torn = ""
        """Why the stream ended before its end, if it did."""
        self._stream: Stream | None = stream
        self._room = bytearray(2 * CHUNK)

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
        if self._stream is None:
            return False
        left = self.left
        room = self._room if left + CHUNK <= len(self._room) else bytearray(2 * (left + CHUNK))
        room[:left] = self.buffer[self.at :]
        got = self._read(memoryview(room)[left : left + CHUNK])
        self._room, self.buffer, self.at = room, memoryview(room)[: left + got], 0
        if not got:
            self._end()
        return got > 0

    def _read(self, place: memoryview) -> int:
        """Fill a place; 0: the stream ended, perhaps because it is broken."""
        assert self._stream is not None
        try:
            return int(self._stream.readinto(place) or 0)
        except (EOFError, OSError, zlib.error, ValueError) as error:
            self.torn = str(error)
        except Exception as error:  # zstandard's error type lives in an optional module
            if type(error).__name__ != "ZstdError":
                raise
            self.torn = str(error)
        return 0

    def _end(self) -> None:
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    def close(self) -> None:
        """Give the file back."""
        self._end()
        self.at, self.buffer = 0, memoryview(b"")


def open_supply(name: str) -> Supply:
    """The bytes of a file, or of standard input for `-`, unpacked if they are packed."""
    stream = _stdin() if name == STDIN else _open(name)
    magic = stream.peek(4)[:4]
    if magic.startswith(GZIP):
        return Supply(gzip.GzipFile(fileobj=stream))
    return Supply(_zstd(stream) if magic == ZSTD else stream)


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
