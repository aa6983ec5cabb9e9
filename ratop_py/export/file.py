"""A new file for an export.

Promise: nothing that exists is touched (no overwriting, no following of links); only the person who asked may read it,
also when ratop runs under sudo; after a failure no half file stays behind.
Does not know: what is written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ratop_py.errors import RatopError

MODE = 0o600


@contextmanager
def create(path: Path, environ: Mapping[str, str] = os.environ) -> Iterator[BinaryIO]:
    """A file that is there when the block ends well, and is not when it fails."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    try:
        descriptor = os.open(path, flags, MODE)
    except FileExistsError:
        raise RatopError(f"{path} is there already", hint="choose another name; nothing is overwritten") from None
    except OSError as error:
        raise RatopError(f"cannot write {path}: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "wb") as out:
            _give(descriptor, environ)
            yield out
    except OSError as error:
        path.unlink(missing_ok=True)
        raise RatopError(f"cannot write {path}: {error.strerror}") from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def invoker(environ: Mapping[str, str]) -> tuple[int, int] | None:
    """Who typed sudo: (uid, gid); None without sudo."""
    uid, gid = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
    if uid.isascii() and uid.isdecimal() and gid.isascii() and gid.isdecimal():
        return int(uid), int(gid)
    return None


def _give(descriptor: int, environ: Mapping[str, str]) -> None:
    """Under sudo the file belongs to the person, not to root."""
    owner = invoker(environ)
    if owner is not None and os.geteuid() == 0:
        os.fchown(descriptor, *owner)
