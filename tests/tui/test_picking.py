"""Choosing a column."""

from ratop_py.view import Order
from tests.helpers.piloted import playing


async def test_sort_is_chosen_on_the_title_line() -> None:
    async with playing() as screen:
        await screen.press("s", "home")
        assert screen.app.table.pick == "risk"
        await screen.press("enter")
        assert screen.app.look.sort == Order("risk")
        assert "wiki.py" in screen.lines()[4]
        assert "risk↓" in screen.lines()[3]


async def test_leaving_the_choice_keeps_the_order() -> None:
    async with playing() as screen:
        await screen.press("s", "right", "escape")
        assert screen.app.look.sort == Order("load")
        assert screen.app.table.pick == ""


async def test_a_column_that_is_not_shown_can_be_sorted_by() -> None:
    async with playing(size=(60, 16)) as screen:
        assert "dur" not in {each.column.name for each in screen.app.table.placed}
        await screen.press("s", "end", "left")
        assert screen.app.table.pick == "dur"
        assert "dur" in {each.column.name for each in screen.app.table.placed}
        await screen.press("enter")
        assert screen.app.look.sort.field == "dur"
        assert "dur ↓" in screen.text()


async def test_only_this_cell_and_not_this_cell_add_to_the_filter() -> None:
    async with playing() as screen:
        await screen.press("j")
        await screen.type("&")
        assert "only program = firefox" in screen.text()
        await screen.press("enter")
        assert screen.app.look.filter == "program = firefox"
        await screen.type("!")
        await screen.press("end", "enter")
        assert screen.app.look.filter == "program = firefox and not state = CON"
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 1
