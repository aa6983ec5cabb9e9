"""The thread that asks."""

import time
from dataclasses import replace
from threading import Event

import pytest

from ratop_py.errors import RatopError
from ratop_py.tui.feed import MARGIN, Answer, Question, Reader, answer
from ratop_py.view import Order, View
from tests.helpers.fakefeed import FakeFeed, many
from tests.helpers.piloted import so

VIEW = View(fields=("pid",), order=(Order("bps"),), window=(0, 10))


class Answers:
    """Collects what is delivered."""

    def __init__(self, wanted: int = 1) -> None:
        self.all: list[Answer] = []
        self.wanted = wanted
        self.enough = Event()

    def __call__(self, told: Answer) -> None:
        self.all.append(told)
        if len(self.all) >= self.wanted:
            self.enough.set()

    def wait(self) -> list[Answer]:
        assert self.enough.wait(5)
        return self.all


def test_a_question_is_answered_on_another_thread() -> None:
    answers = Answers()
    reader = Reader(FakeFeed(), answers)
    reader.start()
    reader.open(Question(VIEW))
    told = answers.wait()[0]
    reader.stop()
    assert told.snapshot is not None
    assert told.snapshot.view == VIEW


def test_of_questions_that_wait_only_the_newest_is_asked_but_every_job_is_done() -> None:
    feed, answers, done = FakeFeed(), Answers(3), []
    gate, reached = Event(), Event()

    def first(_: object) -> None:
        reached.set()
        gate.wait(5)

    reader = Reader(feed, answers)
    reader.start()
    reader.open(Question(VIEW))
    while not answers.all:
        pass
    reader.want(Question(VIEW), first)
    assert reached.wait(5)
    for number in range(5):
        reader.want(Question(replace(VIEW, limit=number)), lambda _, number=number: done.append(number))  # type: ignore[misc]
    gate.set()
    answers.wait()
    reader.stop()
    assert [view.limit for view in feed.asked] == [None, None, 4]
    assert done == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("error", [RatopError("no"), ValueError("broken")])
def test_a_failure_arrives_as_an_answer_and_the_thread_goes_on(error: Exception) -> None:
    feed, answers = FakeFeed(failure=error), Answers(2)
    reader = Reader(feed, answers)
    reader.start()
    reader.open(Question(VIEW))
    while not answers.all:
        pass
    feed.failure = None
    reader.want(Question(VIEW))
    told = answers.wait()
    reader.stop()
    assert told[0].failure is error
    assert told[1].snapshot is not None


def test_a_feed_that_cannot_start_is_asked_nothing_until_it_can() -> None:
    feed, answers = FakeFeed(refusal=RatopError("not permitted")), Answers(2)
    reader = Reader(feed, answers)
    reader.start()
    reader.open(Question(VIEW))
    while not answers.all:
        pass
    reader.want(Question(VIEW))
    feed.refusal = None
    reader.open(Question(VIEW))
    told = answers.wait()
    reader.stop()
    assert isinstance(told[0].failure, RatopError)
    assert told[1].snapshot is not None
    assert len(feed.asked) == 1


def test_a_job_that_fails_is_told() -> None:
    feed, answers = FakeFeed(), Answers(2)
    reader = Reader(feed, answers)
    reader.start()
    reader.open(Question(VIEW))
    while not answers.all:
        pass

    def fail(_: object) -> None:
        raise RatopError("no")

    reader.want(Question(VIEW), fail)
    assert isinstance(answers.wait()[1].failure, RatopError)
    reader.stop()


def test_stopping_does_not_wait_for_a_slow_feed() -> None:
    feed = FakeFeed(delay=3)
    reader = Reader(feed, Answers())
    reader.start()
    reader.open(Question(VIEW))
    while not feed.asked:
        pass
    reader.stop(patience=0.05)


def test_a_reader_that_never_started_can_be_stopped() -> None:
    Reader(FakeFeed(), Answers()).stop()


def test_an_anchor_that_went_far_is_asked_for_again_with_the_rows_around_it() -> None:
    feed = FakeFeed(many(2000))
    last = feed.ask(View(order=VIEW.order, window=(1990, 10))).ids[5]
    feed.asked.clear()
    told = answer(feed, Question(replace(VIEW, anchor=int(last)), height=20, keep=5))
    assert len(feed.asked) == 2
    assert told.first <= 1980 <= told.first + len(told)
    assert told.anchor_rank == 1995


def test_an_anchor_near_by_costs_one_question() -> None:
    feed = FakeFeed(many(2000))
    near = int(feed.ask(replace(VIEW, window=(0, 40))).ids[7])
    feed.asked.clear()
    answer(feed, Question(replace(VIEW, window=(0, 20 + 2 * MARGIN), anchor=near), height=20, keep=5))
    assert len(feed.asked) == 1


def test_it_says_when_nothing_is_asked() -> None:
    answers = Answers()
    reader = Reader(FakeFeed(), answers)
    reader.open(Question(VIEW))
    assert not so(reader.idle)
    reader.start()
    answers.wait()
    until = time.monotonic() + 5
    while not so(reader.idle):
        assert time.monotonic() < until
    reader.stop()
