"""Regions and states."""

import random
from dataclasses import replace

import numpy as np
import pytest
from rich.cells import cell_len

from ratop_py.tui.options import Options
from ratop_py.tui.stage import pulses_until
from ratop_py.tui.status import Status
from ratop_py.view import Pulse, Text
from tests.helpers.fakefeed import DETAIL, METERS, FakeFeed, hostile, many, story
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import recorded


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
        assert "1 204 lost, ring full" in screen.text()
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


@pytest.mark.parametrize("size", [(40, 10), (60, 16), (80, 24), (132, 30), (300, 90)])
async def test_every_size_has_a_screen(size: tuple[int, int]) -> None:
    async with playing(FakeFeed(many(500)), size=size) as screen:
        await screen.press("j", "enter", "tab", "z", "escape", "G")
        assert all(len(line) <= size[0] for line in screen.lines())
        assert "500 / 500" in screen.text()


def printable(screen: Played) -> None:
    """Every cell is printable, and every line exactly as wide as the window."""
    for line in screen.lines():
        assert line.isprintable()
        assert cell_len(line) == screen.app.size.width


@pytest.mark.parametrize("size", [(160, 44), (80, 24), (60, 16)])
async def test_names_of_strangers_stay_in_their_cells(size: tuple[int, int]) -> None:
    async with playing(FakeFeed(hostile()), size=size) as screen:
        printable(screen)
        await screen.press("j", "enter")
        printable(screen)
        await screen.press("z", "tab", "tab")
        printable(screen)


async def test_even_text_that_nobody_cleaned_cannot_reach_the_terminal() -> None:
    draw = random.Random(5)
    feed = FakeFeed(many(200))
    for name in ("program", "user", "state", "proto", "dir"):
        raw = ["".join(chr(draw.randrange(0x110000)) for _ in range(draw.randrange(1, 30))) for _ in range(199)]
        feed.data.columns[name] = Text(np.arange(200, dtype=np.int32), ["", *raw])
    async with playing(feed) as screen:
        for _ in range(6):
            printable(screen)
            await screen.press("space")


async def test_hostile_details_stay_in_their_panes() -> None:
    async with playing() as screen:
        await screen.press("j", "enter")
        evil = "\x1b[31m" + "\u202e日本\x9b" * 40
        owner = replace(DETAIL.sides[1].owners[0], program=evil, cmdline=evil, user=evil, exe=evil)
        side = replace(DETAIL.sides[1], owners=(owner, owner), why=evil, match=evil, source=evil)
        finding = replace(DETAIL.findings[0], sentence=evil, code=evil)
        facts = dict.fromkeys(DETAIL.facts, evil)
        screen.app.details.show_detail(replace(DETAIL, facts=facts, sides=(side,), findings=(finding,), silent=(evil,)))
        await screen.pilot.pause()
        printable(screen)


async def test_a_filter_and_messages_of_strangers_stay_in_their_line() -> None:
    async with playing(options=Options(filter='program = "x" and user = "' + "日" * 200 + '"', rate=0.25)) as screen:
        printable(screen)
        screen.app.say("\x1b]52;c;x\x07" + "y" * 500)
        await screen.pilot.pause()
        printable(screen)


async def test_the_rates_have_a_plot_that_ends_at_the_moment_one_looks_at() -> None:
    async with playing(recorded(), options=Options(view="rates", rate=0.25)) as screen:
        assert screen.app.stage.plot.display
        assert "↓ in" in screen.lines()[3]
        assert "71 s" in screen.lines()[3]
        await screen.type("{")
        assert "41 s" in screen.lines()[3]
        await screen.press("1")
        assert not screen.app.stage.plot.display


def test_of_the_pulses_those_after_the_moment_are_left_out() -> None:
    pulses = tuple(Pulse(float(at), 1.0, 1.0) for at in range(5))
    status = Status(meters=replace(METERS, pulse=pulses))
    assert pulses_until(status) == pulses
    assert pulses_until(replace(status, at=2.0)) == pulses[:3]


async def test_clicks_on_the_tabs_go_to_views_and_edit_and_remove_the_filter() -> None:
    async with playing(recorded(), options=Options(filter="tcp", rate=0.25)) as screen:
        await screen.pilot.click("#tabs", offset=(screen.lines()[2].index("hosts"), 0))
        await screen.settle()
        assert screen.app.look.sight == "hosts"
        await screen.pilot.click("#tabs", offset=(screen.lines()[2].index("filter tcp") + 7, 0))
        await screen.settle()
        assert screen.app.prompter.prompt is not None
        await screen.press("escape")
        await screen.pilot.click("#tabs", offset=(screen.lines()[2].index("✗"), 0))
        await screen.settle()
        assert screen.app.look.filter == ""
