"""What the screen does with answers, failures and keys."""

import asyncio

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.tui.app import RatopApp
from ratop_py.tui.options import Options
from tests.helpers.fakefeed import FakeFeed
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


async def test_a_terminal_without_focus_is_refreshed_once_a_second() -> None:
    async with playing() as screen:
        screen.app.app_focus = False
        asked = len(screen.feed.asked)
        screen.clock.now += 0.5
        screen.app.tick()
        await screen.pilot.pause(0.05)
        assert len(screen.feed.asked) == asked
        screen.clock.now += 0.6
        screen.app.tick()
        await screen.pilot.pause(0.05)
        assert len(screen.feed.asked) > asked


async def test_a_filter_that_was_taken_at_once_is_not_tried_afterwards() -> None:
    async with playing() as screen:
        await screen.pilot.press("slash", *"udp", "enter", "equals_sign")
        await screen.settle(0.3)
        assert screen.app.look.filter == screen.app.trail.now.filter == ""
