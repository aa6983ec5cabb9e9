"""What the screen does, key by key."""

import asyncio
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.tui.app import RatopApp
from ratop_py.tui.options import Options
from ratop_py.tui.save import Save
from ratop_py.view import Order
from tests.helpers.fakefeed import METERS, FakeFeed, many, story
from tests.helpers.piloted import playing

REFUSED = RatopError(
    "cannot open a packet socket on wlp2s0: not permitted",
    hint="sudo setcap cap_net_raw+ep /usr/bin/python3",
    exit_code=Exit.NOT_PERMITTED,
)


async def test_the_first_answer_fills_table_and_bars() -> None:
    async with playing() as screen:
        text = screen.text()
        assert "● live  wlp2s0  " in text
        assert "24.6 Mb/s" in text
        assert "drops 0" in text
        assert "96 %" in text
        assert "▲ 94" in text
        assert "wiki.py" in text
        assert "– / 19" in text


async def test_only_a_window_is_asked_for() -> None:
    async with playing(FakeFeed(many(5000))) as screen:
        first, count = screen.feed.asked[-1].window or (0, 99_999)
        assert (first, count < 400) == (0, True)
        await screen.press("G")
        assert screen.app.table.cursor.row == 4999
        assert screen.app.table.cursor.flow is not None
        assert "5000 / 5000" in screen.text()


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


async def test_v_turns_the_order_and_neighbours_are_one_key_away() -> None:
    async with playing() as screen:
        await screen.press("v")
        assert screen.app.look.sort == Order("load", descending=False)
        await screen.type(">")
        assert screen.app.look.sort.field == "bytes"
        await screen.type("<")
        assert screen.app.look.sort.field == "load"


async def test_a_click_on_a_title_sorts_and_again_turns() -> None:
    async with playing() as screen:
        x = next(each.x for each in screen.app.table.placed if each.column.name == "program")
        await screen.pilot.click("#table", offset=(x + 1, 0))
        await screen.settle()
        assert screen.app.look.sort == Order("program", descending=False)
        await screen.pilot.click("#table", offset=(x + 1, 0))
        await screen.settle()
        assert screen.app.look.sort == Order("program", descending=True)


async def test_a_column_that_is_not_shown_can_be_sorted_by() -> None:
    async with playing(size=(60, 16)) as screen:
        assert "dur" not in {each.column.name for each in screen.app.table.placed}
        await screen.press("s", "end", "left")
        assert screen.app.table.pick == "dur"
        assert "dur" in {each.column.name for each in screen.app.table.placed}
        await screen.press("enter")
        assert screen.app.look.sort.field == "dur"
        assert "dur ↓" in screen.text()


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
        assert screen.app.table.cursor.gone
        assert "it has ended and is gone" in screen.text()
        assert "rclone" in screen.text()
        await screen.press("j")
        assert not screen.app.table.cursor.gone
        assert "rclone" not in screen.text()


async def test_escape_steps_back_and_never_clears_the_filter() -> None:
    async with playing(options=Options(filter="proto = tcp", rate=0.25)) as screen:
        await screen.press("j", "enter")
        assert screen.app.details.open
        await screen.press("escape")
        assert not screen.app.details.open
        await screen.press("escape")
        assert not screen.app.table.cursor.chosen
        await screen.press("escape", "escape")
        assert screen.app.look.filter == "proto = tcp"


async def test_a_filter_is_applied_while_it_is_typed() -> None:
    async with playing() as screen:
        await screen.type("/program = firefox")
        await screen.settle(0.2)
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 2
        assert "✓ 2 of 19" in screen.text()
        await screen.press("enter")
        assert screen.app.trail.now.filter == "program = firefox"
        assert "filter program = firefox" in screen.text()


async def test_escape_restores_the_filter_before() -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await screen.type("/ and program = firefox")
        await screen.settle(0.2)
        await screen.press("escape")
        assert screen.app.look.filter == "proto = udp"
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.view.filter == "proto = udp"


async def test_an_error_names_its_place_and_the_table_keeps_the_last_filter() -> None:
    async with playing() as screen:
        await screen.type("/program = firefox")
        await screen.settle(0.2)
        await screen.paste(" and bytes > abc")
        await screen.settle(0.2)
        text = screen.text()
        assert "✗ not applied; table shows the last valid filter" in text
        assert "a number is expected" in text or "expected" in text
        line = next(line for line in screen.lines() if "▔" in line)
        start = next(line for line in screen.lines() if "filter program" in line and "bytes > abc" in line).index("abc")
        assert line.index("▔") == start
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 2
        await screen.press("enter")
        assert screen.app.prompter.prompt is not None


async def test_tab_takes_the_proposal() -> None:
    async with playing() as screen:
        await screen.type("/dprt = 443")
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "dport = 443"
        assert screen.app.prompter.prompt.trouble is None


async def test_undo_and_redo_walk_through_looks() -> None:
    async with playing() as screen:
        await screen.type("/proto = udp")
        await screen.press("enter", "v", "u")
        assert screen.app.look.sort.descending
        await screen.press("u")
        assert screen.app.look.filter == ""
        await screen.press("ctrl+r")
        assert screen.app.look.filter == "proto = udp"


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


async def test_a_mark_hides_nothing_and_is_walked_through() -> None:
    async with playing(FakeFeed(many(3000))) as screen:
        await screen.type("*postgres")
        await screen.press("enter")
        first = screen.app.table.cursor.row
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 3000
        here = screen.app.table.here()
        assert here is not None
        await screen.press("n")
        assert screen.app.table.cursor.row > first
        await screen.press("N")
        assert screen.app.table.cursor.row == first


async def test_pause_holds_and_goes_on() -> None:
    async with playing() as screen:
        await screen.press("p")
        assert screen.feed.held
        screen.clock.now += 14
        screen.app.draw()
        await screen.pilot.pause()
        assert "‖ paused 14 s" in screen.text()
        asked = len(screen.feed.asked)
        screen.app.tick()
        await screen.pilot.pause(0.05)
        assert len(screen.feed.asked) == asked
        await screen.press("p")
        assert not screen.feed.held
        assert "● live" in screen.text()


async def test_a_filter_works_while_paused() -> None:
    async with playing() as screen:
        await screen.press("p")
        await screen.type("/proto = udp")
        await screen.press("enter")
        assert screen.app.snapshot is not None
        assert screen.app.snapshot.matched == 4


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


async def test_w_shows_the_risk_of_a_risky_flow_and_else_the_owner() -> None:
    async with playing(size=(80, 24)) as screen:
        await screen.press("j", "w")
        assert "Who" in screen.text()
        await screen.press("escape", "j", "j", "j", "j", "j", "w")
        assert "is the address true?" in screen.text()


async def test_export_writes_what_is_seen_and_says_where(tmp_path: Path) -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await screen.press("e", "ctrl+u")
        await screen.paste(str(tmp_path / "flows.jsonl"))
        await screen.press("enter")
        await screen.settle(0.1)
        assert "✓ 4 flows written to" in screen.text()
        assert (tmp_path / "flows.jsonl").exists()
        view, _, format_name = screen.feed.exported[0]
        assert format_name == "jsonl"
        assert view.filter == "proto = udp"
        assert view.window is None
        assert "saddr" in view.fields


async def test_an_export_never_overwrites(tmp_path: Path) -> None:
    there = tmp_path / "flows.csv"
    there.write_text("mine")
    async with playing() as screen:
        await screen.type(":export ")
        await screen.paste(str(there))
        await screen.press("enter")
        await screen.press("enter")
        await screen.settle(0.1)
        box = screen.app.screen
        assert isinstance(box, Save)
        assert "is there already" in box.trouble
        assert there.read_text() == "mine"
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage


async def test_fields_are_chosen_and_taken() -> None:
    async with playing() as screen:
        await screen.press("f", "j", "j", "space", "enter")
        assert "pid" not in screen.app.look.columns
        assert screen.app.look.columns
        await screen.press("u")
        assert screen.app.look.columns == ()


async def test_commands_do_what_they_say() -> None:
    async with playing() as screen:
        for line in ("sort -bytes,pid", "fields host", "rate 4", "theme light", "filter proto = tcp"):
            await screen.type(":")
            await screen.paste(line)
            await screen.press("enter")
        assert screen.app.look.order == (Order("bytes", False), Order("pid", False))
        assert screen.app.rate == 4
        assert screen.app.theme == "ratop-light"
        assert screen.app.look.filter == "proto = tcp"
        await screen.type(":clear")
        await screen.press("enter")
        assert screen.app.look.filter == ""


async def test_a_wrong_command_says_what_is_wrong() -> None:
    async with playing() as screen:
        await screen.type(":sort byts")
        assert "there is no field “byts”" in screen.text()
        await screen.press("tab")
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text == "sort bytes"


async def test_help_opens_everywhere_and_escape_closes_it() -> None:
    async with playing() as screen:
        await screen.type("?")
        assert "Help: flows" in screen.text()
        await screen.type("?")
        assert "Command line" in screen.text()
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage
        await screen.type("/")
        await screen.press("f1")
        assert "Filter" in screen.text()


async def test_the_palette_does_what_is_chosen() -> None:
    async with playing() as screen:
        await screen.press("ctrl+p")
        await screen.type("reverse")
        await screen.press("enter")
        await screen.settle(0.05)
        assert not screen.app.look.sort.descending


@pytest.mark.parametrize("key", ["q", "ctrl+c"])
async def test_quit_is_at_once(key: str) -> None:
    async with playing() as screen:
        await screen.pilot.press(key)
        await screen.pilot.pause()
        assert screen.app.return_code == 0
        assert not screen.app.is_running


async def test_not_permitted_is_a_screen_with_ways_on() -> None:
    feed = FakeFeed(refusal=REFUSED)
    async with playing(feed, options=Options(command="ratop -i wlp2s0", rate=0.25)) as screen:
        text = screen.text()
        assert "○ not capturing" in text
        assert "sudo ratop -i wlp2s0" in text
        assert "sudo setcap cap_net_raw+ep /usr/bin/python3" in text
        assert "ratop demo" in text
        feed.refusal = None
        await screen.press("r")
        assert "● live" in screen.text()
        assert "firefox" in screen.text()


async def test_no_such_interface_is_a_screen() -> None:
    error = RatopError("there is no interface wlp9s0", hint="ratop doctor", exit_code=Exit.NO_SOURCE)
    async with playing(FakeFeed(refusal=error)) as screen:
        assert "○ no such source" in screen.text()
        assert "There is no interface wlp9s0." in screen.text()


async def test_nothing_seen_is_said() -> None:
    nothing = story().take(np.zeros(0, int))
    async with playing(FakeFeed(nothing)) as screen:
        assert "Nothing seen for 14 s on wlp2s0." in screen.text()


async def test_a_filter_that_matches_nothing_is_said() -> None:
    async with playing(options=Options(filter="risk > 99", rate=0.25)) as screen:
        assert "0 of 19 flows match  risk > 99" in screen.text()
        await screen.type(":clear")
        await screen.press("enter")
        assert "firefox" in screen.text()


async def test_losses_and_broken_sources_are_shown() -> None:
    broken = replace(METERS.events[1], ok=False, words="killed after 2 s")
    meters = replace(METERS, counters={"kernel_drops": 1204, "full": 0}, events=(METERS.events[0], broken))
    async with playing(FakeFeed(meters=meters)) as screen:
        assert "▲ drops 1 204 (0.097 %)" in screen.text()
        assert "1 204 lost by the kernel" in screen.text()
        assert "lsof ✗ killed after 2 s" in screen.text()


async def test_the_pure_python_engine_is_said() -> None:
    async with playing(FakeFeed(meters=replace(METERS, compiled=False))) as screen:
        assert "pure-Python engine" in screen.text()


@pytest.mark.parametrize(("state", "words"), [("replay", "▶ replay"), ("done", "■ done"), ("gone", "○ source is gone")])
async def test_the_state_of_the_source_is_said(state: str, words: str) -> None:
    async with playing(FakeFeed(meters=replace(METERS, state=state))) as screen:
        assert words in screen.text()


async def test_an_old_answer_says_its_age() -> None:
    async with playing(options=Options(rate=2)) as screen:
        screen.feed.delay = 0.6
        screen.clock.now += 3
        screen.app.draw()
        await screen.pilot.pause()
        assert "◌ 3.0 s old" in screen.text()
        screen.feed.delay = 0


async def test_too_small_a_window_says_so_and_recovers() -> None:
    async with playing(size=(160, 44)) as screen:
        await screen.pilot.resize_terminal(30, 8)
        await screen.settle()
        assert "30×8: needs 40×10" in screen.text()
        await screen.pilot.resize_terminal(160, 44)
        await screen.settle()
        assert "firefox" in screen.text()


async def test_a_failure_of_the_feed_is_kept_for_the_report() -> None:
    async with playing() as screen:
        screen.feed.failure = ValueError("broken")
        screen.app.ask()
        await screen.pilot.pause(0.1)
        assert isinstance(screen.app.failure, ValueError)
        assert screen.app.return_code == 1


async def test_an_error_that_can_be_acted_on_is_said_and_the_table_stays() -> None:
    async with playing() as screen:
        screen.feed.failure = RatopError("the log is locked")
        screen.app.ask()
        await screen.pilot.pause(0.1)
        assert "✗ the log is locked" in screen.text()
        assert "firefox" in screen.text()
        screen.feed.failure = None


async def test_our_own_failure_is_kept_and_no_locals_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    app = RatopApp(FakeFeed(), Options(rate=0.25))

    async def fail() -> None:
        async with app.run_test():
            app.call_later(lambda: 1 // 0)
            await asyncio.sleep(0.1)

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert isinstance(app.failure, ZeroDivisionError)
    assert "locals" not in capsys.readouterr().err


async def test_damage_paint_shows_what_a_full_paint_shows() -> None:
    async with playing(FakeFeed(many(300), wander=0.5)) as screen:
        await screen.press("j", "j", "j")
        for _ in range(5):
            await screen.tick()
            painted = screen.text()
            screen.app.stage.redraw()
            await screen.pilot.pause()
            assert screen.text() == painted


@pytest.mark.parametrize("size", [(40, 10), (60, 16), (80, 24), (132, 30), (300, 90)])
async def test_every_size_has_a_screen(size: tuple[int, int]) -> None:
    async with playing(FakeFeed(many(500)), size=size) as screen:
        await screen.press("j", "enter", "tab", "z", "escape", "G")
        assert all(len(line) <= size[0] for line in screen.lines())
        assert "500 / 500" in screen.text()


async def test_the_mouse_chooses_opens_and_asks() -> None:
    async with playing() as screen:
        await screen.pilot.click("#table", offset=(10, 3))
        await screen.settle()
        assert screen.app.table.cursor.row == 2
        await screen.pilot.click("#table", offset=(10, 3), button=3)
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


async def test_columns_shift_sideways() -> None:
    async with playing(size=(60, 16)) as screen:
        await screen.press("right", "right")
        assert "user" in {each.column.name for each in screen.app.table.placed}
        await screen.press("0")
        assert "user" not in {each.column.name for each in screen.app.table.placed}


async def test_what_is_pasted_goes_only_where_text_is_typed() -> None:
    from textual import events

    async with playing() as screen:
        screen.app.post_message(events.Paste("q"))
        await screen.settle()
        assert screen.app.is_running
        await screen.type("/")
        screen.app.post_message(events.Paste("proto = \x1b[31mudp\n"))
        await screen.settle()
        assert screen.app.prompter.prompt is not None
        assert screen.app.prompter.prompt.line.text.isprintable()
