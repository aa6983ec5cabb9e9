"""The choice of fields."""

import pytest

from ratop_py.fields import FIELDS
from ratop_py.tui import chooser, columns
from ratop_py.tui.chooser import Chooser
from ratop_py.tui.keymap import Place
from tests.helpers.piloted import Played, playing


def box_of(screen: Played) -> Chooser:
    box = screen.app.screen
    assert isinstance(box, Chooser)
    return box


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


async def test_fields_are_found_by_name_and_by_what_they_are() -> None:
    async with playing() as screen:
        await screen.press("f")
        await screen.type("/hop")
        assert box_of(screen).place is Place.FIND
        for name in box_of(screen).names:
            assert "hop" in name or "hop" in chooser.doc(name).lower()
        assert box_of(screen).names


async def test_letters_are_what_is_looked_for_not_keys() -> None:
    async with playing() as screen:
        await screen.press("f")
        await screen.type("/jkr")
        assert box_of(screen).sought is not None
        assert box_of(screen).names == []
        assert "no field is called so" in screen.text()


async def test_a_field_that_was_found_is_ticked_among_all() -> None:
    async with playing() as screen:
        await screen.press("f")
        await screen.type("/tcprtt")
        await screen.press("enter", "space")
        assert box_of(screen).place is Place.FIELDS
        assert box_of(screen).chosen[-1] == "tcprtt"
        await screen.press("enter")
        assert screen.app.look.columns[-1] == "tcprtt"


@pytest.mark.parametrize("name", ["program", "tcprtt"])
async def test_a_click_on_a_field_shows_or_hides_it(name: str) -> None:
    async with playing() as screen:
        await screen.press("f")
        await screen.type("/" + name)
        y, line = next((y, line) for y, line in enumerate(screen.lines()) if f"] {name} " in line)
        before = name in box_of(screen).chosen
        await screen.pilot.click(offset=(line.index(name), y))
        await screen.settle()
        assert (name in box_of(screen).chosen) is not before


async def test_a_click_beside_the_fields_changes_nothing() -> None:
    async with playing() as screen:
        await screen.press("f")
        before = list(box_of(screen).chosen)
        for word in ("columns need", "what it is"):
            y, line = next((y, line) for y, line in enumerate(screen.lines()) if word in line)
            await screen.pilot.click(offset=(line.index(word), y))
        await screen.settle()
        assert box_of(screen).chosen == before
