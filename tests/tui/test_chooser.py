"""The choice of fields."""

from ratop_py.fields import FIELDS
from ratop_py.tui import chooser, columns
from tests.helpers.piloted import playing


async def test_fields_are_chosen_and_taken() -> None:
    async with playing() as screen:
        await screen.press("f", "j", "j", "space", "enter")
        assert "pid" not in screen.app.look.columns
        assert screen.app.look.columns
        await screen.press("u")
        assert screen.app.look.columns == ()


async def test_columns_are_moved_and_reset() -> None:
    async with playing() as screen:
        await screen.press("f", "j")
        await screen.type("J")
        box = screen.app.screen
        assert isinstance(box, chooser.Chooser)
        assert box.chosen[:3] == ["risk", "pid", "program"]
        await screen.type("K")
        assert box.chosen[:3] == ["risk", "program", "pid"]
        await screen.press("G", "space", "r")
        assert tuple(box.chosen) == columns.SETS["host"]
        await screen.press("escape")
        assert screen.app.look.columns == ()


async def test_the_last_column_cannot_be_taken_away() -> None:
    async with playing() as screen:
        await screen.press("f")
        await screen.press(*["space"] * 20)
        box = screen.app.screen
        assert isinstance(box, chooser.Chooser)
        assert len(box.chosen) >= 1


def test_every_column_says_what_it_shows() -> None:
    for name in (*FIELDS, *columns.SHAPES):
        assert chooser.doc(name)
