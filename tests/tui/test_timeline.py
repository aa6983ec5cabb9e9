"""The timeline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.lines import Line, length
from ratop_py.tui.timeline import ALARM, HERE, HOLE, buckets, moment_at, timeline
from ratop_py.view import Pulse

BEGAN = 1_785_618_000.25
PULSES = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1e9), st.integers(0, 1)), min_size=1, max_size=200).map(
    lambda steps: pulses_of(steps)
)
CELLS = st.integers(0, 200)


def pulses_of(steps: list[tuple[int, float, int]]) -> list[Pulse]:
    """Pulses that are so many seconds apart."""
    at, found = BEGAN, []
    for step, rate, alarms in steps:
        at += step
        found.append(Pulse(at, rate, rate / 3, alarms))
    return found


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


@given(PULSES, CELLS)
def test_it_is_as_wide_as_asked_and_a_cell_is_a_second_at_least(pulses: list[Pulse], cells: int) -> None:
    seconds = round(pulses[-1].at - pulses[0].at) + 1
    assert length(timeline(pulses, None, cells)) == min(cells, seconds)


@given(PULSES, CELLS.filter(bool), st.floats(-99, 9999))
def test_one_cell_is_the_moment_wherever_it_lies(pulses: list[Pulse], cells: int, after: float) -> None:
    assert text(timeline(pulses, BEGAN + after, cells)).count(HERE) == 1
    assert HERE not in text(timeline(pulses, None, cells))


@given(PULSES, CELLS.filter(bool))
def test_what_is_clicked_is_where_one_is_then(pulses: list[Pulse], cells: int) -> None:
    for x in range(len(buckets(pulses, cells))):
        at = moment_at(pulses, cells, x)
        assert at is not None
        assert text(timeline(pulses, at, cells)).index(HERE) == x


@given(PULSES, CELLS.filter(bool))
def test_who_goes_to_an_alarm_stands_on_its_sign(pulses: list[Pulse], cells: int) -> None:
    signs = text(timeline(pulses, None, cells))
    for each in pulses:
        if each.alarms:
            assert signs[text(timeline(pulses, each.at, cells)).index(HERE)] == ALARM


@pytest.mark.parametrize("x", [-1, 3, 99])
def test_beside_it_there_is_no_moment(x: int) -> None:
    assert moment_at(pulses_of([(1, 1.0, 0)] * 3), 10, x) is None


def test_nothing_kept_is_an_empty_line() -> None:
    assert timeline([], None, 80) == []
    assert timeline([], 12.0, 80) == []
    assert moment_at([], 80, 0) is None


def test_seconds_without_anything_kept_are_a_hole_and_no_silence() -> None:
    assert text(timeline(pulses_of([(1, 8.0, 0), (3, 0.0, 0)]), None, 80)) == "█" + HOLE * 2 + "▁"


def test_the_past_the_moment_and_what_came_after_differ_in_tone_and_the_moment_in_its_sign() -> None:
    pulses = pulses_of([(1, 8.0, 0)] * 5)
    assert timeline(pulses, pulses[2].at, 80) == [("██", "accent"), (HERE, "strong"), ("██", "dim")]


def test_an_alarm_is_a_sign_in_the_tone_of_alarms() -> None:
    assert (ALARM, "high") in timeline(pulses_of([(1, 8.0, 0), (1, 8.0, 1), (1, 8.0, 0)]), None, 80)
