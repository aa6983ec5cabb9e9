"""Rows and columns."""

from tests.helpers.fakefeed import FakeFeed, many
from tests.helpers.piloted import playing


async def test_columns_shift_sideways() -> None:
    async with playing(size=(60, 16)) as screen:
        await screen.press("right", "right")
        assert "user" in {each.column.name for each in screen.app.table.placed}
        await screen.press("0")
        assert "user" not in {each.column.name for each in screen.app.table.placed}


async def test_pages_halves_and_ends() -> None:
    async with playing(FakeFeed(many(500))) as screen:
        table = screen.app.table
        await screen.press("space")
        assert table.cursor.row == table.height - 1
        await screen.press("ctrl+d")
        assert table.cursor.row == table.height - 1 + table.height // 2
        await screen.press("b", "ctrl+u")
        assert table.cursor.row == 0
        await screen.press("end")
        assert table.cursor.row == 499
        await screen.press("home")
        assert table.cursor.row == 0


async def test_the_last_columns_are_one_key_away() -> None:
    async with playing(size=(80, 24)) as screen:
        await screen.type("$")
        assert screen.app.table.placed[-1].column.name == "state"
        assert "pid" not in {each.column.name for each in screen.app.table.placed}
