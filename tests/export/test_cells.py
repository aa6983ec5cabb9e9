"""Columns become numbers and words without losing or inventing anything."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.export import lines
from ratop_py.export.cells import Dialect, cell, sheet, strings, used, write
from ratop_py.kinds import MISSING, Kind
from ratop_py.net import address
from ratop_py.view import Addresses, Text
from tests.helpers.tables import addresses, floats, numbers, words


def plain(values: list[str]) -> list[bytes]:
    return [value.encode() for value in values]


DIALECT = Dialect(b"-", b"", plain, plain, b"[]", hexadecimal=True)  # type: ignore[arg-type]
EMPTY = replace(DIALECT, missing=b"")


@given(st.lists(st.integers(-(1 << 62), 1 << 62), min_size=1))
def test_whole_numbers_stay_as_they_are(values: list[int]) -> None:
    expected = ["-" if value == MISSING else str(value) for value in values]
    assert strings(cell(numbers(*values), Kind.COUNT, DIALECT), DIALECT) == expected


@given(st.lists(st.integers(0, 4 * 10**18), min_size=1), st.integers(0, 9))
def test_times_are_cut_not_rounded(values: list[int], decimals: int) -> None:
    got = strings(cell(numbers(*values), Kind.TIME, DIALECT, decimals), DIALECT)
    assert [Decimal(text) for text in got] == [
        Decimal(value // 10 ** (9 - decimals)).scaleb(-decimals) for value in values
    ]


@given(st.lists(st.floats(-1e12, 1e12), min_size=1))
def test_floats_are_rounded_to_their_decimals(values: list[float]) -> None:
    got = strings(cell(floats(*values), Kind.RATE, DIALECT), DIALECT)
    for text, value in zip(got, values, strict=True):
        assert len(text.split(".")[1]) == 3
        assert math.isclose(float(text), value, abs_tol=0.000501, rel_tol=1e-12)


@pytest.mark.parametrize(("value", "text"), [(math.nan, "-"), (math.inf, "-"), (1e300, f"{1e300:.3f}"), (3.5, "3.500")])
def test_floats_that_fit_no_integer_are_written_all_the_same(value: float, text: str) -> None:
    assert strings(cell(floats(value, 1e17), Kind.RATE, DIALECT), DIALECT) == [text, "100000000000000000.000"]


def test_a_missing_address_is_missing() -> None:
    assert strings(cell(addresses("", "::1", "10.0.0.9"), Kind.ADDRESS, DIALECT), DIALECT) == ["-", "::1", "10.0.0.9"]


@given(st.lists(st.tuples(st.sampled_from([0, 1, 2, 3, 4, 6]), st.integers(0, (1 << 48) - 1)), min_size=1))
def test_addresses_read_as_they_do_everywhere_else(values: list[tuple[int, int]]) -> None:
    column = Addresses(
        np.array([value << 16 if family == 6 else 0 for family, value in values], np.uint64),
        np.array([value | (0xFFFF << 32 if family in (1, 2, 4) else 0) for family, value in values], np.uint64),
        np.array([family for family, _ in values], np.uint8),
    )
    expected = address.texts(column.hi, column.lo, column.family)
    assert strings(cell(column, Kind.ADDRESS, EMPTY), EMPTY) == expected


def test_text_of_fixed_width_needs_no_words() -> None:
    column = np.array([b"1:abc=", b""], "S30")
    made = cell(column, Kind.TEXT, DIALECT)
    assert made.words == ()
    assert strings(made, DIALECT) == ["1:abc=", "-"]


def test_words_that_no_row_uses_are_left_out_when_they_are_many() -> None:
    column = Text(np.array([999, 0], np.int32), ["", *map(str, range(1, 1000))])
    codes, kept = used(column)
    assert len(kept) == 2
    assert [kept[code] for code in codes] == ["999", ""]


def test_an_empty_list_is_not_a_missing_word() -> None:
    assert strings(cell(words("A B", ""), Kind.LIST, DIALECT), DIALECT) == ["A B", "[]"]


def test_rows_wider_than_the_buffer_are_written_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratop_py.export.cells.BUFFER", 64)
    column = words(*[letter * 100 for letter in "abc"])
    assert strings(cell(column, Kind.TEXT, DIALECT), DIALECT) == ["a" * 100, "b" * 100, "c" * 100]


def test_the_widest_row_is_never_underestimated() -> None:
    columns = [
        (numbers(-(1 << 62)), Kind.COUNT),
        (addresses("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), Kind.ADDRESS),
        (numbers((1 << 62) - 1), Kind.HEX),
        (floats(-4e18 / 1000), Kind.RATE),
        (words("x" * 300), Kind.TEXT),
    ]
    cells = [cell(column, kind, DIALECT) for column, kind in columns]
    made = sheet(cells, [b"before "] * len(cells), b"\n", DIALECT)
    out = BytesIO()
    assert write(made, out) == 1
    assert len(out.getvalue()) <= made.widest


def test_the_values_of_an_address_stand_side_by_side() -> None:
    made = cell(addresses("10.0.0.1"), Kind.ADDRESS, DIALECT)
    assert made.what == lines.ADDRESS
    assert [part.tolist() for part in made.values] == [[4], [0], [0xFFFF0A000001]]
