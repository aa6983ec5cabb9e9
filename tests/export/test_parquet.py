"""Parquet, read back by DuckDB."""

from __future__ import annotations

import io
import json
import math
import tracemalloc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from ratop_py.errors import RatopError
from ratop_py.export import jsonl, parquet
from ratop_py.fields import FIELDS
from ratop_py.kinds import Column, Kind
from ratop_py.view import Snapshot, View, answer
from tests.helpers.fakefeed import CLOCK
from tests.helpers.flowsfeed import flows
from tests.helpers.tables import floats, numbers, rows_of, snapshot, story, words


def read(snapshots: list[Snapshot], path: Path) -> list[dict[str, Any]]:
    """What another program finds in the file; instants as microseconds since the epoch."""
    with path.open("wb") as out:
        parquet.write(snapshots, out)
    chosen = ", ".join(
        f"epoch_us({name}) AS {name}" if kind == "TIMESTAMP WITH TIME ZONE" else f'"{name}"'
        for name, kind in described(path)
    )
    with duckdb.connect() as database:
        found = database.execute(f"SELECT {chosen} FROM read_parquet('{path}')")
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def described(path: Path) -> list[tuple[str, str]]:
    with duckdb.connect() as database:
        return [
            (row[0], row[1]) for row in database.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()
        ]


@cache
def everything() -> Snapshot:
    """A few hundred flows, all fields."""
    found = flows(300)
    found.rows["vlan"][:100] = 0x0064
    found.rows["mac_a"][:50] = np.arange(300, dtype=np.uint8).reshape(50, 6)
    found.rows["seen"][:50] = 16
    return answer(found, View(fields=tuple(FIELDS)), CLOCK).snapshot()


def same(name: str, told: Any, found: Any) -> bool:
    """Whether a value of JSON is that of Parquet, which knows numbers better and times as instants."""
    kind = FIELDS[name].kind
    if told is None or found is None:
        return told is None and found is None
    if kind is Kind.TIME:
        return round(told * 1e6) == found
    if kind is Kind.DURATION:
        return abs(told - found) < 1.0001e-6
    if isinstance(told, float):
        return math.isclose(told, found, abs_tol=0.00051, rel_tol=1e-12)
    return bool(told == found)


def test_every_field_has_the_values_of_json(tmp_path: Path) -> None:
    out = io.BytesIO()
    jsonl.write([everything()], out)
    told = [json.loads(line) for line in out.getvalue().splitlines()]
    found = read([everything()], tmp_path / "out")
    assert [list(row) for row in found] == [list(FIELDS)] * 300
    wrong = {
        name: (row[name], other[name])
        for row, other in zip(told, found, strict=True)
        for name in FIELDS
        if not same(name, row[name], other[name])
    }
    assert wrong == {}


def test_no_rows_are_a_file_with_the_columns_and_their_types(tmp_path: Path) -> None:
    none = rows_of(everything(), 0, 0)
    assert read([none], tmp_path / "none") == []
    read([everything()], tmp_path / "some")
    assert described(tmp_path / "none") == described(tmp_path / "some")


def test_types_say_what_a_value_is(tmp_path: Path) -> None:
    read([story()], tmp_path / "out")
    types = dict(described(tmp_path / "out"))
    assert types["stime"] == "TIMESTAMP WITH TIME ZONE"
    assert types["dur"] == types["load"] == "DOUBLE"
    assert types["saddr"] == types["smac"] == types["program"] == "VARCHAR"
    assert types["sport"] == types["svlan"] == "BIGINT"
    assert types["why"] == "VARCHAR[]"


def test_what_has_no_value_is_null_and_a_list_of_nothing_is_empty(tmp_path: Path) -> None:
    bare = read([story()], tmp_path / "out")[1]
    assert [bare[name] for name in ("sport", "daddr", "smac", "program", "load", "svlan")] == [None] * 6
    assert bare["why"] == []


def test_a_number_keeps_all_its_digits(tmp_path: Path) -> None:
    column: dict[str, Column] = {"load": floats(1 / 3, math.inf, 1e300), "dur": numbers(1, -1, 80_002_000)}
    found = read([snapshot(column)], tmp_path / "out")
    assert [row["load"] for row in found] == [1 / 3, None, 1e300]
    assert [row["dur"] for row in found] == [1e-9, None, 0.080002]


@pytest.mark.parametrize("word", ["'; DROP TABLE piece; --", 'a "b"', "日本語", "x" * 10_000, "12", "null", "\udce9"])
def test_a_word_is_a_word_whatever_it_says(word: str, tmp_path: Path) -> None:
    found = read([snapshot({"program": words(word, "", word)})], tmp_path / "out")
    assert [row["program"] for row in found] == [
        word.encode("utf-8", "replace").decode(),
        None,
        word.encode("utf-8", "replace").decode(),
    ]


def test_pieces_are_one_file_in_their_order(tmp_path: Path) -> None:
    whole = everything()
    pieces = [rows_of(whole, at, at + 7) for at in range(0, 300, 7)]
    assert read(pieces, tmp_path / "pieces") == read([whole], tmp_path / "whole")


def test_types_do_not_depend_on_what_a_piece_lacks(tmp_path: Path) -> None:
    found = read([snapshot({"why": words("")}), snapshot({"why": words("OWN BOGON")})], tmp_path / "out")
    assert [row["why"] for row in found] == [[], ["OWN", "BOGON"]]


def test_memory_does_not_grow_with_the_rows() -> None:
    """Python's own; what DuckDB takes is limited by SETTINGS."""
    fields = ("stime", "saddr", "daddr", "dport", "program", "bytes")
    made = answer(flows(20_000), View(fields=fields), CLOCK).snapshot()

    def most(pieces: int) -> int:
        def coming() -> Iterator[Snapshot]:
            for _ in range(pieces):
                yield made

        tracemalloc.reset_peak()
        assert parquet.write(coming(), io.BytesIO()) == pieces * 20_000
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        most(1)
        assert most(12) < 1.5 * most(2) + (4 << 20)
    finally:
        tracemalloc.stop()


def test_a_stop_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def coming() -> Iterator[Snapshot]:
        yield story()
        raise RatopError("stopped")

    with pytest.raises(RatopError, match="stopped"):
        parquet.write(coming(), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


def test_what_duckdb_refuses_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "COPY", "COPY ({}) TO '{}' (FORMAT nothing)")
    with pytest.raises(RatopError, match="cannot write Parquet"):
        parquet.write([story()], io.BytesIO())
