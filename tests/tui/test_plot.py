"""The scrolling plot of rates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.lines import Line, length
from ratop_py.tui.plot import BESIDE, LABEL, chart, plot
from ratop_py.tui.regions import PLOT_LEAST
from ratop_py.view import Pulse

RATES = st.floats(0, 1e14)
PULSES = st.lists(st.builds(Pulse, st.just(0.0), RATES, RATES), max_size=300)


def text(lines: list[Line]) -> list[str]:
    return ["".join(part for part, _ in line) for line in lines]


@given(PULSES, st.integers(1, 320), st.integers(PLOT_LEAST, 30), st.booleans())
def test_it_is_exactly_as_large_as_asked(pulses: list[Pulse], width: int, height: int, octets: bool) -> None:
    drawn = plot(pulses, width, height, octets)
    assert len(drawn) == height
    assert {length(line) for line in drawn} == {width}


@given(st.lists(RATES, max_size=99), st.integers(LABEL + 1, 80), st.integers(2, 12))
def test_the_greatest_rate_reaches_the_top_and_none_is_lost(values: list[float], width: int, height: int) -> None:
    shown = values[-(width - LABEL) :]
    _, *rows = text(chart("x", "in", values, width, height))
    if any(shown):
        assert rows[0][width - len(shown) + shown.index(max(shown))] == "█"
    for at, value in enumerate(reversed(shown)):
        assert (rows[-1][width - 1 - at] != " ") == (value > 0)


def test_the_newest_stands_at_the_right_and_what_is_not_known_stays_empty() -> None:
    assert text(chart("x", "in", [8.0, 4.0], LABEL + 4, 2))[1] == "     8   █▄"


def test_the_title_says_what_is_now_what_was_most_and_of_how_long() -> None:
    title = text(chart("↓ in", "in", [8e6, 2e6], 60, 5))[0]
    assert title.rstrip() == "↓ in 2.0 Mb/s   most 8.0 Mb/s   2 s"


def test_the_scale_stands_at_the_left_and_is_in_bytes_where_bytes_are_wanted() -> None:
    assert text(chart("x", "in", [8e6], 30, 5))[1].startswith("  8.0M ")
    assert text(chart("x", "in", [8e6], 30, 5))[3].startswith("  4.0M ")
    lines = text(chart("x", "in", [8e6], 40, 5, octets=True))
    assert lines[0].startswith("x 1.0MB/s")
    assert lines[1].startswith("  1.0M ")


def test_without_any_traffic_no_scale_is_made_up() -> None:
    title, *rows = text(chart("x", "in", [0.0] * 9, 30, 4))
    assert "0 b/s" in title
    assert {row.strip() for row in rows} == {""}


@pytest.mark.parametrize(("width", "beside"), [(BESIDE, True), (BESIDE - 1, False)])
def test_the_two_ways_stand_side_by_side_where_there_is_room(width: int, beside: bool) -> None:
    lines = text(plot([Pulse(0.0, 1.0, 2.0)], width, 8))
    assert ("↑ out" in lines[0]) == beside
    assert "↓ in" in lines[0]
