"""The line over the table."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.keymap import Place
from ratop_py.tui.lines import Line, length
from ratop_py.tui.look import Look
from ratop_py.tui.status import Status
from ratop_py.tui.tabs import ALL, COUNTED, WORDED, tabs, target_at, views
from ratop_py.view import SIGHTS, Order
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


SIGHT = st.sampled_from([*SIGHTS, "by proto dport", "by " + "saddr " * 20])
NOTES = st.builds(
    Status,
    look=st.builds(Look, filter=TEXTS, sight=SIGHT),
    place=st.sampled_from([Place.FLOWS, Place.PICK]),
    matched=st.integers(0, 10**6),
    total=st.integers(0, 10**6),
    held=st.booleans(),
    ticked=st.integers(0, 9999),
    rate=st.sampled_from([2.0, 0.25]),
    answered=st.booleans(),
)


@given(NOTES, st.integers(40, 300))
def test_the_line_is_exactly_as_wide_as_the_window_in_every_view(status: Status, width: int) -> None:
    assert length(tabs(status, width)) == width


@given(NOTES, st.integers(40, 300))
def test_the_view_in_force_is_always_named_and_no_view_twice(status: Status, width: int) -> None:
    names = [name for name, _ in views(status, width)]
    assert status.look.sight in names
    assert len(names) == len(set(names))


@given(NOTES, st.integers(40, 300))
def test_a_click_on_a_view_means_the_one_that_is_written_there(status: Status, width: int) -> None:
    at = 0
    for name, part in views(status, width):
        for x in (at, at + length(part) - 1):
            assert target_at(status, width, x) == f"view {name}"
        at += length(part)
    assert not target_at(status, width, at).startswith("view ")


def test_a_click_on_the_filter_edits_it_on_its_sign_removes_it_and_elsewhere_does_nothing() -> None:
    status = replace(FILTERED, ticked=3, held=True)
    line = text(tabs(status, 160))
    assert target_at(status, 160, line.index("program = firefox")) == "filter"
    assert target_at(status, 160, line.index("✗")) == "unfilter"
    for word in ("3 marked", "order held", "sort load"):
        assert target_at(status, 160, line.index(word)) == ""


def test_a_wide_line_names_every_view_with_its_key() -> None:
    line = text(tabs(USUAL, ALL))
    for number, name in enumerate(SIGHTS, start=1):
        assert ("flows 343" if name == "flows" else f"{number if number < 10 else 'r'} {name}") in line


def test_a_narrow_line_names_the_view_in_force_alone() -> None:
    assert [name for name, _ in views(replace(USUAL, look=Look(sight="tree")), WORDED - 1)] == ["tree"]


def test_rows_of_several_flows_are_counted_alone() -> None:
    grouped = replace(USUAL, matched=7, look=Look(filter="tcp", sight="hosts"))
    assert "hosts 7 " in text(tabs(grouped, 120))
    assert "7 of" not in text(tabs(grouped, 120))


def test_a_view_of_a_persons_own_stands_last_and_is_named_as_it_was_made() -> None:
    assert [name for name, _ in views(replace(USUAL, look=Look(sight="by proto")), 250)] == [*SIGHTS, "by proto"]


def test_marked_rows_are_counted() -> None:
    assert "3 marked" in text(tabs(replace(USUAL, ticked=3), COUNTED))
    assert "marked" not in text(tabs(USUAL, COUNTED))


@pytest.mark.parametrize("width", [60, 100, 160])
def test_what_is_said_of_the_order_leaves_last(width: int) -> None:
    busy = replace(USUAL, ticked=3, held=True, look=Look(filter="x" * 200, sight="by saddr daddr sport dport"))
    assert "load ↓" in text(tabs(busy, width))


def test_a_short_filter_takes_no_more_cells_than_it_has() -> None:
    assert "filter @odd ✗" in text(tabs(replace(USUAL, look=Look(filter="@odd")), 100))
