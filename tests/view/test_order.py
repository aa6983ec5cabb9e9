from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.kinds import MISSING, Addresses, Text
from ratop_py.net.address import parse
from ratop_py.view.order import is_sorted, keys_of, ranks

BOTH = pytest.mark.parametrize("descending", [False, True])


def ids(*numbers: int) -> Any:
    return np.array(numbers, np.uint64)


def words(*values: str) -> Text:
    known = ["", *dict.fromkeys(value for value in values if value)]
    return Text(np.array([known.index(value) for value in values], np.int32), known)


def addresses(*values: str) -> Addresses:
    found = [parse(value) if value else (0, 0) for value in values]
    return Addresses(
        np.array([value >> 64 for value, _ in found], np.uint64),
        np.array([value & (1 << 64) - 1 for value, _ in found], np.uint64),
        np.array([family for _, family in found], np.uint8),
    )


def placed(column: Any, descending: bool) -> list[int]:
    """Row numbers in order, of rows whose ids are their numbers."""
    return ranks([(column, descending)], np.arange(len(column), dtype=np.uint64)).tolist()


@BOTH
def test_a_missing_number_comes_last_both_ways(descending: bool) -> None:
    assert placed(np.array([5, MISSING, 7, 0]), descending) == ([2, 0, 3, 1] if descending else [3, 0, 2, 1])
    assert placed(np.array([5.0, np.nan, 7.0, -2.0]), descending) == ([2, 0, 3, 1] if descending else [3, 0, 2, 1])


@BOTH
def test_an_empty_word_comes_last_both_ways(descending: bool) -> None:
    assert placed(words("b", "", "a"), descending) == ([0, 2, 1] if descending else [2, 0, 1])
    assert placed(np.array([b"b", b"", b"a"]), descending) == ([0, 2, 1] if descending else [2, 0, 1])


@BOTH
def test_no_address_comes_last_both_ways(descending: bool) -> None:
    column = addresses("10.0.0.9", "", "10.0.0.10")
    assert placed(column, descending) == ([2, 0, 1] if descending else [0, 2, 1])


def test_rows_without_an_address_are_in_order_of_their_ids_whatever_numbers_they_hold() -> None:
    none = Addresses(np.zeros(2, np.uint64), np.array([9, 3], np.uint64), np.zeros(2, np.uint8))
    assert placed(none, False) == placed(none, True) == [0, 1]


def test_addresses_are_in_order_of_their_numbers_not_of_their_letters() -> None:
    column = addresses("10.0.0.10", "9.255.0.1", "2001:db8::1", "10.0.0.9")
    assert placed(column, False) == [1, 3, 0, 2]


def test_the_upper_half_of_the_address_space_is_above_the_lower() -> None:
    assert placed(addresses("fe80::1", "2001:db8::ffff:0:0:1", "2001:db8::1"), False) == [2, 1, 0]


def test_words_are_in_order_without_regard_to_case() -> None:
    assert placed(words("b", "Bash", "a", "A", "B"), False) == [3, 2, 4, 0, 1]


def test_the_second_key_decides_where_the_first_does_not() -> None:
    first, second = np.array([1, 2, 1, 2]), np.array([5, 6, 7, 8])
    assert ranks([(first, True), (second, False)], ids(1, 2, 3, 4)).tolist() == [1, 3, 0, 2]


@BOTH
def test_ties_are_broken_by_id_both_ways(descending: bool) -> None:
    assert ranks([(np.array([4, 4, 4]), descending)], ids(30, 10, 20)).tolist() == [1, 2, 0]


def test_without_keys_the_ids_decide() -> None:
    assert ranks([], ids(3, 1, 2)).tolist() == [1, 2, 0]
    assert ranks([], ids(1, 2, 3)).tolist() == [0, 1, 2]


def test_nothing_has_an_order() -> None:
    assert ranks([(np.zeros(0, np.int64), True)], ids()).tolist() == []
    assert is_sorted(ids())


@given(
    st.lists(st.tuples(st.integers(-1, 4), st.sampled_from(["", "a", "B", "c"]), st.integers(0, 3)), max_size=30),
    st.data(),
)
def test_the_order_does_not_depend_on_the_order_they_came_in(rows: list[tuple[int, str, int]], data: Any) -> None:
    numbers = np.arange(1, len(rows) + 1, dtype=np.uint64)
    mixed = np.array(data.draw(st.permutations(range(len(rows)))), np.intp)
    down = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()))

    def order(index: Any) -> list[int]:
        columns = (
            np.array([each[0] for each in rows], np.int64)[index],
            words(*(rows[at][1] for at in index)),
            np.array([each[2] for each in rows], np.float64)[index],
        )
        return numbers[index][ranks(list(zip(columns, down, strict=True)), numbers[index])].tolist()

    assert order(mixed) == order(np.arange(len(rows)))


@given(st.lists(st.integers(-1, 2**62), max_size=30), st.booleans())
def test_the_order_is_that_of_python(values: list[int], descending: bool) -> None:
    found = [values[at] for at in placed(np.array(values, np.int64), descending)]
    there = sorted((value for value in values if value != MISSING), reverse=descending)
    assert found == there + [MISSING] * values.count(MISSING)


@given(
    st.lists(st.floats(width=32) | st.sampled_from([0.0, -0.0, 1.0, np.nan]), max_size=30),
    st.booleans(),
    st.sampled_from([np.float32, np.float64]),
)
def test_fractions_are_in_the_order_of_python_too(values: list[float], descending: bool, kind: Any) -> None:
    there = [at for at in range(len(values)) if not np.isnan(values[at])]
    there.sort(key=lambda at: -values[at] if descending else values[at])
    assert placed(np.array(values, kind), descending) == there + [
        at for at in range(len(values)) if np.isnan(values[at])
    ]


@given(st.lists(st.integers(-128, 127), max_size=30), st.sampled_from([np.int8, np.int16, np.int32, np.int64]))
def test_numbers_of_any_size_are_in_order(values: list[int], kind: Any) -> None:
    there = [value for value in sorted(values) if value != MISSING]
    assert [values[at] for at in placed(np.array(values, kind), False)] == there + [MISSING] * values.count(MISSING)


def test_unsigned_numbers_over_the_whole_range_are_in_order() -> None:
    assert placed(np.array([1 << 63, 0, (1 << 64) - 1, 5], np.uint64), False) == [1, 3, 0, 2]


def test_keys_are_few_where_nothing_is_missing() -> None:
    assert len(keys_of(np.array([1, 2]), True)) == 1
    assert len(keys_of(np.array([1, MISSING]), True)) == 2
