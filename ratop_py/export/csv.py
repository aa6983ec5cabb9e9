"""Comma-separated values after RFC 4180: a line of names, then a line a row, lines ended by CR LF.

Promise: any reader of RFC 4180 gets every value back; times are seconds since the epoch. With `guard` no spreadsheet
takes a word for a formula.
Does not know: where the rows come from or go to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain
from typing import BinaryIO

from ratop_py.export.cells import Dialect, cell, sheet
from ratop_py.export.cells import write as write_sheet
from ratop_py.fields import FIELDS
from ratop_py.view import Snapshot

FORMULA = tuple("=+-@\t\r")
"""What a spreadsheet begins a formula with."""


def text(word: str, separator: str = ",", *, guard: bool = False) -> bytes:
    """A word as it stands in a line; quoted only where it must be."""
    if guard and word.startswith(FORMULA):
        word = "'" + word
    if separator in word or '"' in word or "\n" in word or "\r" in word:
        word = '"' + word.replace('"', '""') + '"'
    return word.encode("utf-8", "replace")


def dialect(separator: str = ",", *, guard: bool = False) -> Dialect:
    """How values are written."""

    def texts(words: Sequence[str]) -> list[bytes]:
        return [text(word, separator, guard=guard) for word in words]

    return Dialect(b"", b"", texts, texts, b"", hexadecimal=True)


def write(
    snapshots: Iterable[Snapshot],
    out: BinaryIO,
    *,
    header: bool = True,
    guard: bool = False,
    decimals: int | None = None,
) -> int:
    """Write snapshots; returns the number of rows."""
    way = dialect(guard=guard)
    coming = iter(snapshots)
    first = next(coming, None)
    if first is None:
        return 0
    if header:
        out.write(b",".join(map(text, first.columns)) + b"\r\n")
    return sum(map(partial(_write, out, way, decimals), chain([first], coming)))


def _write(out: BinaryIO, way: Dialect, decimals: int | None, snapshot: Snapshot) -> int:
    if not len(snapshot):
        return 0
    cells = [cell(column, FIELDS[name].kind, way, decimals) for name, column in snapshot.columns.items()]
    before = [b"", *[b","] * (len(cells) - 1)]
    return write_sheet(sheet(cells, before, b"\r\n", way), out)
