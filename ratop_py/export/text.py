"""Text columns as Argus's `ra` prints them.

Promise: a header, then a line a row; nothing in it can move the cursor (snapshots hold clean text). The first snapshot
decides how wide columns are; later words that are too long end in `…`, numbers are never cut.
Does not know: where the rows come from or go to.
"""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ratop_py.export import services
from ratop_py.export.cells import TIME_DECIMALS, Cell, Dialect, cell, strings
from ratop_py.export.csv import text as quoted
from ratop_py.fields import FIELDS
from ratop_py.kinds import MISSING, Kind
from ratop_py.view import Column, Snapshot, Text

CUT = "…"
WORDS = frozenset({Kind.TEXT, Kind.LIST, Kind.ADDRESS, Kind.MAC})
"""Kinds that stand at the left of their column and may be cut."""
WIDEST_WORD = 40
"""Columns of words grow to fit, up to here."""
SERVICE = "dport"
ALL, WELL_KNOWN = 65536, 1024
BIG = frozenset({Kind.COUNT, Kind.BYTES, Kind.BITRATE, Kind.RATE})


@dataclass(frozen=True, slots=True)
class Style:
    """What a person may choose about the text."""

    separator: str = ""
    """Stands between values, which then are not padded; empty: columns."""
    numbers: bool = False
    """Ports as numbers, not names."""
    epoch: bool = False
    """Times as seconds since the epoch, not as the time of day."""
    decimals: int | None = None
    abbreviate: bool = False
    """1234567 as 1.2M"""
    header: int = 0
    """0: one line of titles; n: one every n lines; -1: none."""
    widths: Mapping[str, int] | None = None
    """By field: hard limits."""


def _plain(words: Sequence[str]) -> list[bytes]:
    return [word.encode("utf-8", "replace") for word in words]


DIALECT = Dialect(b"", b"", _plain, _plain, b"", hexadecimal=True)


def write(snapshots: Iterable[Snapshot], out: BinaryIO, style: Style | None = None) -> int:
    """Write snapshots; returns the number of rows."""
    printer = Printer(out, style or Style())
    last = None
    for last in snapshots:
        if len(last):
            printer.write(last)
    if last is not None and not printer.rows:
        printer.write(last)
    return printer.rows


class Printer:
    """Remembers, from snapshot to snapshot, the layout and how many lines there were."""

    def __init__(self, out: BinaryIO, style: Style) -> None:
        self.rows = 0
        self._out = out
        self._style = style
        self._widths: list[int] | None = None
        self._titles = ""

    def write(self, snapshot: Snapshot) -> None:
        """One line a row, and titles where they are due."""
        columns = [texts(name, snapshot, self._style) for name in snapshot.columns]
        if self._widths is None:
            self._begin(list(snapshot.columns), columns)
        lines = self._lines(columns, list(snapshot.columns))
        every = self._style.header
        if every > 0:
            lines = [
                line
                for number, row in enumerate(lines, self.rows)
                for line in ((self._titles, row) if number % every == 0 and number else (row,))
            ]
        self.rows += len(snapshot)
        if lines:
            self._out.write("".join(lines).encode("utf-8", "replace"))

    def _begin(self, names: list[str], columns: list[list[str]]) -> None:
        hard = self._style.widths or {}
        self._widths = [
            hard.get(name) or width(column, FIELDS[name].kind, FIELDS[name].width)
            for name, column in zip(names, columns, strict=True)
        ]
        self._titles = self._lines([[FIELDS[name].title] for name in names], names)[0]
        if self._style.header >= 0:
            self._out.write(self._titles.encode("utf-8", "replace"))

    def _lines(self, columns: list[list[str]], names: list[str]) -> list[str]:
        if self._style.separator:
            between = self._style.separator
            rows = zip(*columns, strict=True)
            return [between.join(quoted(word, between).decode() for word in row) + "\n" for row in rows]
        assert self._widths is not None
        hard = self._style.widths or {}
        padded = [
            pad(column, size, left=FIELDS[name].kind in WORDS, hard=name in hard)
            for column, size, name in zip(columns, self._widths, names, strict=True)
        ]
        return [" ".join(row).rstrip() + "\n" for row in zip(*padded, strict=True)]


def texts(name: str, snapshot: Snapshot, style: Style) -> list[str]:
    """A column as a person reads it."""
    kind = FIELDS[name].kind
    column = snapshot.columns[name]
    if kind is Kind.TIME and not style.epoch:
        return times(np.asarray(column), TIME_DECIMALS if style.decimals is None else style.decimals)
    if kind is Kind.PORT and not style.numbers and "proto" in snapshot.columns:
        return ports(np.asarray(column), snapshot.columns["proto"], ALL if name == SERVICE else WELL_KNOWN)
    if style.abbreviate and kind in BIG:
        return [short(float(value)) for value in np.asarray(column)]
    return strings(_cell(column, kind, style.decimals), DIALECT)


def _cell(column: Column, kind: Kind, decimals: int | None) -> Cell:
    return cell(column, kind, DIALECT, decimals)


def times(ns: NDArray[np.int64], decimals: int) -> list[str]:
    """Local time of day with a fraction; each second is looked up once."""
    seconds, part = np.divmod(ns, 10**9)
    clock = {second: time.strftime("%H:%M:%S", time.localtime(second)) for second in set(seconds.tolist())}
    decimals = min(decimals, 9)
    if not decimals:
        return ["" if at == MISSING else clock[s] for at, s in zip(ns.tolist(), seconds.tolist(), strict=True)]
    fraction = (part // 10 ** (9 - decimals)).tolist()
    rows = zip(ns.tolist(), seconds.tolist(), fraction, strict=True)
    return ["" if at == MISSING else f"{clock[second]}.{rest:0{decimals}d}" for at, second, rest in rows]


def ports(numbers: NDArray[np.int64], proto: Column, least: int) -> list[str]:
    """Names of ports below `least`, where the system has one; above, a client's port only looks like a service."""
    assert isinstance(proto, Text)
    names = services.read()
    words = list(proto.words)
    made: dict[tuple[int, int], str] = {}
    pairs = list(zip(numbers.tolist(), proto.codes.tolist(), strict=True))
    for port, code in set(pairs):
        name = names.get((words[code].lower(), port)) if port < least else None
        made[port, code] = name or ("" if port == MISSING else str(port))
    return [made[pair] for pair in pairs]


def short(value: float) -> str:
    """Three digits and a letter: 1.2k, 34M."""
    if value != value or value == MISSING:
        return ""
    for size, letter in ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= 0.9995 * size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}" if value % 1 else f"{value:.0f}"


def width(column: Sequence[str], kind: Kind, least: int) -> int:
    """How wide a column is to be so that its values fit."""
    longest = max((cells_of(word) for word in column), default=0)
    return max(least, min(longest, WIDEST_WORD) if kind in WORDS else longest)


def pad(column: Sequence[str], size: int, *, left: bool, hard: bool = False) -> list[str]:
    """All values equally wide: words left, numbers right."""
    if left:
        return [fit(word, size) for word in column]
    return [fit(word, size) if hard and len(word) > size else word.rjust(size) for word in column]


def fit(word: str, size: int) -> str:
    """A word in so many terminal cells: filled with blanks, or cut."""
    taken = cells_of(word)
    if taken <= size:
        return word + " " * (size - taken)
    room = size - 1
    kept = ""
    for char in word:
        room -= cells_of(char)
        if room < 0:
            break
        kept += char
    return kept + CUT + " " * (size - 1 - cells_of(kept))


def cells_of(word: str) -> int:
    """Terminal cells that a clean word takes: East Asian wide characters take two."""
    if word.isascii():
        return len(word)
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in word)
