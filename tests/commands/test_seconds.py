"""Spans of time as people type them."""

from __future__ import annotations

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.commands.seconds import Seconds


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("5", 5.0), ("5s", 5.0), ("500ms", 0.5), ("2m", 120.0), ("1.5h", 5400.0), (".5", 0.5), (" 3 S ".strip(), None)],
)
def test_units_may_follow_the_number(typed: str, seconds: float | None) -> None:
    if seconds is None:
        with pytest.raises(click.BadParameter):
            Seconds().convert(typed, None, None)
    else:
        assert Seconds().convert(typed, None, None) == seconds


def test_a_time_too_short_is_refused() -> None:
    with pytest.raises(click.BadParameter, match=r"at least 0\.1 s"):
        Seconds(0.1).convert("50ms", None, None)


@given(st.text(max_size=12))
def test_anything_else_is_a_usage_error(typed: str) -> None:
    if any(letter not in "0123456789.smh" for letter in typed.strip().lower()):
        with pytest.raises(click.BadParameter, match="5s"):
            Seconds().convert(typed, None, None)
