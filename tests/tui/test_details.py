"""The details of one flow."""

from tests.helpers.piloted import playing


async def test_details_say_what_who_and_why() -> None:
    async with playing() as screen:
        await screen.press("j", "enter")
        text = screen.text()
        assert "exact 5-tuple" in text
        assert "offlink-neighbour-mac" in text
        assert "not looked at" in text
        assert "sh pid 30995" in text


async def test_details_in_a_small_window_take_the_tables_place_and_turn_pages() -> None:
    async with playing(size=(60, 12)) as screen:
        await screen.press("j", "enter")
        assert not screen.app.table.display
        assert "stime" in screen.text()
        await screen.press("tab")
        assert "wiki.py" in screen.text()
        await screen.press("j")
        assert screen.app.details.top == 1
        await screen.press("escape")
        assert screen.app.table.display
