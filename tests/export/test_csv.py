"""Comma-separated values."""

from __future__ import annotations

import csv as reader
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import csv
from ratop_py.view import Snapshot
from tests.helpers.tables import rows_of, snapshot, story, words


def written(*snapshots: Snapshot, header: bool = True, guard: bool = False) -> str:
    out = BytesIO()
    csv.write(snapshots, out, header=header, guard=guard)
    return out.getvalue().decode()


def read(text: str) -> list[list[str]]:
    return list(reader.reader(StringIO(text, newline="")))


def test_the_first_line_names_the_fields() -> None:
    assert read(written(story()))[0] == list(story().columns)


def test_values_come_back_and_what_is_missing_is_empty() -> None:
    first, second = read(written(story(), header=False))
    assert first[:5] == ["1700000000.005000", "0.080002", "tcp", "10.0.0.1", "42001"]
    assert first[8:] == ["0x0064", "02:00:00:00:00:01", 'a "b", c', "1234.568", "OWN BOGON"]
    assert second == ["1700000001.000000", "0.000000", "arp", "fe80::1", "", "", "", "0", "", "", "", "", ""]


def test_lines_end_as_rfc_4180_wants() -> None:
    assert written(story()).count("\r\n") == 3


def test_there_is_one_header_however_many_pieces_come() -> None:
    whole = story()
    assert written(rows_of(whole, 0, 1), rows_of(whole, 1, 2)) == written(whole)


def test_no_rows_still_have_a_header() -> None:
    assert read(written(rows_of(story(), 0, 0))) == [list(story().columns)]


@given(st.lists(st.text(max_size=12).map(lambda text: text.replace("\0", "")), min_size=1, max_size=6))
def test_any_word_comes_back(values: list[str]) -> None:
    values = [value.encode("utf-8", "replace").decode() for value in values]
    table = snapshot({"program": words(*values), "proto": words(*["x"] * len(values))})
    assert read(written(table, header=False)) == [[value, "x"] for value in values]


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=5))
def test_guarded_words_are_no_formulas(first: str, rest: str) -> None:
    assert csv.text(first + rest, guard=True).lstrip(b'"').startswith(b"'")


def test_without_the_guard_words_stay_as_they_are() -> None:
    assert csv.text("=1+1") == b"=1+1"
