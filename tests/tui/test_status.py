"""What the screen knows about itself."""

from dataclasses import replace

from ratop_py.tui.status import Status
from tests.helpers.fakefeed import METERS
from tests.helpers.piloted import playing
from tests.helpers.recorded import recorded

USUAL = Status(meters=METERS, answered=True)


def test_drops_are_what_is_missing_from_what_is_shown() -> None:
    lost = replace(USUAL, meters=replace(METERS, counters={"kernel_drops": 3, "full": 4, "truncated": 900}))
    assert lost.drops == 7


def test_an_answer_is_late_after_three_periods() -> None:
    assert not replace(USUAL, age=1.4).late
    assert replace(USUAL, age=1.6).late
    assert not replace(USUAL, age=9.0, paused=9.0).late
    assert not replace(USUAL, age=9.0, rate=0.25).late
    assert not Status(age=9.0).late


async def test_it_is_taken_from_the_screen() -> None:
    from ratop_py.tui import status

    async with playing() as screen:
        await screen.press("j")
        told = status.of(screen.app)
        assert (told.matched, told.total, told.cursor) == (19, 19, 0)
        assert told.held
        assert told.answered


async def test_a_past_moment_marks_and_bytes_are_taken_from_the_screen() -> None:
    from ratop_py.tui import status

    feed = recorded()
    async with playing(feed) as screen:
        await screen.press("m", "m")
        await screen.type("B[")
        told = status.of(screen.app)
        assert (told.ticked, told.octets) == (1, True)
        assert told.newest == feed.meters.pulse[-1].at
        assert told.at == told.newest - 10
        assert not told.held


def test_an_answer_of_the_past_is_never_late() -> None:
    assert not replace(USUAL, age=99.0, at=1.0).late
