"""Parquet through DuckDB: a column a field, of the type that its kind has.

Promise: addresses, MACs and words are text; times are instants in UTC with microseconds (nanoseconds not every reader
understands); durations are seconds as double; lists are lists of text, empty where there are none; anything else that
has no value is NULL. Rows are taken piece by piece: memory does not grow with their number. What is written on the way
lies in a folder that only this user can open, and is gone afterwards.
Does not know: where the rows come from or go to.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from ratop_py.errors import RatopError
from ratop_py.export.cells import FLOATS, cell, strings, used
from ratop_py.export.text import DIALECT
from ratop_py.fields import FIELDS
from ratop_py.kinds import Column, Kind
from ratop_py.safetext import words_of
from ratop_py.view import Snapshot, Text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": "1",
    "memory_limit": "512MB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "pandas_analyze_sample": "0",
}
"""One thread: capture goes on beside it. Nothing is ever fetched from the network. Columns of words are words, whatever
the first rows look like."""
COPY = "COPY ({}) TO '{}' (FORMAT parquet, COMPRESSION zstd)"
NULLABLE = "nullif({}, -1)"
EXPRESSIONS = {
    Kind.TIME: "CASE WHEN {0} = -1 THEN NULL ELSE make_timestamptz({0} // 1000) END",
    Kind.DURATION: "nullif({}, -1) / 1e9",
    Kind.LIST: "CASE WHEN {0} IS NULL THEN []::VARCHAR[] ELSE string_split({0}, ' ') END",
}
"""Kind → what becomes of its column in SQL; other words stay as they are, other numbers are NULL where they are -1."""


def write(snapshots: Iterable[Snapshot], out: BinaryIO) -> int:
    """Write snapshots; returns the number of rows."""
    import duckdb

    try:
        with TemporaryDirectory(prefix="ratop-") as folder, duckdb.connect(":memory:", config=SETTINGS) as database:
            return _write(database, snapshots, Path(folder), out)
    except duckdb.Error as error:
        raise RatopError(f"cannot write Parquet: {words_of(error)}") from error


def _write(database: DuckDBPyConnection, snapshots: Iterable[Snapshot], folder: Path, out: BinaryIO) -> int:
    rows = pieces = 0
    for number, snapshot in enumerate(snapshots):
        _piece(database, snapshot, folder / f"{number:06d}.piece")
        rows, pieces = rows + len(snapshot), number + 1
    whole = folder / "000000.piece"
    if pieces > 1:
        whole = folder / "whole"
        every = f"SELECT * FROM read_parquet('{_quoted(folder)}/*.piece')"  # noqa: S608 - a folder of our own
        database.execute(COPY.format(every, _quoted(whole)))
    if pieces:
        with whole.open("rb") as made:
            shutil.copyfileobj(made, out)
    return rows


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _piece(database: DuckDBPyConnection, snapshot: Snapshot, path: Path) -> None:
    """One snapshot as a file."""
    names = list(snapshot.columns)
    columns = {f"c{at}": values(snapshot.columns[name], FIELDS[name].kind) for at, name in enumerate(names)}
    chosen = ", ".join(f'{expression(at, FIELDS[name].kind, columns)} AS "{name}"' for at, name in enumerate(names))
    database.register("piece", columns)
    try:
        rows = f"SELECT {chosen} FROM piece"  # noqa: S608 - names of fields, which are ours
        database.execute(COPY.format(rows, _quoted(path)))
    finally:
        database.unregister("piece")


def expression(at: int, kind: Kind, columns: dict[str, NDArray[Any]]) -> str:
    """What to do with column number `at`."""
    name = f"c{at}"
    if kind in EXPRESSIONS:
        return EXPRESSIONS[kind].format(name)
    if columns[name].dtype.kind == "O":
        return name
    if columns[name].dtype.kind == "f":
        return f"CASE WHEN isfinite({name}) THEN {name} END"
    return NULLABLE.format(name)


def values(column: Column, kind: Kind) -> NDArray[Any]:
    """A column as DuckDB takes it: numbers as they are, all else as words."""
    if isinstance(column, Text):
        codes, words = used(column)
        return _words(words)[codes]
    if kind in FLOATS and isinstance(column, np.ndarray) and column.dtype.kind == "f":
        return column.astype(np.float64, copy=False)
    if isinstance(column, np.ndarray) and column.dtype.kind in "iu" and kind is not Kind.MAC:
        return column.astype(np.int64, copy=False)
    return _words(strings(cell(column, kind, DIALECT), DIALECT))


def _words(words: Iterable[str]) -> NDArray[Any]:
    """Words as objects, the empty one as None; what is no Unicode as a question mark, as in the other formats."""
    made = [_whole(word) if word else None for word in words]
    array = np.empty(len(made), object)
    array[:] = made
    return array


def _whole(word: str) -> str:
    return word if word.isascii() else word.encode("utf-8", "replace").decode()
