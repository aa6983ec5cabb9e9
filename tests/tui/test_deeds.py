"""What keys do."""

import pytest

from ratop_py.tui import deeds
from ratop_py.tui.options import Options
from ratop_py.view import SIGHTS, Order
from tests.helpers.fakefeed import FakeFeed, many
from tests.helpers.piloted import playing, so
from tests.helpers.recorded import recorded


async def test_v_turns_the_order_and_neighbours_are_one_key_away() -> None:
    async with playing() as screen:
        await screen.press("v")
        assert screen.app.look.sort == Order("load", descending=False)
        await screen.type(">")
        assert screen.app.look.sort.field == "bytes"
        await screen.type("<")
        assert screen.app.look.sort.field == "load"


async def test_escape_steps_back_and_never_clears_the_filter() -> None:
    async with playing(options=Options(filter="proto = tcp", rate=0.25)) as screen:
        await screen.press("j", "enter")
        assert so(screen.app.details.open)
        await screen.press("escape")
        assert not screen.app.details.open
        await screen.press("escape")
        assert not screen.app.table.cursor.chosen
        await screen.press("escape", "escape")
        assert screen.app.look.filter == "proto = tcp"


async def test_undo_and_redo_walk_through_looks() -> None:
    async with playing() as screen:
        await screen.type("/proto = udp")
        await screen.press("enter", "v", "u")
        assert screen.app.look.sort.descending
        await screen.press("u")
        assert screen.app.look.filter == ""
        await screen.press("ctrl+r")
        assert screen.app.look.filter == "proto = udp"


async def test_a_mark_hides_nothing_and_is_walked_through() -> None:
    async with playing(FakeFeed(many(3000))) as screen:
        await screen.type("*postgres")
        await screen.press("enter")
        first = screen.app.table.cursor.row
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 3000
        here = screen.app.table.here()
        assert here is not None
        await screen.press("n")
        assert screen.app.table.cursor.row > first
        await screen.press("N")
        assert screen.app.table.cursor.row == first


async def test_pause_holds_and_goes_on() -> None:
    async with playing() as screen:
        await screen.press("p")
        assert so(screen.feed.held)
        screen.clock.now += 14
        screen.app.draw()
        await screen.pilot.pause()
        assert "‖ paused 14 s" in screen.text()
        asked = len(screen.feed.asked)
        screen.app.tick()
        await screen.pilot.pause(0.05)
        assert len(screen.feed.asked) == asked
        await screen.press("p")
        assert not screen.feed.held
        assert "● live" in screen.text()


async def test_a_filter_works_while_paused() -> None:
    async with playing() as screen:
        await screen.press("p")
        await screen.type("/proto = udp")
        await screen.press("enter")
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 4


async def test_w_shows_the_risk_of_a_risky_flow_and_else_the_owner() -> None:
    async with playing(size=(80, 24)) as screen:
        await screen.press("j", "w")
        assert "Who" in screen.text()
        await screen.press("escape", "j", "j", "j", "j", "j", "w")
        assert "is the address true?" in screen.text()


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quit_is_at_once(key: str) -> None:
    async with playing() as screen:
        await screen.pilot.press(key)
        await screen.pilot.pause()
        assert screen.app.return_code == 0
        assert not screen.app.is_running


async def test_habits_change_how_values_are_written() -> None:
    async with playing() as screen:
        await screen.type("#")
        assert " 443 " in screen.text()
        await screen.press("B")
        assert "1.8MB" in screen.text()
        await screen.press("H")
        assert "394 000 000" in screen.text()


async def test_the_rate_is_changed_by_a_key() -> None:
    async with playing() as screen:
        await screen.type("+")
        assert screen.app.rate == 0.5
        await screen.type("--")
        assert screen.app.rate == 0.25


async def test_ends_are_written_as_names_addresses_or_both() -> None:
    async with playing() as screen:
        for word, said in (("addresses", "addresses"), ("both", "names and addresses"), ("names", "names where known")):
            await screen.press("a")
            assert screen.app.habit.names == word
            assert said in screen.lines()[-1]


async def test_marked_rows_are_counted_and_the_next_is_chosen() -> None:
    async with playing() as screen:
        await screen.press("m", "m", "j", "m")
        assert len(screen.app.ticked) == 2
        assert "2 marked" in screen.text()
        assert sum(line.startswith("●") for line in screen.lines()[4:-1]) == 2
        await screen.press("k", "m")
        assert len(screen.app.ticked) == 1
        await screen.type("M")
        assert screen.app.ticked == frozenset()
        assert "marked" not in screen.text()


async def test_a_theme_recolours_everything() -> None:
    async with playing() as screen:
        before = {s.style.bgcolor for strip in screen.app.screen._compositor.render_strips() for s in strip if s.style}
        deeds.set_theme(screen.app, "light")
        await screen.settle()
        after = {s.style.bgcolor for strip in screen.app.screen._compositor.render_strips() for s in strip if s.style}
        assert not before & after


async def test_a_mark_that_is_nowhere_says_so() -> None:
    async with playing() as screen:
        await screen.type("*zzz")
        await screen.press("enter")
        await screen.settle()
        assert "“zzz” is in no row" in screen.text()
        await screen.press("escape")
        assert screen.app.habit.mark == ""


async def test_redraw_paints_everything_again() -> None:
    async with playing() as screen:
        text = screen.lines()[2:]
        await screen.press("ctrl+l")
        assert screen.lines()[2:] == text


async def test_values_are_offered_even_when_what_is_typed_matches_nothing() -> None:
    async with playing() as screen:
        await screen.type("/program = wi")
        await screen.settle(0.2)
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 0
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "program = wiki.py"


async def test_the_usual_columns_of_a_view_are_its_own_and_clearing_stays_in_it() -> None:
    async with playing(recorded()) as screen:
        await screen.press("2", "f", "space", "r", "enter")
        assert screen.app.look.columns == ()
        await screen.press("/")
        await screen.type("tcp")
        await screen.press("enter", ":")
        await screen.type("clear")
        await screen.press("enter")
        assert (screen.app.look.sight, screen.app.look.filter) == ("programs", "")
        assert screen.app.look.order == SIGHTS["programs"].order
