"""A snapshot's columns as one matrix of numbers and the steps that `lines.fill` writes rows by.

Promise: what is written depends on the columns alone, not on how many rows come at a time. A value that fits no number
(too large, infinite) is written as text or as missing, never wrong.
Does not know: JSON or CSV; a `Dialect` says how they write a word and where there is no value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ratop_py.export import lines
from ratop_py.kinds import MISSING, Kind
from ratop_py.view import Addresses, Column, Text

Matrix = NDArray[np.int64]

FLOAT_DECIMALS = 3
TIME_DECIMALS = 6
BUFFER = 1 << 20
FLOATS = frozenset({Kind.BITRATE, Kind.RATE, Kind.NUMBER, Kind.PERCENT})
TIMES = frozenset({Kind.TIME, Kind.DURATION})
_LARGEST = float(1 << 62)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a format writes what is no number."""

    missing: bytes
    quote: bytes
    """Around addresses; empty: none."""
    words: Callable[[Sequence[str]], list[bytes]]
    """Words as they stand in a line, quotes and escapes included."""
    lists: Callable[[Sequence[str]], list[bytes]]
    """The same for blank-separated lists."""
    empty_list: bytes
    hexadecimal: bool
    """Whether `Kind.HEX` is written as 0x…; else in decimal."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column, prepared: what to do with which rows of the matrix, and the words that it brings."""

    what: int
    values: tuple[NDArray[np.int64], ...]
    argument: int = 0
    quoted: bool = False
    words: tuple[bytes, ...] = ()
    widest: int = lines.WIDEST


def cell(column: Column, kind: Kind, dialect: Dialect, decimals: int | None = None) -> Cell:
    """Prepare a column."""
    if isinstance(column, Text):
        return _text(column, dialect, listed=kind is Kind.LIST)
    if isinstance(column, Addresses):
        return _addresses(column)
    match column.dtype.kind:
        case "S":
            return _chars(column)
        case "f":
            return _floats(column, FLOAT_DECIMALS if decimals is None else decimals)
        case _:
            return _whole(column.astype(np.int64, copy=False), kind, dialect, decimals)


def _whole(column: NDArray[np.int64], kind: Kind, dialect: Dialect, decimals: int | None) -> Cell:
    if kind in TIMES:
        return _times(column, TIME_DECIMALS if decimals is None else decimals)
    values = (np.where(column == MISSING, lines.NONE, column),)
    if kind is Kind.MAC:
        return Cell(lines.MAC, values, quoted=True)
    if kind is Kind.HEX and dialect.hexadecimal:
        return Cell(lines.HEX, values, 4)
    return Cell(lines.INT, values)


def _times(ns: NDArray[np.int64], decimals: int) -> Cell:
    decimals = min(decimals, 9)
    return Cell(lines.FIXED, (np.where(ns == MISSING, lines.NONE, ns // 10 ** (9 - decimals)),), decimals)


def _floats(column: NDArray[np.float64], decimals: int) -> Cell:
    scaled = column * 10.0**decimals
    if np.any(np.abs(scaled[np.isfinite(scaled)]) >= _LARGEST):
        return _written(column, decimals)
    there = np.isfinite(scaled)
    values = np.where(there, np.rint(np.where(there, scaled, 0.0)), 0.0).astype(np.int64)
    return Cell(lines.FIXED, (np.where(there, values, lines.NONE),), decimals)


def _written(column: NDArray[np.float64], decimals: int) -> Cell:
    """Numbers too large for 64 bits once scaled: each is written here."""
    words = tuple(b"%.*f" % (decimals, value) for value in column)
    values = np.where(np.isfinite(column), np.arange(len(column)), lines.NONE)
    return Cell(lines.WORD, (values,), words=words, widest=max(map(len, words)))


def _addresses(column: Addresses) -> Cell:
    family = np.where(column.family == 0, lines.NONE, column.family.astype(np.int64))
    return Cell(lines.ADDRESS, (family, column.hi.view(np.int64), column.lo.view(np.int64)), quoted=True)


def _chars(column: NDArray[np.bytes_]) -> Cell:
    """Fixed-width ASCII without quotes or escapes in it (Community IDs): no word is made of it."""
    pieces = -(-column.dtype.itemsize // 8)
    grid = column.astype(f"S{pieces * 8}").view("<i8").reshape(len(column), pieces)
    values = [np.ascontiguousarray(grid[:, i]) for i in range(pieces)]
    values[0] = np.where(values[0] == 0, lines.NONE, values[0])
    return Cell(lines.CHARS, tuple(values), pieces, quoted=True, widest=pieces * 8 + 2)


def _text(column: Text, dialect: Dialect, *, listed: bool) -> Cell:
    codes, words = used(column)
    made = (dialect.lists if listed else dialect.words)(words)
    none = dialect.empty_list if listed else dialect.missing
    there = [none if not word else bytes_ for word, bytes_ in zip(words, made, strict=True)]
    return Cell(lines.WORD, (codes.astype(np.int64),), words=tuple(there), widest=max(map(len, there), default=0))


def used(column: Text) -> tuple[NDArray[np.intp], Sequence[str]]:
    """Codes and words of a column, without the words that no row uses if those are many."""
    if len(column.words) <= 2 * len(column.codes) + 64:
        return column.codes.astype(np.intp), column.words
    kept, codes = np.unique(column.codes, return_inverse=True)
    return codes, [column.words[code] for code in kept]


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """Rows ready to be written."""

    values: Matrix
    steps: Matrix
    words: bytes
    ends: NDArray[np.int64]
    widest: int


def sheet(cells: Sequence[Cell], before: Sequence[bytes], after: bytes, dialect: Dialect) -> Sheet:
    """Put cells side by side; `before` is the word before each, `after` ends the row."""
    words: list[bytes] = [dialect.missing, after, *before]
    steps: list[tuple[int, ...]] = []
    rows: list[NDArray[np.int64]] = []
    widest = len(after) + len(dialect.missing) * len(cells)
    for number, item in enumerate(cells):
        argument = len(words) if item.what == lines.WORD else item.argument
        quote = dialect.quote[0] if item.quoted and dialect.quote else 0
        steps.append((item.what, len(rows), argument, number + 2, quote))
        rows.extend(item.values)
        words.extend(item.words)
        widest += len(before[number]) + item.widest
    steps.append((lines.LITERAL, 0, 0, 1, 0))
    ends = np.array([0, *accumulate(map(len, words))], np.int64)
    return Sheet(np.array(rows, np.int64), np.array(steps, np.int64), b"".join(words), ends, widest)


def write(sheet: Sheet, out: BinaryIO) -> int:
    """Write all rows; returns how many."""
    rows: int = sheet.values.shape[1]
    buffer = bytearray(max(min(BUFFER, rows * sheet.widest), sheet.widest))
    values, steps, words = sheet.values.data, sheet.steps.data, memoryview(sheet.words)
    ends = sheet.ends.data
    row = 0
    with memoryview(buffer) as view:
        while row < rows:
            row, size = lines.fill(view, values, steps, words, ends, row, rows, sheet.widest)
            out.write(view[:size])
    return rows


def strings(item: Cell, dialect: Dialect) -> list[str]:
    """One column as text; words must hold no line break."""
    if not len(item.values[0]):
        return []
    out = BytesIO()
    write(sheet([item], [b""], b"\n", dialect), out)
    return out.getvalue()[:-1].decode("utf-8", "replace").split("\n")
