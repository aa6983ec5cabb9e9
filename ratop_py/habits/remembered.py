"""What ratop remembers of the last time: one small JSON file, read with doubt and written whole or not at all.

Promise: garbage is left out and counted, never an error; the file is bounded, its owner's alone (0600), and replaced in
one step. Text is clean.
Does not know: where the file is; whether a field or a view still exists; the filter in force and the time shown are not
restored by themselves, because a filter that was forgotten is a wrong picture.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ratop_py.habits.shape import NAME
from ratop_py.safetext import clean

LARGEST = 262_144
"""Bytes of the file."""
LINES = 100
"""Lines of each kind of history."""
LONGEST = 4096
"""Characters of a line."""
ENTRIES = 200
"""Of any other table or list."""
KINDS = ("filter", "command", "mark")


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last time."""

    view: str = ""
    sort: Mapping[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    """By view: (field, whether the greatest come first)."""
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    habits: Mapping[str, str | bool] = field(default_factory=dict)
    theme: str = ""
    rate: float = 0.0
    """0: not said."""
    filters: Mapping[str, str] = field(default_factory=dict)
    """Saved on the screen."""
    history: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    export: Mapping[str, str | bool] = field(default_factory=dict)
    filter: str = ""
    """The filter in force when the screen was left: only `--last` asks for it."""
    beside: Mapping[str, str] = field(default_factory=dict)
    """What the configuration said then of what is remembered here, as text."""


@dataclass(frozen=True, slots=True)
class Recollection:
    """What a file gave."""

    remembered: Remembered = field(default_factory=Remembered)
    left_out: int = 0
    """Things in the file that made no sense."""
    trouble: str = ""
    """Why nothing could be read; empty: something was, or there is no file."""


class _Doubt:
    """Reads values one by one and counts those that are none."""

    def __init__(self) -> None:
        self.left_out = 0

    def _no(self) -> None:
        self.left_out += 1

    def text(self, value: object, longest: int = 200) -> str:
        if isinstance(value, str) and len(value) <= longest:
            return clean(value, longest)
        self._no()
        return ""

    def number(self, value: object) -> float:
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6:
            return float(value)
        self._no()
        return 0.0

    def items(self, value: object, most: int = ENTRIES) -> list[object]:
        if isinstance(value, list):
            self.left_out += max(0, len(value) - most)
            return value[-most:]
        self._no()
        return []

    def table(self, value: object) -> dict[str, object]:
        if not isinstance(value, dict):
            self._no()
            return {}
        right = {name: each for name, each in value.items() if NAME.fullmatch(name)}
        kept = dict(list(right.items())[:ENTRIES])
        self.left_out += len(value) - len(kept)
        return kept

    def words(self, value: object, most: int = ENTRIES, longest: int = 200) -> tuple[str, ...]:
        return tuple(filter(None, (self.text(each, longest) for each in self.items(value, most))))

    def pairs(self, value: object) -> tuple[tuple[str, bool], ...]:
        found = []
        for each in self.items(value, 8):
            match each:
                case [str(name), bool(descending)] if NAME.fullmatch(name):
                    found.append((name, descending))
                case _:
                    self._no()
        return tuple(found)

    def plain(self, value: object) -> dict[str, str | bool]:
        found: dict[str, str | bool] = {}
        for name, each in self.table(value).items():
            if isinstance(each, bool):
                found[name] = each
            elif text := self.text(each, LONGEST):
                found[name] = text
        return found

    def texts(self, value: object) -> dict[str, str]:
        return {name: text for name, each in self.table(value).items() if (text := self.text(each, LONGEST))}

    def lists(self, value: object, most: int = ENTRIES, longest: int = 200) -> dict[str, tuple[str, ...]]:
        return {name: self.words(each, most, longest) for name, each in self.table(value).items()}


def understood(said: object) -> Recollection:
    """What a JSON value means."""
    doubt = _Doubt()
    read: Mapping[str, Callable[[object], object]] = {
        **dict.fromkeys(("view", "theme"), doubt.text),
        "sort": lambda value: {view: doubt.pairs(each) for view, each in doubt.table(value).items()},
        "columns": doubt.lists,
        **dict.fromkeys(("habits", "export"), doubt.plain),
        "rate": doubt.number,
        **dict.fromkeys(("filters", "beside"), doubt.texts),
        "history": lambda value: doubt.lists(value, LINES, LONGEST),
        "filter": lambda value: doubt.text(value, LONGEST),
    }
    taken = {name: read[name](value) for name, value in doubt.table(said).items() if name in read}
    unknown = len(said) - len(taken) if isinstance(said, dict) else 0
    left_out = max(doubt.left_out, unknown)
    return Recollection(replace(Remembered(), **taken), left_out)  # type: ignore[arg-type]


def load(path: Path | None) -> Recollection:
    """What stands in a file."""
    try:
        if path is None or not path.is_file():
            return Recollection()
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        return Recollection(trouble=f"cannot read {path}: {error.strerror}")
    try:
        if len(raw) > LARGEST:
            raise ValueError("too large")
        return understood(json.loads(raw))
    except (ValueError, RecursionError):
        return Recollection(trouble=f"{path} makes no sense and was left alone; ratop writes it anew when it ends")


def dump(remembered: Remembered) -> bytes:
    """The file, within its bound: of the histories the oldest lines leave first."""
    lines = LINES
    while True:
        history = {kind: past[-lines:] if lines else () for kind, past in remembered.history.items()}
        said = {name: each for name, each in asdict(replace(remembered, history=history)).items() if each}
        raw = json.dumps(said, ensure_ascii=False, indent=1).encode()
        if len(raw) <= LARGEST or not lines:
            return raw
        lines //= 2


def save(path: Path | None, remembered: Remembered, uid: int) -> str:
    """Write it; empty, or why it is not written. Root writes in folders of root alone."""
    if path is None:
        return "there is no home to remember things in"
    raw = dump(remembered)
    if len(raw) > LARGEST:
        return f"there is more to remember than {LARGEST:,} bytes"
    try:
        if _ours(path, uid):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.parent.stat().st_uid != uid:
            return f"{path.parent} belongs to somebody else"
        descriptor, name = tempfile.mkstemp(prefix=".state-", dir=path.parent)  # made with mode 0600
    except OSError as error:
        return f"cannot write in {path.parent}: {error.strerror}"
    return _replace(descriptor, name, path, raw)


def hindrance(path: Path | None, uid: int) -> str:
    """Why nothing could be remembered there; empty: it could."""
    if path is None:
        return "there is no home"
    try:
        there = next(each for each in path.parents if each.exists())
        if there.stat().st_uid != uid:
            return f"{there} belongs to somebody else"
        return "" if there.is_dir() and os.access(there, os.W_OK) else f"{there} cannot be written in"
    except OSError as error:
        return f"{path}: {error.strerror}"


def _ours(path: Path, uid: int) -> bool:
    """Whether the nearest folder that is there belongs to us."""
    there = next(each for each in path.parents if each.exists())
    return there.stat().st_uid == uid


def _replace(descriptor: int, name: str, path: Path, raw: bytes) -> str:
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        Path(name).replace(path)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        return f"cannot write {path}: {error.strerror}"
    return ""


def joined(past: Iterable[str], more: Iterable[str]) -> tuple[str, ...]:
    """Two histories as one: each line once, where it was typed last."""
    return tuple(dict.fromkeys([*past, *more][::-1]))[:LINES][::-1]
