"""The export."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ratop_py.tui.choice import Choice
from ratop_py.tui.options import Options
from ratop_py.tui.outgo import counted, free, proposed, said
from ratop_py.tui.save import Save
from tests.helpers.fakefeed import FakeFeed
from tests.helpers.piloted import Played, playing, so


async def written(screen: Played, path: Path) -> None:
    """Type a name, and wait until it is answered."""
    await screen.press("e", "ctrl+u")
    await screen.paste(str(path))
    await screen.press("enter")
    await over(screen)


async def over(screen: Played) -> None:
    """Until nothing is being written."""
    for _ in range(200):
        await screen.settle(0.01)
        box = screen.app.screen
        if not (isinstance(box, Save) and box.writing):
            return
    raise AssertionError("it is still being written")


async def test_export_writes_what_is_seen_and_says_where(tmp_path: Path) -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await written(screen, tmp_path / "flows.jsonl")
        assert "✓ 4 flows written to" in screen.text()
        assert (tmp_path / "flows.jsonl").exists()
        view, _, format_name = screen.feed.exported[0]
        assert format_name == "jsonl"
        assert view.filter == "proto = udp"
        assert view.window is None
        assert "saddr" in view.fields


async def test_all_rows_are_those_without_filter_and_groups(tmp_path: Path) -> None:
    async with playing(options=Options(filter="proto = udp", rate=0.25)) as screen:
        await screen.press("e", "ctrl+r", "ctrl+a", "ctrl+u")
        await screen.paste(str(tmp_path / "all.csv"))
        await screen.press("enter")
        await over(screen)
        view, _, _ = screen.feed.exported[0]
        assert (view.filter, view.group, view.tree) == ("", (), False)
        assert len(view.fields) > 100
        assert "✓ 19 flows written to" in screen.text()


async def test_marked_rows_alone_are_written(tmp_path: Path) -> None:
    async with playing() as screen:
        screen.app.ticked = frozenset({3, 7})
        await screen.press("e", "ctrl+r", "ctrl+r", "ctrl+u")
        await screen.paste(str(tmp_path / "some.csv"))
        await screen.press("enter")
        await over(screen)
        assert sorted((tmp_path / "some.csv").read_text().split()) == ["3", "7"]


async def test_an_export_never_overwrites_and_offers_a_free_name(tmp_path: Path) -> None:
    there = tmp_path / "flows.csv"
    there.write_text("mine")
    async with playing() as screen:
        await screen.type(":export ")
        await screen.paste(str(there))
        await screen.press("enter")
        await screen.press("enter")
        await over(screen)
        box = screen.app.screen
        assert isinstance(box, Save)
        assert "is there already" in box.trouble
        assert box.line.text == str(tmp_path / "flows-2.csv")
        assert there.read_text() == "mine"
        await screen.press("enter")
        await over(screen)
        assert (tmp_path / "flows-2.csv").exists()
        assert screen.app.screen is screen.app.stage


async def test_what_was_chosen_is_offered_again(tmp_path: Path) -> None:
    async with playing() as screen:
        await screen.press("e", "ctrl+a", "ctrl+u")
        await screen.paste(str(tmp_path / "one.jsonl"))
        await screen.press("enter")
        await over(screen)
        assert Choice.from_dict(screen.app.kept.export) == Choice("shown", "jsonl", True, str(tmp_path))
        await screen.press("e")
        box = screen.app.screen
        assert isinstance(box, Save)
        assert box.choice == Choice("shown", "jsonl", True, str(tmp_path))
        assert box.line.text.startswith(f"{tmp_path}/ratop-")
        assert box.line.text.endswith(".jsonl")


async def test_the_box_says_how_far_it_is_and_escape_stops_it(tmp_path: Path) -> None:
    async with playing(FakeFeed(endless=True)) as screen:
        await screen.press("e", "ctrl+u")
        await screen.paste(str(tmp_path / "long.csv"))
        await screen.press("enter")
        await screen.settle(0.4)
        assert "writing … " in screen.text()
        assert "000 rows" in screen.text()
        await screen.press("escape")
        await over(screen)
        assert "stopped; nothing was written" in screen.text()
        assert list(tmp_path.iterdir()) == []
        await screen.press("escape")
        assert screen.app.screen is screen.app.stage


async def test_who_leaves_the_screen_stops_what_is_written(tmp_path: Path) -> None:
    from threading import enumerate as threads

    before = set(threads())

    def running() -> bool:
        return any(thread.name == "ratop-export" for thread in set(threads()) - before)

    async with playing(FakeFeed(endless=True)) as screen:
        await screen.press("e", "ctrl+u")
        await screen.paste(str(tmp_path / "long.csv"))
        await screen.press("enter")
        assert so(running())
    deadline = time.monotonic() + 30
    while running() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not running()
    assert list(tmp_path.iterdir()) == []


async def test_a_picture_is_that_of_the_screen_before_the_box(tmp_path: Path) -> None:
    async with playing() as screen:
        await written(screen, tmp_path / "screen.svg")
        assert "✓ 1 picture written to" in screen.text()
        picture = (tmp_path / "screen.svg").read_text()
        assert "firefox" in picture
        assert "only" not in picture


async def test_packets_are_counted_as_packets(tmp_path: Path) -> None:
    async with playing(FakeFeed(kept=True)) as screen:
        await written(screen, tmp_path / "flows.pcapng")
        assert screen.feed.exported[0][2] == "pcapng"
        assert "✓ 19 packets written to" in screen.text()


@pytest.mark.parametrize("sight", ["ports", "tree"])
async def test_rows_of_a_group_are_written_as_rows(sight: str, tmp_path: Path) -> None:
    async with playing() as screen:
        await screen.type(f":view {sight}")
        await screen.press("enter")
        await written(screen, tmp_path / "rows.csv")
        view, _, _ = screen.feed.exported[0]
        assert view.group or view.tree
        assert "rows written to" in screen.text()


def test_a_free_name_counts_on(tmp_path: Path) -> None:
    for name in ("a.csv", "a-2.csv"):
        (tmp_path / name).touch()
    assert free(str(tmp_path / "a.csv")) == str(tmp_path / "a-3.csv")


def test_a_proposed_name_says_when_and_stands_in_the_last_folder() -> None:
    assert proposed(0.0, Choice(format="parquet", directory="/data")).startswith("/data/ratop-19")
    assert proposed(0.0, Choice(format="parquet")).endswith(".parquet")


def test_one_is_one_and_two_are_two() -> None:
    assert (counted(1, "flow"), counted(2, "row"), counted(1000, "packet")) == ("1 flow", "2 rows", "1,000 packets")


def test_the_size_is_told_where_there_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(bytes(1234))
    assert said(3, "flow", str(tmp_path / "a")) == f"✓ 3 flows written to {tmp_path}/a, 1,234 B"
    assert said(3, "flow", str(tmp_path / "b")) == f"✓ 3 flows written to {tmp_path}/b"
