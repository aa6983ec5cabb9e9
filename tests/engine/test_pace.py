"""How fast a file is played."""

from __future__ import annotations

import math

import pytest

from ratop_py.engine.pace import AHEAD, QUICKEST, Pace
from ratop_py.errors import RatopError

SECOND = 1_000_000_000
FIRST = 1_700_000_000 * SECOND


class Played:
    """A pace, and its clocks."""

    def __init__(self, speed: float, skip: float = 0.0) -> None:
        self.clock, self.reached, self.first = 5 * SECOND, FIRST, FIRST
        self.pace = Pace(speed, skip, lambda: self.clock, lambda: self.reached, lambda: self.first)
        self.pace.due()

    def due(self, seconds: float = 0.0) -> float:
        """Packet seconds that are due, so many seconds later."""
        self.clock += int(seconds * SECOND)
        return (self.pace.due() - FIRST) / SECOND


def test_packet_time_passes_as_fast_as_was_asked() -> None:
    played = Played(2.0)
    assert played.due() == 0
    assert played.due(3) == 6


def test_before_the_first_packet_nothing_waits() -> None:
    played = Played(1.0)
    played.first = 0
    assert played.pace.due() == math.inf


def test_what_is_skipped_is_due_at_once() -> None:
    assert Played(1.0, skip=20).due(1) == 21


def test_another_speed_goes_on_from_where_it_was() -> None:
    played = Played(2.0)
    played.reached = FIRST + 6 * SECOND
    played.clock += 3 * SECOND
    played.pace.change(10.0)
    assert played.due() == 6
    assert played.due(1) == 16


def test_a_speed_that_could_not_be_kept_is_not_made_up_for() -> None:
    played = Played(1000.0)
    played.clock += 10 * SECOND
    played.reached = FIRST + 7 * SECOND
    played.pace.change(1.0)
    assert played.due(1) == 8


def test_held_nothing_is_due_and_then_it_goes_on_from_there() -> None:
    played = Played(1.0)
    played.reached = FIRST + 9 * SECOND
    played.clock += 4 * SECOND
    played.pace.hold(True)
    assert played.due(50) == -math.inf
    assert played.pace.passed(0.25, 1.0) == 0.25
    played.pace.hold(False)
    assert played.due(2) == 6


def test_a_speed_asked_for_while_held_holds_afterwards() -> None:
    played = Played(1.0)
    played.reached = FIRST + 9 * SECOND
    played.clock += 4 * SECOND
    played.pace.hold(True)
    played.pace.hold(True)
    played.clock += 7 * SECOND
    played.pace.change(10.0)
    played.pace.hold(False)
    assert played.due(1) == 14


def test_at_once_is_as_fast_as_somebody_looks() -> None:
    played = Played(1.0)
    played.pace.change(0.0)
    assert played.due() == AHEAD / SECOND
    played.pace.looked(FIRST + 100 * SECOND)
    assert played.due() == 100 + AHEAD / SECOND


def test_from_at_once_back_to_a_speed_nothing_jumps() -> None:
    played = Played(1.0)
    played.pace.change(0.0)
    played.reached = FIRST + 30 * SECOND
    played.pace.change(2.0)
    assert played.due(1) == 32


@pytest.mark.parametrize("speed", [-1.0, 0.001, 1001.0, math.inf, math.nan])
def test_a_speed_that_cannot_be_is_refused(speed: float) -> None:
    with pytest.raises(RatopError):
        Played(1.0).pace.change(speed)


def test_where_nothing_is_played_there_is_no_pace() -> None:
    pace = Played(0.0).pace
    assert (pace.rest(0.5, 0.0), pace.passed(60.0, 1.0)) == (0.5, 0.0)
    with pytest.raises(RatopError) as refused:
        pace.change(2.0)
    assert "--speed" in refused.value.hint


def test_what_is_skipped_passes_and_in_a_gap_time_goes_on() -> None:
    pace = Played(4.0).pace
    assert pace.passed(20.0, 0.5) == 20.0
    assert pace.passed(0.0, 0.5) == 2.0


def test_what_is_played_faster_is_looked_at_more_often_as_far_as_that_is_cheap() -> None:
    rests = [Played(speed).pace.rest(0.5, 0.001) for speed in (0.5, 1.0, 4.0, 1000.0)]
    assert rests == [0.5, 0.5, 0.125, QUICKEST]
    assert Played(1000.0).pace.rest(0.5, 0.05) == 0.2
    assert Played(1000.0).pace.rest(0.5, 3.0) == 0.5
