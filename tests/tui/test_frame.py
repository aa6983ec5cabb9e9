"""Panes and boxes."""

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.frame import beside, framed, rule
from ratop_py.tui.lines import Line, length
from tests.tui.test_fit import TEXTS

LINES = st.lists(st.lists(st.tuples(TEXTS, st.just("text")), max_size=3), max_size=8)


@given(LINES, st.integers(12, 90), st.integers(3, 20), TEXTS, TEXTS)
def test_a_box_is_exactly_as_large_as_asked(body: list[Line], width: int, height: int, title: str, foot: str) -> None:
    box = framed(title, body, foot, width, height)
    assert len(box) == height
    assert all(length(line) == width for line in box)


@given(LINES, LINES, st.integers(5, 40), st.integers(5, 40), st.integers(1, 12))
def test_panes_stand_side_by_side(left: list[Line], right: list[Line], one: int, two: int, height: int) -> None:
    rows = beside([left, right], [one, two], height)
    assert len(rows) == height
    assert all(length(row) == one + two + 4 for row in rows)


@given(TEXTS, st.integers(4, 100))
def test_a_rule_goes_all_the_way_across(title: str, width: int) -> None:
    assert length(rule([(title, "strong")], [("Esc", "key")], width)) == width
