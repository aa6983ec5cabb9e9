"""Amounts of bytes as people type them."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.commands.sizes import Size, written

MIB = 1 << 20


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("64M", 64 * MIB),
        ("64m", 64 * MIB),
        ("1G", 1024 * MIB),
        ("1.5k", 1536),
        ("512", 512),
        ("64MiB", 64 * MIB),
        (" 2MB ", 2 * MIB),
    ],
)
def test_units_may_follow_the_number(typed: str, size: int) -> None:
    assert Size().convert(typed, None, None) == size


@pytest.mark.parametrize("typed", ["1k", "2G"])
def test_too_little_and_too_much_are_refused_with_the_limits(typed: str) -> None:
    with pytest.raises(click.BadParameter, match="from 1M to 1G"):
        Size(MIB, 1 << 30).convert(typed, None, None)


@given(st.text(max_size=12))
def test_anything_else_is_a_usage_error(typed: str) -> None:
    if any(letter not in "0123456789.kmgib" for letter in typed.strip().lower()):
        with pytest.raises(click.BadParameter, match="64M"):
            Size().convert(typed, None, None)


@given(st.integers(0, 1 << 40))
def test_what_is_written_reads_the_same(size: int) -> None:
    if len(written(size)) < 10:
        assert Size().convert(written(size), None, None) == size
