"""Going from one way to look to another."""

import numpy as np
import pytest

from ratop_py.tui.keymap import Place
from ratop_py.tui.options import Options
from ratop_py.tui.page import Place as Row
from ratop_py.tui.values import number, word
from ratop_py.view import SIGHTS, Order
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded

GROUPED = [name for name, sight in SIGHTS.items() if sight.grouped]


def flows_of(screen: Played) -> int:
    """How many flows the chosen row says that it is of."""
    here = screen.app.table.here()
    assert here is not None
    return int(np.asarray(here[0].columns["trans"])[here[1]])


def tree_line(screen: Played, rank: int) -> str:
    """Branches and pid of a row of the tree."""
    place = screen.app.table.page.at(rank)
    assert place is not None
    return f"{word(place[0], 'tree', place[1])}{number(place[0], 'pid', place[1]) or 0:.0f}"


def rows(screen: Played) -> list[Row]:
    page = screen.app.table.page
    return [place for rank in range(page.total) if (place := page.at(rank)) is not None]


def matched(screen: Played) -> int:
    assert screen.app.snapshot is not None
    return screen.app.snapshot.matched


@pytest.mark.parametrize("name", GROUPED)
async def test_a_row_opens_into_exactly_its_flows_and_back_finds_it_again(name: str) -> None:
    async with playing(recorded(), options=Options(view=name, rate=0.25)) as screen:
        await screen.press("j", "down") if matched(screen) > 1 else await screen.press("j")
        row, wanted = screen.app.table.cursor.flow, flows_of(screen)
        await screen.press("enter")
        assert screen.app.look.sight == "flows"
        assert matched(screen) == wanted
        assert screen.app.table.cursor.flow is None
        await screen.press("backspace")
        assert screen.app.look.sight == name
        assert screen.app.look.filter == ""
        assert screen.app.table.cursor.flow == row
        await screen.press("alt+right")
        assert (screen.app.look.sight, matched(screen)) == ("flows", wanted)


async def test_what_a_row_has_in_common_is_added_to_the_filter_where_it_is_seen() -> None:
    async with playing(recorded(), options=Options(filter="tcp or udp", rate=0.25)) as screen:
        await screen.press("6", "j", "enter")
        assert screen.app.look.filter.startswith("(tcp or udp) and proto = ")
        assert "filter (tcp or udp) and" in screen.text()
        await screen.press("u")
        assert screen.app.look.filter == "tcp or udp"


async def test_each_view_keeps_its_own_order_and_columns() -> None:
    async with playing(recorded()) as screen:
        await screen.press("2", "v", "3")
        assert screen.app.look.order == SIGHTS["hosts"].order
        await screen.press("2")
        assert screen.app.look.sort == Order("bps", descending=False)
        await screen.press("1")
        assert screen.app.look.sort == Order("load")


async def test_the_filter_goes_along_to_another_view() -> None:
    async with playing(recorded(), options=Options(filter="udp", rate=0.25)) as screen:
        for key in "234567891":
            await screen.press(key)
            assert screen.app.look.filter == "udp"


async def test_opening_without_a_chosen_row_opens_the_first_that_is_seen() -> None:
    async with playing(recorded()) as screen:
        await screen.press("4", "enter")
        assert screen.app.look.sight == "flows"
        assert screen.app.look.filter != ""


async def test_all_flows_of_a_process_are_one_key_away() -> None:
    async with playing(recorded()) as screen:
        await screen.press("j", "o")
        shown = {word(each[0], "program", each[1]) for each in rows(screen)}
        assert len(shown) == 1
        assert screen.app.look.filter.startswith("pid = ")


async def test_of_a_row_without_a_process_that_is_said() -> None:
    async with playing(recorded(), options=Options(filter="owner = none", rate=0.25)) as screen:
        await screen.press("j", "o")
        assert "no process is known here" in screen.text()
        assert screen.app.look.filter == "owner = none"


async def test_the_tree_folds_unfolds_and_goes_up() -> None:
    async with playing(recorded(), options=Options(view="tree", rate=0.25)) as screen:
        assert screen.app.place is Place.TREE
        whole = matched(screen)
        lines = [tree_line(screen, rank) for rank in range(4)]
        assert [line[:2] for line in lines[1:]] == ["├─", "├─", "└─"]
        await screen.press("j", "j", "left")
        assert screen.app.table.cursor.row == 0
        await screen.press("left")
        assert matched(screen) == whole - 3
        assert tree_line(screen, 0) == "▸" + lines[0]
        await screen.press("left")
        assert matched(screen) == whole - 3
        await screen.press("right")
        assert matched(screen) == whole
        await screen.press("l")
        assert screen.app.table.cursor.row == 1
        await screen.press("h", "h", "u")
        assert matched(screen) == whole


async def test_a_row_of_the_tree_that_has_no_children_stays_when_it_is_unfolded() -> None:
    async with playing(recorded(), options=Options(view="tree", rate=0.25)) as screen:
        await screen.press("j", "j", "right")
        assert screen.app.table.cursor.row == 1


async def test_keys_of_the_tree_wait_for_a_row() -> None:
    async with playing(recorded(), options=Options(view="tree", rate=0.25)) as screen:
        whole = matched(screen)
        await screen.press("left", "right")
        assert matched(screen) == whole
        assert screen.app.table.cursor.flow is None


async def test_back_and_on_without_another_place_change_nothing() -> None:
    async with playing(recorded()) as screen:
        await screen.press("v")
        look = screen.app.look
        await screen.press("backspace", "alt+right", "alt+left")
        assert screen.app.look == look


async def test_details_do_not_stay_open_over_rows_of_several_flows() -> None:
    async with playing(recorded()) as screen:
        await screen.press("j", "enter")
        assert screen.app.details.open
        await screen.press("2")
        assert not screen.app.details.open
