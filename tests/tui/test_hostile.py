"""Names of strangers in every view, box and bar: no control reaches the terminal, lines stay aligned."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from ratop_py.tui import copying
from ratop_py.tui.cells import cell_of
from ratop_py.tui.columns import SETS
from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import length, paint
from ratop_py.tui.look import Habit
from ratop_py.tui.options import Options
from ratop_py.tui.plot import plot
from ratop_py.tui.timeline import timeline
from ratop_py.tui.values import word
from ratop_py.view import SIGHTS, Pulse, View
from tests.helpers.fakefeed import DETAIL, HOSTILE
from tests.helpers.piloted import Played, playing
from tests.helpers.recorded import strangers
from tests.helpers.tables import numbers, snapshot, words

SIZES = {"160x44": (160, 44), "80x24": (80, 24), "60x16": (60, 16)}
NASTY = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE))


def aligned(screen: Played) -> None:
    """Every line is printable, and exactly as wide as the window."""
    for line in screen.lines():
        assert line.isprintable(), ascii(line)
        assert cell_len(line) == screen.app.size.width, ascii(line)


@pytest.mark.parametrize("size", SIZES)
async def test_every_view_stays_in_its_columns(size: str) -> None:
    async with playing(strangers(), SIZES[size]) as screen:
        for key in "123456789r":
            await screen.press(key, "j", "j")
            aligned(screen)


async def test_the_recording_of_strangers_is_one() -> None:
    shown = strangers().ask(View(tree=True, fields=("tree", "program", "user", "pid")))
    names = [word(shown, "program", row) for row in range(len(shown))]
    assert any(not name.isprintable() for name in names)


@pytest.mark.parametrize("view", ["programs", "tree", "flows"])
async def test_menus_and_copies_stay_in_their_box(view: str) -> None:
    async with playing(strangers(), (80, 24), Options(view=view, rate=0.25)) as screen:
        for _ in range(4):
            await screen.press("j", "x")
            aligned(screen)
            await screen.press("y")
            aligned(screen)
            await screen.press("escape")


async def test_a_row_that_is_opened_names_itself_in_the_tabs_without_leaving_them() -> None:
    async with playing(strangers(), (80, 24), Options(view="programs", rate=0.25)) as screen:
        for _ in range(5):
            await screen.press("j", "enter")
            aligned(screen)
            await screen.press("backspace")
            aligned(screen)


@pytest.mark.parametrize("size", SIZES)
async def test_details_with_names_parents_and_other_flows_stay_in_their_panes(size: str) -> None:
    async with playing(strangers(), SIZES[size], Options(filter="tcp", rate=0.25)) as screen:
        await screen.press("j", "enter")
        for _ in range(3):
            await screen.press("tab")
            aligned(screen)
            await screen.press("down")
            aligned(screen)


async def test_a_view_by_a_persons_own_fields_stays_in_its_columns() -> None:
    async with playing(strangers(), (80, 24)) as screen:
        await screen.type(":")
        await screen.paste("group program user cmdline inf")
        await screen.press("enter", "j")
        assert screen.app.look.sight == "by program user cmdline inf"
        aligned(screen)


@pytest.mark.parametrize("name", [*HOSTILE, "x" * 10_000])
async def test_a_saved_filter_is_shown_by_a_name_that_can_be_typed(name: str) -> None:
    options = Options(filters={name: "tcp"}, rate=0.25)
    async with playing(strangers(), (60, 16), options) as screen:
        await screen.type("/@")
        await screen.press("tab")
        aligned(screen)


async def test_what_dns_answers_stays_in_the_last_line(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = strangers()
    monkeypatch.setattr(feed, "reverse", lambda _: ("\x1b]52;c;x\x07\u202e" * 50, True))
    async with playing(feed) as screen:
        await screen.press("j")
        await screen.type("R")
        await screen.settle(0.1)
        aligned(screen)


COLUMNS = sorted({name for names in SETS.values() for name in names})


@given(NASTY, NASTY, st.integers(0, 80), st.sampled_from(COLUMNS), st.booleans())
def test_every_cell_of_every_view_is_written_in_exactly_its_width(
    name: str, other: str, size: int, column: str, tree: bool
) -> None:
    told = {each: words(name) for each in ("program", "user", "ownerwhy", "topwhy", "level", "inf", "state", "peernet")}
    row = replace(
        snapshot({**told, "tree": words(other), "pid": numbers(7)}),
        view=View(tree=tree, group=() if tree else ("user", "ownerwhy")),
    )
    for theme in (Ink("dark"), Ink("dark", ascii=True)):
        shown = theme.shaped(cell_of(column)(row, 0, Habit(names="both"))[0], size)
        assert shown.isprintable()
        assert cell_len(shown) == size


RATES = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(st.builds(Pulse, st.floats(1e9, 2e9), RATES, RATES), max_size=40), st.integers(20, 200))
def test_rates_that_no_wire_has_are_drawn_within_their_lines(pulses: list[Pulse], width: int) -> None:
    for line in plot(pulses, width, 8):
        assert length(line) == width
        assert paint(line, width, Ink("dark")).cell_length == width
    pulses = sorted(pulses, key=lambda each: each.at)
    assert length(timeline(pulses, None, width)) <= width


@given(st.dictionaries(st.sampled_from(["proto", "saddr", "sport", "daddr", "dport"]), NASTY))
def test_an_expression_is_made_of_whatever_facts_there_are(facts: dict[str, str]) -> None:
    assert isinstance(copying.expression(replace(DETAIL, facts=facts)), str)


@pytest.mark.parametrize("name", SIGHTS)
def test_every_view_answers_for_strangers(name: str) -> None:
    assert strangers().ask(SIGHTS[name].view()).matched > 0
