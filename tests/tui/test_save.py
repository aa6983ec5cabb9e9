"""The box of the export."""

from __future__ import annotations

from typing import Any

import pytest

from ratop_py.tui.choice import FORMATS
from ratop_py.tui.save import Save
from tests.helpers.fakefeed import FakeFeed
from tests.helpers.piloted import Played, playing


def box_of(screen: Played) -> Save:
    box = screen.app.screen
    assert isinstance(box, Save)
    return box


async def test_formats_are_turned_and_the_name_follows() -> None:
    async with playing() as screen:
        await screen.press("e")
        for name, end in [*list(FORMATS.items())[1:], ("csv", ".csv")]:
            await screen.press("tab")
            assert box_of(screen).format == name
            assert box_of(screen).line.text.endswith(end)
        await screen.press("shift+tab")
        assert box_of(screen).format == "svg"


async def test_fields_are_those_shown_or_all() -> None:
    async with playing() as screen:
        await screen.press("e")
        assert "fields    those shown" in screen.text()
        await screen.press("ctrl+a")
        assert "fields    all there are" in screen.text()


async def test_rows_are_those_shown_or_all_or_marked() -> None:
    async with playing() as screen:
        await screen.type("/program = firefox")
        await screen.press("enter", "e")
        assert "2 flows with the filter program = firefox" in screen.text()
        await screen.press("ctrl+r")
        assert "all 19 flows, without a filter" in screen.text()
        await screen.press("ctrl+r")
        assert box_of(screen).choice.rows == "shown", "nothing is marked"


async def test_marked_rows_are_offered_when_there_are_any() -> None:
    async with playing() as screen:
        screen.app.ticked = frozenset({3, 7})
        await screen.press("e", "ctrl+r", "ctrl+r")
        assert "2 flows that you marked" in screen.text()


async def test_a_picture_has_no_rows_and_packets_have_no_fields() -> None:
    async with playing(FakeFeed(kept=True)) as screen:
        await screen.press("e", "shift+tab")
        assert "no rows: what is seen" in screen.text()
        await screen.press("shift+tab")
        assert "none: whole packets" in screen.text()


async def test_without_packets_the_box_says_how_to_keep_them_and_writes_nothing(tmp_path: Any) -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+u")
        await screen.paste(str(tmp_path / "a.pcapng"))
        assert "begin with ratop --keep-packets 64M" in screen.text()
        await screen.press("enter")
        assert "begin with ratop --keep-packets 64M" in screen.text()
        assert not box_of(screen).writing
        assert screen.feed.exported == []


async def test_packets_that_left_are_told_before_the_rest_is_written() -> None:
    async with playing(FakeFeed(kept=True, gone="1,204 packets had left to make room")) as screen:
        await screen.press("e")
        assert "1,204 packets" not in screen.text()
        await screen.press("shift+tab", "shift+tab")
        assert "△ 1,204 packets had left to make room" in screen.text()


async def test_without_a_name_nothing_is_written() -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+u", "enter")
        assert "a name is needed" in screen.text()
        assert screen.feed.exported == []
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage


async def test_letters_are_the_name_not_keys() -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+u")
        await screen.type("q?")
        assert box_of(screen).line.text == "q?"


@pytest.mark.parametrize(("label", "changed"), [("rows", "rows"), ("fields", "all_fields"), ("format", "format")])
async def test_a_click_on_a_line_changes_it(label: str, changed: str) -> None:
    async with playing() as screen:
        await screen.press("e")
        before = getattr(box_of(screen).choice, changed)
        y, line = next((y, line) for y, line in enumerate(screen.lines()) if f"│ {label} " in line)
        await screen.pilot.click(offset=(line.index(label) + 12, y))
        await screen.settle()
        assert getattr(box_of(screen).choice, changed) != before


@pytest.mark.parametrize("size", [(160, 44), (80, 24), (60, 16)])
async def test_all_of_it_is_seen_in_small_windows(size: tuple[int, int]) -> None:
    async with playing(size=size) as screen:
        await screen.press("e")
        text = screen.text()
        for name in FORMATS:
            assert f" {name} " in text
        assert "a new file that only you can read" in text
        assert "lines more" not in text
