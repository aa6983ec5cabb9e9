"""Where the files of a person are: XDG's folders, also under sudo.

Promise: root reads the configuration of whoever typed sudo only if that person owns the file, and never writes into
anybody's home but its own: a folder there may be a link to anywhere. So under sudo what is remembered stays with root.
Does not know: what stands in the files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ratop_py.habits.configfile import LARGEST

CONFIG = "config.toml"
STATE = "state.json"


@dataclass(frozen=True, slots=True)
class Place:
    """A file, and who must own it to be believed."""

    path: Path
    owner: int
    lent: bool = False
    """It is not of the user that ratop runs as."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where to look, the first that is there counts; and where to remember."""

    configs: tuple[Place, ...] = ()
    state: Path | None = None
    """None: nowhere."""


def home_of(uid: int) -> str:
    """A user's home, as the system has it; empty: it knows none."""
    try:
        import pwd

        return pwd.getpwuid(uid).pw_dir
    except (ImportError, KeyError):
        return ""


def places(environ: Mapping[str, str], uid: int, home: Callable[[int], str] = home_of) -> Places:
    """The places of the user `uid`."""
    person = environ.get("SUDO_UID", "")
    if uid or not (person.isascii() and person.isdecimal()) or int(person) == 0:
        own = environ.get("HOME") or home(uid)
        state = _below(environ.get("XDG_STATE_HOME"), own, ".local/state")
        config = _below(environ.get("XDG_CONFIG_HOME"), own, ".config")
        return Places((Place(config / CONFIG, uid),) if config else (), state / STATE if state else None)
    lender = int(person)
    lent = _below(environ.get("XDG_CONFIG_HOME"), home(lender), ".config")
    config, state = (_below(None, home(0), folder) for folder in (".config", ".local/state"))
    found = (Place(lent / CONFIG, lender, lent=True) if lent else None, Place(config / CONFIG, 0) if config else None)
    return Places(tuple(each for each in found if each), state / STATE if state else None)


def _below(said: str | None, home: str, otherwise: str) -> Path | None:
    """XDG: a relative path counts as not said."""
    if said and said.startswith("/"):
        return Path(said) / "ratop"
    return Path(home) / otherwise / "ratop" if home.startswith("/") else None


def text_of(place: Place) -> str | None:
    """What stands in a file; None: it is not there. OSError, ValueError: it may not be read, in words."""
    try:
        descriptor = os.open(place.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOCTTY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    with os.fdopen(descriptor, "rb") as file:
        seen = os.fstat(descriptor)
        if not stat.S_ISREG(seen.st_mode):
            raise ValueError("it is no regular file")
        if seen.st_uid not in {place.owner, *(() if place.lent else (0,))}:
            raise ValueError("it belongs to somebody else")
        raw = file.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST:,} bytes")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8") from None
