"""The best source that opens, and the next one when it fails."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ratop_py.errors import RatopError
from ratop_py.events.fact import Facts
from ratop_py.events.ladder import AGAIN, GIVEN_UP, Ladder, Rung
from ratop_py.events.socket import EventSource, Health, Listing


class Fake:
    """A source that does what it is told."""

    def __init__(self, name: str) -> None:
        self.name, self.ok, self.told = name, True, [Facts(name, 0.0, 0, ())]
        self.started = self.stopped = False

    def start(self) -> None:
        self.started = True

    def take(self) -> Sequence[Listing | Facts]:
        taken, self.told = tuple(self.told), []
        return taken

    def health(self) -> Health:
        return Health(self.name, self.ok, self.name if self.ok else "it broke")

    def stop(self) -> None:
        self.stopped = True
        self.told.append(Facts(self.name, 0.0, 7, ()))


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refusing(times: int, source: EventSource) -> Rung:
    """A rung that opens after so many refusals."""
    left = [times]

    def made() -> EventSource:
        left[0] -= 1
        if left[0] >= 0:
            raise PermissionError(1, "Operation not permitted")
        return source

    return Rung("best", made)


def lsof() -> Fake:
    return Fake("lsof")


def test_the_best_that_opens_is_taken() -> None:
    ladder = Ladder((refusing(0, Fake("best")), Rung("lsof", lsof)), Clock())
    assert ladder.health() == Health("best", True, "best")


def test_what_could_not_be_taken_is_said_with_its_reason() -> None:
    ladder = Ladder((refusing(9, Fake("best")), Rung("lsof", lsof)), Clock())
    assert ladder.health().name == "lsof"
    assert ladder.health().standby == (("best", "Operation not permitted"),)


def test_where_none_opens_all_reasons_are_told() -> None:
    with pytest.raises(RatopError, match="Operation not permitted"):
        Ladder((refusing(9, Fake("best")),), Clock())


def test_a_source_that_dies_is_replaced_and_its_last_words_are_kept() -> None:
    best, lower = Fake("best"), Fake("lsof")
    ladder = Ladder((refusing(0, best), Rung("lsof", lambda: lower)), Clock())
    ladder.start()
    ladder.take()
    best.ok = False
    assert [each.lost for each in ladder.take() if isinstance(each, Facts)] == [7]
    assert (best.stopped, lower.started, ladder.health().name) == (True, True, "lsof")
    assert ladder.health().standby == (("best", "it broke"),)


def test_a_better_source_is_tried_again_after_a_while() -> None:
    clock, best, lower = Clock(), Fake("best"), Fake("lsof")
    ladder = Ladder((refusing(1, best), Rung("lsof", lambda: lower)), clock)
    ladder.start()
    ladder.take()
    assert ladder.health().name == "lsof"
    clock.now = AGAIN
    ladder.take()
    assert (ladder.health().name, best.started, lower.stopped) == ("best", True, True)


def test_one_that_may_not_be_opened_again_says_of_what_it_died_and_what_to_do() -> None:
    clock, left = Clock(), [Fake("best")]

    def once() -> Fake:
        if left:
            return left.pop()
        raise PermissionError(1, "Operation not permitted")

    best = left[0]
    ladder = Ladder((Rung("best", once), Rung("lsof", lsof)), clock)
    ladder.start()
    best.ok = False
    ladder.take()
    clock.now = AGAIN
    ladder.take()
    ((_, why),) = ladder.health().standby
    assert why == f"it broke; {GIVEN_UP}"
    assert "restart ratop" in why


def test_the_last_one_is_kept_when_it_fails() -> None:
    lower = Fake("lsof")
    ladder = Ladder((Rung("lsof", lambda: lower),), Clock())
    lower.ok = False
    ladder.take()
    assert not lower.stopped


def test_it_ends_its_source() -> None:
    lower = Fake("lsof")
    Ladder((Rung("lsof", lambda: lower),), Clock()).stop()
    assert lower.stopped
