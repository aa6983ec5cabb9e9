"""All that can be done."""

from ratop_py.tui import palette
from ratop_py.tui.keymap import KEYS
from tests.helpers.piloted import playing


async def test_the_palette_does_what_is_chosen() -> None:
    async with playing() as screen:
        await screen.press("ctrl+p")
        await screen.type("reverse")
        await screen.press("enter")
        await screen.settle(0.05)
        assert not screen.app.look.sort.descending


def test_a_part_of_a_name_finds_it() -> None:
    assert palette.wanted("export")[0].deed == "export"
    assert palette.wanted("paus")[0].deed == "pause"
    assert "reverse" in {key.deed for key in palette.wanted("rvrs")}
    assert palette.wanted("qqqq") == []
    assert len(palette.wanted("")) == len([key for key in KEYS if key.section])


async def test_the_list_is_walked_and_closed_without_doing_anything() -> None:
    async with playing() as screen:
        await screen.press("ctrl+p", "down", "down", "up")
        box = screen.app.screen
        assert isinstance(box, palette.Palette)
        assert box.at == 1
        await screen.type("zzzz")
        assert "nothing is called so" in screen.text()
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage
