"""A request to end never cuts a line in two, and never loses the last ones."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from ratop_py.commands.ending import Ending


def records(stopped: list[bool]) -> Iterator[str]:
    """As an engine gives them: one more after the end was asked for."""
    number = 0
    while not stopped:
        yield f"batch {number}"
        number += 1
        if number > 5:
            raise AssertionError("nobody stopped us")
    yield "last"


def test_a_signal_while_writing_waits_for_the_line_and_then_brings_the_last_ones() -> None:
    stopped: list[bool] = []
    seen = []
    with Ending() as ending:
        for item in ending.each(records(stopped), lambda: stopped.append(True)):
            seen.append(item)
            if item == "batch 1":
                os.kill(os.getpid(), signal.SIGINT)
                seen.append("written")
    assert seen == ["batch 0", "batch 1", "written", "last"]


def test_a_signal_while_waiting_interrupts_the_wait() -> None:
    with Ending() as ending, pytest.raises(KeyboardInterrupt), ending.waiting():
        os.kill(os.getpid(), signal.SIGINT)


def test_a_signal_in_the_midst_of_work_lets_it_be_done_and_there_is_no_more_waiting() -> None:
    done = []

    def working() -> Iterator[str]:
        os.kill(os.getpid(), signal.SIGINT)
        done.append("work")
        yield "first"
        with pytest.raises(KeyboardInterrupt), ending.waiting():
            done.append("waited")
        yield "last"

    with Ending() as ending:
        assert list(ending.each(working(), lambda: done.append("stopped"))) == ["first", "last"]
    assert done == ["work", "stopped", "stopped"]


def test_a_second_signal_ends_at_once() -> None:
    with Ending():
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)


def test_sigterm_ends_as_ctrl_c_does() -> None:
    with Ending() as ending:
        os.kill(os.getpid(), signal.SIGTERM)
    assert ending.asked


def test_the_signals_are_given_back() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    with Ending():
        assert signal.getsignal(signal.SIGINT) != before[0]
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == before


def test_an_ignored_signal_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Ending() as ending:
            os.kill(os.getpid(), signal.SIGHUP)
        assert not ending.asked
    finally:
        signal.signal(signal.SIGHUP, before)
