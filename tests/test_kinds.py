from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ratop_py.kinds import MISSING, Addresses, Kind, Text


def test_a_column_of_words_gives_the_word_of_a_row() -> None:
    column = Text(np.array([2, 0, 1], np.int32), ["", "ada", "root"])
    assert len(column) == 3
    assert [column.at(row) for row in range(3)] == ["root", "", "ada"]


def test_a_column_of_addresses_is_as_long_as_its_halves() -> None:
    assert len(Addresses(np.zeros(4, np.uint64), np.zeros(4, np.uint64), np.zeros(4, np.uint8))) == 4


@pytest.mark.parametrize("column", [Text, Addresses])
def test_columns_never_change(column: type) -> None:
    assert column.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert dataclasses.fields(column)


def test_a_kind_is_its_own_word() -> None:
    assert [Kind(str(kind)) for kind in Kind] == list(Kind)


def test_what_is_missing_is_no_value_of_a_counter_or_a_port() -> None:
    assert MISSING < 0
