"""The details of one flow."""

from tests.helpers.piloted import playing
from tests.helpers.recorded import recorded


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


async def test_keys_and_the_wheel_scroll_and_another_flow_begins_at_its_top() -> None:
    async with playing(recorded(), size=(100, 30)) as screen:
        await screen.press("j", "enter")
        await screen.type("J")
        assert screen.app.details.top == 3
        screen.app.details.on_mouse_scroll_down()
        screen.app.details.on_mouse_scroll_up()
        assert screen.app.details.top == 3
        await screen.type("K")
        assert screen.app.details.top == 0
        await screen.type("J")
        await screen.press("j")
        assert screen.app.details.top == 0


async def test_scrolling_ends_where_the_last_line_is_seen() -> None:
    async with playing(recorded(), size=(100, 30)) as screen:
        await screen.press("j", "enter")
        screen.app.details.scroll(9_999)
        await screen.settle()
        end = screen.app.details.top
        assert "lines more" not in screen.text()
        await screen.type("J")
        assert screen.app.details.top == end


async def test_the_details_of_a_recorded_flow_have_names_other_flows_and_past_rates() -> None:
    async with playing(recorded(), size=(160, 60)) as screen:
        await screen.type("/program = firefox and dport = 443")
        await screen.press("enter", "j", "enter", "z")
        text = screen.text()
        for words in ("src past", "dst past", "other flows of this process", "firefox", "parent"):
            assert words in text
