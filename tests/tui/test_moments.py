"""Time: standing still, going back, a file's pace."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import moments
from ratop_py.tui.moments import DAY, EXPECTED, PACES, STEP, moment
from tests.helpers.fakefeed import CLOCK
from tests.helpers.piloted import Played, playing, so
from tests.helpers.recorded import KEPT, Recorded, recorded


@pytest.fixture(autouse=True)
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


NEWEST = recorded().meters.pulse[-1].at
ALARM = next(each.at for each in recorded().meters.pulse if each.alarms)


def at(screen: Played) -> float:
    """The moment that is looked at."""
    assert screen.app.at is not None
    return screen.app.at


# -- what is typed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "back"), [("-90s", 90), ("-10m", 600), ("-1h", 3600), ("-5", 5), (" -1.5m ", 90), ("-0s", 0)]
)
def test_a_span_is_so_long_before_now(text: str, back: float) -> None:
    assert moment(text, CLOCK) == CLOCK - back


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59), st.floats(1e9, 2e9))
def test_a_time_of_day_is_the_last_that_is_past(hour: int, minute: int, second: int, now: float) -> None:
    found = moment(f"{hour:02}:{minute:02}:{second:02}", now)
    assert found is not None
    assert now - DAY < found <= now
    assert found % DAY == hour * 3600 + minute * 60 + second


WRONG = ["24:00", "12:60", "12:00:61", "noon", "10m", "-", "-5d", "12", "12:5", "--5m", "-1e3s"]


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_moment_is_trouble_over_all_of_it(text: str) -> None:
    trouble = moments.check(text)
    assert trouble is not None
    assert (trouble.start, trouble.end, trouble.sentence) == (0, len(text), EXPECTED)


def test_nothing_typed_is_no_trouble_it_means_now() -> None:
    assert moments.check("  ") is None


# -- going -------------------------------------------------------------------------------------------------------------


async def test_a_step_back_shows_what_there_was_then_and_one_key_leads_to_now() -> None:
    async with playing(recorded()) as screen:
        now = screen.app.snapshot
        await screen.type("[[")
        assert at(screen) == NEWEST - 2 * STEP
        then = screen.app.snapshot
        assert now is not None
        assert then is not None
        assert then.matched < now.matched
        assert "20 s back" in screen.lines()[0]
        await screen.type("]")
        assert at(screen) == NEWEST - STEP
        await screen.type("L")
        assert screen.app.at is None
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == now.matched


async def test_a_step_beyond_now_is_now() -> None:
    async with playing(recorded()) as screen:
        await screen.type("[]")
        assert screen.app.at is None


async def test_the_first_moment_that_is_kept_is_the_end_of_the_way_and_said() -> None:
    async with playing(recorded()) as screen:
        await screen.type("t-1h")
        await screen.press("enter")
        assert at(screen) == NEWEST - KEPT
        assert "the past begins here, 2 min back" in screen.text()


async def test_filters_and_views_hold_in_the_past() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.type("[2")
        assert feed.asked[-1].at == NEWEST - STEP
        assert feed.asked[-1].group == ("program", "pid", "user", "ownerwhy")
        await screen.type("/tcp")
        await screen.press("enter")
        assert (feed.asked[-1].filter, feed.asked[-1].at) == ("tcp", NEWEST - STEP)


async def test_alarms_are_one_key_away() -> None:
    async with playing(recorded()) as screen:
        await screen.type("{")
        assert at(screen) == ALARM
        await screen.type("{")
        assert at(screen) == ALARM
        assert "no alarm before this in what is kept" in screen.text()
        await screen.type("[}")
        assert at(screen) == ALARM
        await screen.type("}")
        assert "no alarm after this in what is kept" in screen.text()


async def test_where_no_past_is_kept_it_says_so() -> None:
    async with playing() as screen:
        await screen.type("[")
        assert screen.app.at is None
        assert "the past is not kept here" in screen.text()


async def test_a_click_on_the_timeline_leads_there() -> None:
    async with playing(recorded()) as screen:
        await screen.type("[")
        await screen.pilot.click("#top", offset=(30, 1))
        await screen.settle()
        assert at(screen) == NEWEST - KEPT + 1 + (30 - 9)
        assert screen.lines()[1].index("┃") == 30


async def test_a_click_beside_the_timeline_says_who_is_named() -> None:
    async with playing(recorded()) as screen:
        await screen.pilot.click("#top", offset=(30, 1))
        await screen.settle()
        assert screen.app.at is None
        assert screen.app.screen is not screen.app.stage


# -- standing still ----------------------------------------------------------------------------------------------------


async def test_pause_in_the_past_is_now_again() -> None:
    async with playing(recorded()) as screen:
        await screen.type("[p")
        assert screen.app.at is None
        assert not screen.app.paused


async def test_now_again_ends_a_pause() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.press("p")
        assert so(feed.held)
        await screen.type("L")
        assert not feed.held
        assert not screen.app.paused


# -- pace --------------------------------------------------------------------------------------------------------------


def replayed(speed: float = 1.0) -> Recorded:
    """A file that is played."""
    feed = recorded()
    feed.meters = replace(feed.meters, state="replay", source="demo.pcap", speed=speed, position=0.35)
    return feed


async def test_a_file_is_played_faster_and_slower() -> None:
    feed = replayed()
    async with playing(feed) as screen:
        await screen.type(".")
        assert feed.speed == 2.0
        await screen.type(",,")
        assert feed.speed == 0.5


@pytest.mark.parametrize(("speed", "key"), [(PACES[0], ","), (PACES[-1], ".")])
async def test_the_paces_of_the_keys_have_ends(speed: float, key: str) -> None:
    feed = replayed(speed)
    async with playing(feed) as screen:
        await screen.type(key)
        assert feed.speed == speed


async def test_only_a_file_has_a_pace() -> None:
    feed = recorded()
    async with playing(feed) as screen:
        await screen.type(".")
        assert feed.speed == 0
        assert "only a file that is played has a pace" in screen.text()


async def test_a_pace_between_those_of_the_keys_can_be_typed() -> None:
    feed = replayed()
    async with playing(feed) as screen:
        await screen.type(":speed 3")
        await screen.press("enter")
        assert feed.speed == 3
        await screen.type(".")
        assert feed.speed == 4
