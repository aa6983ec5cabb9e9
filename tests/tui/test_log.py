"""What was said can be read again."""

from __future__ import annotations

from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import length
from ratop_py.tui.log import MOST, Log, Record
from tests.helpers.piloted import playing

SAID: list[tuple[str, str]] = []


def say(text: str, tone: str) -> None:
    SAID.append((text, tone))


def test_an_echo_of_a_key_is_not_kept() -> None:
    record = Record()
    record.add("rates in bytes/s", "dim")
    record.add("", "warn")
    record.add("it is written", "ok")
    assert record.said == (("it is written", "ok"),)


def test_no_more_than_so_many_are_kept_the_newest() -> None:
    record = Record()
    for number in range(MOST + 5):
        record.add(str(number), "warn")
    assert len(record.said) == MOST
    assert record.said[-1][0] == str(MOST + 4)


def test_each_notice_is_said_once_and_of_several_it_is_said_that_there_are_more() -> None:
    record = Record()
    SAID.clear()
    record.notices(("one", "two"), say)
    record.notices(("one", "two"), say)
    assert SAID == [("one   (1 more: :log)", "warn")]
    assert record.said == (("two", "warn"),)


def test_the_newest_stands_first_and_fits() -> None:
    lines = Log(Ink("dark"), (("older " * 30, "warn"), ("newest", "ok"))).content(60)
    assert lines[0] == [("newest", "ok")]
    assert all(length(line) <= 60 for line in lines)


async def test_the_command_shows_what_was_said() -> None:
    async with playing() as screen:
        screen.app.say("the file is torn", "warn")
        await screen.press(":")
        await screen.type("log")
        await screen.press("enter")
        assert isinstance(screen.app.screen, Log)
        assert ("the file is torn", "warn") in screen.app.screen.said
