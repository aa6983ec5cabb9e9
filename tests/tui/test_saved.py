"""Filters that have a name."""

import pytest

from ratop_py.tui.options import Options
from ratop_py.tui.saved import meant
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded

FILTERS = {"web": "tcp and port 443", "odd": "risk >= 36 or udp"}


async def say(screen: Played, line: str) -> None:
    """A command."""
    await screen.type(":")
    await screen.paste(line)
    await screen.press("enter")


def test_a_name_stands_for_what_was_saved_as_one_condition() -> None:
    assert meant("@odd and tcp", FILTERS) == "(risk >= 36 or udp) and tcp"


def test_without_a_name_a_filter_stays_as_it_is() -> None:
    assert meant("tcp", FILTERS) == "tcp"


@pytest.mark.parametrize("text", ["@nobody", "tcp and @", '"open'])
def test_what_cannot_be_meant_is_left_to_whoever_compiles_it(text: str) -> None:
    assert meant(text, FILTERS) == text


async def test_the_filter_in_force_is_saved_and_can_be_used() -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await say(screen, "save dns")
        assert "@dns stands for proto = udp" in screen.text()
        await say(screen, "filter")
        await screen.type("/@dns")
        await screen.press("enter")
        assert screen.app.look.filter == "@dns"
        assert "filter @dns" in screen.text()
        assert screen.feed.asked[-1].filter == "(proto = udp)"


async def test_what_is_saved_holds_no_other_name() -> None:
    options = Options(filter="@web and udp", filters=FILTERS, rate=0.25)
    async with playing(recorded(), options=options) as screen:
        await say(screen, "save both")
        assert screen.app.kept.filters["both"] == "(tcp and port 443) and udp"


async def test_a_name_of_the_configuration_is_not_taken_away_from_it() -> None:
    options = Options(filter="proto = udp", filters=FILTERS, configured=frozenset({"web"}), rate=0.25)
    async with playing(options=options) as screen:
        await say(screen, "save web")
        assert "not saved: @web stands in the configuration" in screen.text()
        assert screen.app.kept.filters == FILTERS


async def test_without_a_filter_nothing_is_saved_and_it_says_why() -> None:
    async with playing() as screen:
        await say(screen, "save nothing")
        assert "not saved: " in screen.text()
        assert screen.app.kept.filters == {}


@pytest.mark.parametrize("name", ["9web", "a b", "a" * 41, "-x", "ü"])
async def test_a_name_that_could_not_be_typed_is_trouble_before_it_is_taken(name: str) -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await say(screen, f"save {name}")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.trouble is not None
        assert screen.app.kept.filters == {}


async def test_names_are_offered_where_a_filter_is_typed() -> None:
    async with playing(options=Options(filters=FILTERS, rate=0.25)) as screen:
        await screen.type("/@w")
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "@web"


async def test_an_unknown_name_is_an_error_at_its_place_with_the_nearest() -> None:
    async with playing(options=Options(filters=FILTERS, rate=0.25)) as screen:
        await screen.type("/tcp and @wep")
        prompt = screen.app.prompter.prompt
        assert prompt is not None
        assert prompt.trouble is not None
        assert (prompt.trouble.start, prompt.trouble.end) == (8, 12)
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "tcp and @web"
