"""A file, a pipe or standard input as a supply of bytes, unpacked if they are packed with gzip or zstd.

Promise: what cannot be opened is a RatopError that says why. Packed members one after the other are one stream
(RFC 1952, RFC 8878). The first bytes decide; names do not.
Does not know: capture formats.
"""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path
from typing import Any

from ratop_py.capture.supply import Stream, Supply
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
MAGIC = 4
STDIN = "-"
BUFFER = 1 << 17


class Whole(io.RawIOBase):
    """A file whose first bytes were read already: a pipe cannot be rewound."""

    def __init__(self, first: bytes, rest: io.FileIO) -> None:
        super().__init__()
        self._first, self._rest = first, rest

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, place: Any) -> int | None:
        """The first bytes, then the others."""
        if not self._first:
            return self._rest.readinto(place)
        size = min(len(self._first), len(place))
        place[:size], self._first = self._first[:size], self._first[size:]
        return size

    def readinto1(self, place: Any) -> int | None:
        """What one read gives."""
        return self.readinto(place)

    def close(self) -> None:
        """Close the file."""
        self._rest.close()
        super().close()


def open_supply(name: str) -> Supply:
    """The bytes of a file, or of standard input for `-`, unpacked if they are packed."""
    file = _stdin() if name == STDIN else _open(name)
    try:
        magic = _first(file)
        flowing = not stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        whole = Whole(magic, file)
        where = (lambda: 0) if flowing else file.tell
        if not magic.startswith(GZIP) and magic != ZSTD:
            return Supply(whole, flowing=flowing, where=where)
        below = io.BufferedReader(whole, BUFFER)
        return Supply(_zstd(below) if magic == ZSTD else _gzip(below), below, flowing=flowing, where=where)
    except OSError as error:
        file.close()
        raise RatopError(f"cannot read {shown(name)}: {error.strerror}", exit_code=Exit.NO_SOURCE) from None
    except RatopError:
        file.close()
        raise


def shown(name: str) -> str:
    """A file's name in a sentence."""
    return "standard input" if name == STDIN else clean(name, 400)


def _first(file: io.FileIO) -> bytes:
    """The first bytes, however few a pipe gives at a time."""
    found = b""
    while len(found) < MAGIC and (more := file.read(MAGIC - len(found))):
        found += more
    return found


def _stdin() -> io.FileIO:
    try:
        if sys.stdin is None or sys.stdin.isatty():
            raise RatopError(
                "standard input is the keyboard, not a capture", hint="… | ratop print -r -", exit_code=Exit.USAGE
            )
        return io.FileIO(os.dup(sys.stdin.fileno()), "rb")
    except (OSError, ValueError):
        raise RatopError("standard input is closed", hint="… | ratop print -r -", exit_code=Exit.NO_SOURCE) from None


def _open(name: str) -> io.FileIO:
    try:
        if Path(name).is_dir():
            raise RatopError(
                f"{shown(name)} is a directory, not a capture", hint="ratop print -r FILE", exit_code=Exit.NO_SOURCE
            )
        return io.FileIO(name, "rb")
    except FileNotFoundError:
        raise RatopError(f"no such file: {shown(name)}", hint=_near(name), exit_code=Exit.NO_SOURCE) from None
    except PermissionError:
        raise RatopError(
            f"may not read {shown(name)}", hint=f"ls -l {shown(name)}", exit_code=Exit.NOT_PERMITTED
        ) from None
    except OSError as error:
        raise RatopError(f"cannot open {shown(name)}: {error.strerror}", exit_code=Exit.NO_SOURCE) from None
    except ValueError:
        raise RatopError(f"not the name of a file: {shown(name)}", exit_code=Exit.NO_SOURCE) from None


def _near(name: str) -> str:
    """The name in the same folder that is most like a misspelt one."""
    import difflib

    path = Path(name)
    try:
        there = [each for _, each in zip(range(1000), os.listdir(path.parent), strict=False)]
    except OSError:
        return f"ls -d {clean(str(path.parent), 400)}"
    near = difflib.get_close_matches(path.name, there, n=1)
    return f"ratop print -r {clean(str(path.parent / near[0]), 400)}" if near else ""


def _gzip(below: io.BufferedReader[Whole]) -> Stream:
    import gzip

    return gzip.GzipFile(fileobj=below)


def _zstd(below: io.BufferedReader[Whole]) -> Stream:
    """A reader of zstd frames, one after the other."""
    try:
        from compression import zstd  # Python 3.14
    except ImportError:
        pass
    else:
        found: Stream = zstd.ZstdFile(below)
        return found
    try:
        import zstandard
    except ImportError:
        raise RatopError(
            "this file is zstd-compressed and Python's zstandard is not installed",
            hint="zstd -dc FILE | ratop print -r -",
            exit_code=Exit.BAD_DATA,
        ) from None
    read: Stream = zstandard.ZstdDecompressor().stream_reader(below, read_across_frames=True)
    return read
