"""A thread that reads, a queue, and whoever takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from ratop_py.events import relay
from ratop_py.events.fact import Ended, Fact, Missed
from ratop_py.events.poller import booted
from ratop_py.events.relay import Relay


class Work:
    """Offers an end at each reading."""

    def __init__(self) -> None:
        self.relay = Relay("test", self, 0.2)
        self.reads, self.closed = 0, 0
        self.hang = threading.Event()
        self.hang.set()
        self.broken = False

    def begin(self) -> None:
        self.relay.offer([end(-1)], bounded=False)

    def read(self) -> float:
        self.hang.wait(5)
        if self.broken:
            raise RuntimeError("the ring is \x1b broken")
        self.reads += 1
        self.relay.offer([end(self.reads)], through=float(self.reads))
        return 60.0

    def close(self) -> None:
        self.closed += 1


def end(cookie: int, at: float = 5.0) -> Ended:
    return Ended(at, cookie, None)


def cookies(facts: tuple[Fact, ...]) -> list[int]:
    return [each.cookie for each in facts if not isinstance(each, Missed)]


@pytest.fixture
def work() -> Iterator[Work]:
    made = Work()
    made.relay.start()
    yield made
    made.hang.set()
    made.relay.stop()


def until(work: Work, reads: int) -> None:
    end = time.monotonic() + 5
    while work.reads < reads:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_takes_has_what_happened_until_now_read_first(work: Work) -> None:
    until(work, 1)
    taken = work.relay.take()
    assert cookies(taken.facts) == [-1, 1, 2]
    assert (taken.through, taken.ended) == (2.0, None)
    assert cookies(work.relay.take().facts) == [3]


def test_but_waits_a_moment_only(work: Work) -> None:
    until(work, 1)
    work.hang.clear()
    begun = time.monotonic()
    assert work.relay.take().through == 1.0
    assert time.monotonic() - begun < 2


def test_what_finds_no_room_is_counted_and_one_hole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "WAITING", 2)
    made = Work().relay
    assert made.offer([end(1, 1.0), end(2, 2.0)])
    assert made.full
    assert not made.offer([end(3, 3.0), end(4, 4.0)])
    assert not made.offer([end(5, 5.0)])
    assert made.dropped == 3
    facts = made.take().facts
    assert [type(each) for each in facts] == [Ended, Ended, Missed]
    assert facts[-1].at == 3.0


def test_what_is_as_much_as_there_is_finds_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "WAITING", 2)
    made = Work().relay
    assert made.offer([end(n) for n in range(9)], bounded=False)
    assert len(made.take().facts) == 9


def test_a_clock_that_is_set_moves_what_waits_and_says_by_how_much(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    until(work, 1)
    monkeypatch.setattr(relay, "booted", lambda: (booted() or 0.0) - 3600)
    taken = work.relay.take()
    assert taken.stepped == pytest.approx(-3600, abs=1)
    assert [each.at < 0 for each in taken.facts] == [True, True, False]
    assert work.relay.take().stepped == 0


def test_a_failure_ends_it_and_is_said(work: Work) -> None:
    work.broken = True
    taken = work.relay.take()
    while taken.ended is None:
        taken = work.relay.take()
    assert work.relay.failure.startswith("RuntimeError: the ring is")
    assert "\x1b" not in work.relay.failure
    assert work.closed == 1


def test_it_is_closed_once_whether_it_began_or_not() -> None:
    for begins in (True, False):
        made = Work()
        if begins:
            made.relay.start()
        made.relay.stop()
        made.relay.stop()
        assert made.closed == 1
        assert made.relay.take().ended is not None
