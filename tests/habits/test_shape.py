"""Shapes of values in a configuration file."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.habits.preferences import settings
from ratop_py.habits.shape import FLAG, Shape, UnfitError, number, one_of, table, text, words

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("shape", "value", "taken"),
    [
        (FLAG, True, True),
        (number(0.1, 10), 3, 3.0),
        (one_of("bits", "bytes"), "bits", "bits"),
        (text("a word"), "x\x1b[31m", "x·[31m"),
        (words("a list"), ["a", "b"], ("a", "b")),
        (words("a list"), "a, b  c", ("a", "b", "c")),
        (words("a list"), [], ()),
        (table(FLAG, "a table"), {"x": True}, {"x": True}),
    ],
)
def test_what_fits_comes_out_frozen_and_clean(shape: Shape, value: object, taken: object) -> None:
    assert shape.read(value) == taken


@pytest.mark.parametrize(
    ("shape", "value", "expected", "key"),
    [
        (FLAG, 1, "true or false", ()),
        (number(0.1, 10), 11, "a number from 0.1 to 10", ()),
        (number(0.1, 10), True, "a number from 0.1 to 10", ()),
        (number(0.1, 10), math.nan, "a number from 0.1 to 10", ()),
        (one_of("a", "b", "c"), "d", "a, b or c", ()),
        (words("a list"), [1], "a list", ()),
        (text("short"), "x" * 5000, "short", ()),
        (table(FLAG, "a table"), 3, "a table", ()),
        (table(FLAG, "a table"), {"x": 3}, "true or false", ("x",)),
        (table(table(FLAG, "a table"), "tables"), {"x": {"y": 3}}, "true or false", ("x", "y")),
        (table(FLAG, "a table"), {"\x1b": True}, "named with letters, digits, - and _, a letter first", ("\x1b",)),
    ],
)
def test_what_does_not_fit_says_what_is_expected_and_where(
    shape: Shape, value: object, expected: str, key: tuple[str, ...]
) -> None:
    with pytest.raises(UnfitError) as caught:
        shape.read(value)
    assert (caught.value.expected, caught.value.key) == (expected, key)


@given(st.sampled_from(list(settings())), ANYTHING)
def test_no_value_whatever_raises_anything_else(name: str, value: object) -> None:
    try:
        settings()[name].shape.read(value)
    except UnfitError as error:
        assert error.expected
