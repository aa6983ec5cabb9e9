"""What can be done with one cell."""

from collections.abc import Callable

import pytest

from ratop_py.tui import spot
from ratop_py.tui.keymap import Place, worn
from ratop_py.tui.menu import Menu
from ratop_py.tui.options import Options
from ratop_py.view import SIGHTS
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded


def menu(screen: Played) -> Menu:
    box = screen.app.screen
    assert isinstance(box, Menu)
    return box


async def right_click(screen: Played, name: str, row: int = 2) -> None:
    """On a column's cell."""
    x = next(each.x for each in screen.app.table.placed if each.column.name == name)
    await screen.pilot.click("#table", offset=(x, row), button=3)
    await screen.settle()


async def test_a_right_click_asks_about_the_cell_under_it() -> None:
    async with playing() as screen:
        await right_click(screen, "user")
        assert menu(screen).heading() == "user of this row"
        assert screen.app.table.cursor.row == 1


async def test_only_this_and_not_this_work_on_the_cell_that_was_pointed_at() -> None:
    async with playing() as screen:
        await right_click(screen, "proto")
        await screen.type("&")
        assert screen.app.look.filter == "proto = udp"
        await right_click(screen, "program", 1)
        await screen.type("!")
        assert screen.app.look.filter == "proto = udp and not program = firefox"


LETTERS: dict[str, Callable[[Played], object]] = {
    "s": lambda screen: screen.app.look.sort.field == "state",
    "o": lambda screen: screen.app.details.open,
    "w": lambda screen: screen.app.details.page == 1,
    "R": lambda screen: "calls itself “host.example.net”: only a claim" in screen.text(),
    "m": lambda screen: len(screen.app.ticked) == 1,
    "y": lambda screen: menu(screen).heading() == "Copy this row as",
    "h": lambda screen: "state" not in screen.app.look.columns and screen.app.look.columns,
}


@pytest.mark.parametrize("letter", LETTERS)
async def test_each_line_does_what_it_says(letter: str) -> None:
    async with playing() as screen:
        await right_click(screen, "state", 3)
        await screen.type(letter)
        await screen.settle(0.05)
        assert LETTERS[letter](screen)


@pytest.mark.parametrize("view", SIGHTS)
async def test_every_view_offers_lines_with_letters_of_their_own(view: str) -> None:
    taken = {name for key in worn() if key.place in (Place.MENU, Place.ALL) for name in key.keys}
    async with playing(recorded(), options=Options(view=view, rate=0.25)) as screen:
        await screen.type("x")
        here = screen.app.table.here()
        assert here is not None
        for name in screen.app.table.names:
            letters = [each.key for each in spot.choices(screen.app, here, name)]
            assert len(letters) == len(set(letters)) >= 5
            assert not taken & {*letters}


async def test_the_key_asks_about_the_column_that_was_chosen_last_else_the_usual_one() -> None:
    async with playing() as screen:
        await screen.type("x")
        assert menu(screen).heading() == "program of this row"
        await screen.press("escape")
        await screen.type("&")
        await screen.press("end", "enter")
        await screen.type("x")
        assert menu(screen).heading() == "state of this row"


async def test_a_row_of_several_flows_opens_instead_of_having_details() -> None:
    async with playing(recorded(), options=Options(view="users", rate=0.25)) as screen:
        await screen.type("x")
        assert {"w", "R"}.isdisjoint(each.key for each in menu(screen).choices)
        await screen.type("o")
        assert screen.app.look.sight == "flows"
        assert screen.app.look.filter


async def test_a_cell_that_says_nothing_to_filter_by_offers_no_filter() -> None:
    async with playing() as screen:
        await right_click(screen, "load")
        assert not {"&", "!"} & {each.key for each in menu(screen).choices}


async def test_the_last_column_is_never_hidden() -> None:
    async with playing(options=Options(fields=("pid",), rate=0.25)) as screen:
        await right_click(screen, "pid")
        await screen.type("h")
        assert screen.app.table.names == ("pid",)


async def test_without_any_row_there_is_nothing_to_ask() -> None:
    async with playing(options=Options(filter="risk > 99", rate=0.25)) as screen:
        await screen.type("x")
        assert screen.app.screen is screen.app.stage
