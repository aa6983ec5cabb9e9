"""The threads of an engine."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from ratop_py.engine.crew import Crew


def test_all_are_told_to_stop_and_waited_for() -> None:
    stop, done = Event(), list[int]()

    def work(number: int) -> None:
        stop.wait(5)
        done.append(number)

    crew = Crew(stop)
    crew.begin("one", work, 1)
    crew.begin("two", work, 2)
    assert done == []
    crew.end()
    assert sorted(done) == [1, 2]
    crew.end()
    crew.check()


def test_what_a_thread_died_of_is_raised_wherever_it_is_asked_for() -> None:
    def fail() -> None:
        raise KeyError("a bug")

    crew = Crew(Event())
    crew.begin("fails", fail)
    crew.end()
    for _ in range(2):
        with pytest.raises(KeyError):
            crew.check()


def test_a_thread_that_was_never_started_is_not_waited_for() -> None:
    crew = Crew(Event())
    crew._threads.append(Thread(target=print))
    crew.end()
