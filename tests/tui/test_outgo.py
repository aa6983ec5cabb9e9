"""The export."""

from pathlib import Path

from ratop_py.tui.options import Options
from ratop_py.tui.save import Save
from tests.helpers.piloted import playing


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
