"""The line over the table."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.lines import Line, length
from ratop_py.tui.look import Look
from ratop_py.tui.status import Status
from ratop_py.tui.tabs import tabs
from ratop_py.view import Order
from tests.tui.test_fit import TEXTS

USUAL = Status(matched=343, total=343, answered=True)
FILTERED = replace(USUAL, matched=14, look=Look(filter="program = firefox"))


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


@given(TEXTS, st.integers(40, 300))
def test_any_filter_fits(words: str, width: int) -> None:
    assert length(tabs(replace(FILTERED, look=Look(filter=words)), width)) == width


def test_the_filter_and_the_order_are_always_named() -> None:
    line = text(tabs(FILTERED, 100))
    assert "flows 14 of 343" in line
    assert "filter program = firefox" in line
    assert "sort load ↓" in line


def test_without_a_filter_it_says_so() -> None:
    assert "no filter" in text(tabs(USUAL, 100))


def test_a_narrow_line_still_names_both() -> None:
    line = text(tabs(FILTERED, 60))
    assert "filter progr" in line
    assert "load ↓" in line


def test_a_held_order_says_so() -> None:
    assert "order held" in text(tabs(replace(USUAL, held=True), 100))


def test_an_upward_order_points_up() -> None:
    assert "sort pid ↑" in text(tabs(replace(USUAL, look=Look(order=(Order("pid", False),))), 100))


def test_another_rate_is_said() -> None:
    assert "0.5/s" in text(tabs(replace(USUAL, rate=0.5), 120))
