"""The flow table: the cursor holds a flow."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from rich.cells import cell_len
from textual.strip import Strip

from ratop_py.tui import asking
from ratop_py.tui.options import Options
from ratop_py.tui.page import Place
from ratop_py.tui.table import TREE_KEYS
from ratop_py.view import Order
from tests.helpers.fakefeed import METERS, FakeFeed, many, story
from tests.helpers.piloted import Played, playing, so
from tests.helpers.recorded import recorded


async def test_only_a_window_is_asked_for() -> None:
    async with playing(FakeFeed(many(5000))) as screen:
        first, count = screen.feed.asked[-1].window or (0, 99_999)
        assert (first, count < 400) == (0, True)
        await screen.press("G")
        assert screen.app.table.cursor.row == 4999
        assert screen.app.table.cursor.flow is not None
        assert "5000 / 5000" in screen.text()


async def test_a_click_on_a_title_sorts_and_again_turns() -> None:
    async with playing() as screen:
        x = next(each.x for each in screen.app.table.placed if each.column.name == "program")
        await screen.pilot.click("#table", offset=(x + 1, 0))
        await screen.settle()
        assert screen.app.look.sort == Order("program", descending=False)
        await screen.pilot.click("#table", offset=(x + 1, 0))
        await screen.settle()
        assert screen.app.look.sort == Order("program", descending=True)


async def test_the_cursor_follows_its_flow_through_thirty_orders() -> None:
    async with playing(FakeFeed(many(800), wander=0.4)) as screen:
        await screen.press(*"jjjjjjjjjj")
        flow, line = screen.app.table.cursor.flow, screen.app.table.cursor.keep
        for _ in range(30):
            await screen.tick()
            table = screen.app.table
            assert table.cursor.flow == flow
            assert table.page.flow_at(table.cursor.row) == flow
            at_an_end = table.cursor.top in (0, 800 - table.height)
            assert table.cursor.row - table.cursor.top == line or at_an_end


async def test_a_flow_far_from_the_window_is_followed() -> None:
    async with playing(FakeFeed(many(5000))) as screen:
        await screen.press("j", "j", "j")
        flow = screen.app.table.cursor.flow
        await screen.press("v")
        await screen.tick()
        assert screen.app.table.cursor.flow == flow
        assert screen.app.table.page.flow_at(screen.app.table.cursor.row) == flow
        assert screen.app.table.cursor.row > 4900


async def test_the_order_is_held_after_a_key_while_values_go_on() -> None:
    async with playing(FakeFeed(many(300), wander=1.0)) as screen:
        await screen.press("j")
        before = [screen.app.table.page.flow_at(row) for row in range(20)]
        values = screen.app.table.page.at(3)
        await screen.settle()
        assert [screen.app.table.page.flow_at(row) for row in range(20)] == before
        assert screen.app.table.page.at(3) != values
        assert "order held" in screen.text()
        await screen.tick()
        assert [screen.app.table.page.flow_at(row) for row in range(20)] != before
        assert "order held" not in screen.text()


async def test_a_flow_that_leaves_stays_as_a_ghost_until_the_cursor_goes() -> None:
    async with playing() as screen:
        await screen.press("j", "j", "j")
        flow = screen.app.table.cursor.flow
        screen.feed.data = screen.feed.data.take(np.flatnonzero(screen.feed.data.ids != flow))
        await screen.tick()
        assert so(screen.app.table.cursor.gone)
        assert "it has ended and is gone" in screen.text()
        assert "rclone" in screen.text()
        await screen.press("j")
        assert not screen.app.table.cursor.gone
        assert "rclone" not in screen.text()


async def test_damage_paint_shows_what_a_full_paint_shows() -> None:
    async with playing(FakeFeed(many(300), wander=0.5)) as screen:
        await screen.press("j", "j", "j")
        for _ in range(5):
            await screen.tick()
            painted = screen.text()
            screen.app.stage.redraw()
            await screen.pilot.pause()
            assert screen.text() == painted


async def test_the_mouse_chooses_opens_and_asks() -> None:
    async with playing() as screen:
        await screen.pilot.click("#table", offset=(10, 3))
        await screen.settle()
        assert screen.app.table.cursor.row == 2
        await screen.pilot.click("#table", offset=(10, 5), button=3)
        await screen.settle()
        assert screen.app.table.cursor.row == 4
        assert "program of this row" in screen.text()
        await screen.press("escape")
        await screen.pilot.click("#table", offset=(10, 3), times=2)
        await screen.settle()
        assert screen.app.details.open
        await screen.pilot.click("#footer", offset=(1, 0))
        await screen.settle()
        assert screen.app.prompter.prompt is not None


async def test_the_wheel_moves_the_window_not_the_cursor() -> None:
    async with playing(FakeFeed(many(500), wander=0.3)) as screen:
        await screen.press("j")
        flow = screen.app.table.cursor.flow
        screen.app.table.scroll_to(y=200, animate=False, immediate=True, force=True)
        await screen.tick()
        assert screen.app.table.cursor.flow == flow
        assert screen.app.table.scroll_offset.y == 200
        await screen.press("j")
        assert screen.app.table.scroll_offset.y < 200


def tones(screen: Played, y: int) -> set[Any]:
    """Colours of a line's text."""
    strip = screen.app.table.render_line(y)
    return {segment.style.color for segment in strip if segment.style and segment.text.strip()}


async def test_the_rows_of_a_source_that_is_gone_are_dim() -> None:
    async with playing() as screen:
        assert len(tones(screen, 1)) > 1
        screen.feed.meters = replace(METERS, state="gone")
        await screen.settle()
        assert len(tones(screen, 1)) == 1


async def test_ended_rows_are_dim() -> None:
    async with playing(FakeFeed(story().take(np.array([12])))) as screen:
        assert len(tones(screen, 1)) == 1


async def test_scrolling_draws_only_the_rows_that_come_into_sight(monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(FakeFeed(many(500))) as screen:
        table = screen.app.table
        table.go(table.height - 1)
        await screen.pilot.pause()
        drawn: list[int] = []
        flow = table._flow

        def count(place: Place, width: int, chosen: bool) -> Strip:
            drawn.append(place[1])
            return flow(place, width, chosen)

        monkeypatch.setattr(table, "_flow", count)
        table.move(1)
        await screen.pilot.pause()
        assert 0 < len(drawn) <= 6


async def test_while_rows_are_marked_a_sign_stands_before_each_and_columns_move_with_their_cells() -> None:
    async with playing() as screen:
        before = screen.lines()[3]
        await screen.press("m", "m")
        assert screen.lines()[3].startswith("  " + before[:20].rstrip())
        x = next(each.x for each in screen.app.table.placed if each.column.name == "program")
        assert screen.app.table.column_at(x + 2) == "program"
        assert sum(cell_len(line) == 160 for line in screen.lines()) == 44
        await screen.type("M")
        assert screen.lines()[3] == before


async def test_marks_hold_flows_not_rows() -> None:
    async with playing() as screen:
        await screen.press("j", "m")
        marked = set(screen.app.ticked)
        await screen.press("v")
        await screen.tick()
        row = next(y for y, line in enumerate(screen.lines()) if line.startswith("●")) - 4
        assert {screen.app.table.page.flow_at(row)} == marked


async def test_a_row_that_is_sought_is_chosen_wherever_it_stands() -> None:
    feed = FakeFeed(many(5000))
    async with playing(feed) as screen:
        await screen.press("G")
        last = screen.app.table.cursor.flow
        await screen.press("home")
        screen.app.table.seek(last)
        screen.app.present()
        await screen.settle()
        assert screen.app.table.cursor.flow == last
        assert screen.app.table.cursor.row == 4999
        screen.app.table.seek(None)
        assert not screen.app.table.cursor.chosen


@pytest.mark.parametrize(("view", "keys"), [("flows", ()), ("hosts", ("peer",)), ("tree", TREE_KEYS)])
async def test_the_table_knows_what_its_rows_are_of(view: str, keys: tuple[str, ...]) -> None:
    async with playing(recorded(), options=Options(view=view, rate=0.25)) as screen:
        assert screen.app.table.keys == keys
        assert set(keys) <= {*asking.view(screen.app).fields}


async def test_columns_grow_with_what_is_seen_and_do_not_shrink_while_one_looks() -> None:
    async with playing(FakeFeed(many(300))) as screen:
        size = {each.column.name: each.width for each in screen.app.table.placed}["program"]
        assert size >= len("systemd-resolved")
        screen.feed.data = screen.feed.data.take(np.array([0]))
        await screen.tick()
        assert {each.column.name: each.width for each in screen.app.table.placed}["program"] == size


async def test_columns_stand_still_while_panes_come_and_go() -> None:
    async with playing(recorded(), (100, 40)) as screen:
        before = screen.app.table.placed
        await screen.press("j", "enter")
        assert screen.app.table.placed == before
        await screen.press("escape")
        assert screen.app.table.placed == before


@pytest.mark.parametrize("size", [(80, 24), (60, 16), (100, 30)])
async def test_columns_leave_a_cell_to_the_scrollbar_whenever_it_comes(size: tuple[int, int]) -> None:
    async with playing(recorded(), size, Options(view="rates", rate=0.25)) as screen:
        for _ in range(2):
            await screen.tick()
            last = screen.app.table.placed[-1]
            assert last.x + last.width <= size[0] - 1
