"""Who was named, by what, and how the sources do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import coverage
from ratop_py.tui.coverage import cells, content, percent, strip
from ratop_py.tui.lines import length
from ratop_py.tui.status import Status
from ratop_py.view import Coverage, EventMeter, Meters, Share
from tests.helpers.fakefeed import METERS, FakeFeed
from tests.helpers.piloted import playing
from tests.helpers.scenes import COVERAGE, covered, deaf, uncovered

FULL = Status(meters=covered().meters, answered=True)


def text(status: Status, width: int = 72) -> str:
    return "\n".join("".join(part for part, _ in line) for line in content(status, width))


def row(status: Status, name: str, width: int = 72) -> list[str]:
    return next(line for line in text(status, width).splitlines() if line[2:].startswith(name)).split()


def of(meters: Meters) -> Status:
    return Status(meters=meters, answered=True)


def test_all_flows_are_counted_and_split_into_the_three_answers() -> None:
    told = text(FULL)
    assert "1 240 flows with an end here, heard in the last 60 s" in told
    assert "named 96.0 %" in told
    assert "none 3.1 %" in told
    assert "unknown 1.0 %" in told


def test_a_match_has_its_flows_and_bytes_and_their_shares() -> None:
    assert " ".join(row(FULL, "exact 5-tuple in time")) == "━ exact 5-tuple in time 71 5.7 % ╸ 21MB 0.5 % ╸"


def test_where_it_is_narrow_a_match_is_the_value_of_its_field() -> None:
    assert row(FULL, "exact", 52)[:4] == ["━", "exact", "71", "5.7"]


def test_a_reason_has_its_sentence_below_and_a_sign_that_says_whether_it_is_an_answer() -> None:
    lines = text(FULL).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("┅ kernel"))
    assert lines[at + 1].strip() == "No process speaks here: it is the kernel itself."
    assert row(FULL, "before start")[0] == "·"


def test_a_source_has_its_counts_and_what_it_costs() -> None:
    assert " ".join(row(FULL, "kernel   ")) == "✓ kernel 48k 0 0 0.09 s 0.7 % of a core"
    assert "14 eBPF hooks" in text(FULL)


def test_what_was_lost_is_said_and_a_better_source_that_is_not_in_use_says_why() -> None:
    told = text(of(deaf().meters), 104)
    assert "✗ diag" in told
    assert "– kernel is not in use: Operation not permitted: bpf() needs CAP_BPF" in told
    assert "1 204 packets, ring full   3 packets, table full   12 043 events   7 sockets forgotten" in told


def test_nothing_lost_is_said_too() -> None:
    assert "0 packets, ring full" in text(FULL)
    assert "0 sockets forgotten" in text(FULL)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status(), "the source is being opened"),
        (of(uncovered().meters), "ratop -r FILE --context FILE.json"),
        (of(replace(METERS, coverage=Coverage(elsewhere=1))), "1 flow was seen, none with an end on this machine"),
        (of(replace(METERS, coverage=Coverage())), "No flow with an end on this machine was heard in the last minute"),
    ],
)
def test_where_there_is_nothing_to_count_it_is_said_why(status: Status, said: str) -> None:
    told = text(status, 100)
    assert said in told
    assert "found by" not in told


def test_of_a_file_no_window_is_told() -> None:
    assert "flows with an end here, read" in text(of(replace(METERS, coverage=replace(COVERAGE, seconds=0.0))))


@given(st.integers(32, 200), st.sampled_from([covered(), uncovered(), deaf(), FakeFeed()]))
def test_no_line_is_wider_than_the_box(width: int, feed: FakeFeed) -> None:
    assert max(length(line) for line in content(of(feed.meters), width)) <= width


@pytest.mark.parametrize(
    ("part", "said"), [(0, "0 %"), (1e-6, "<0.1 %"), (0.057, "5.7 %"), (0.99999, "99.9 %"), (1, "100 %")]
)
def test_all_and_nothing_are_said_only_when_they_are_true(part: float, said: str) -> None:
    assert percent(part) == said


@given(st.lists(st.integers(0, 10_000), min_size=3, max_size=3).filter(any), st.integers(6, 80))
def test_the_bar_is_full_and_shows_whatever_is_there(counts: list[int], size: int) -> None:
    sizes = cells([each / sum(counts) for each in counts], size)
    assert sum(sizes) == size
    assert all((cell > 0) == (each > 0) for cell, each in zip(sizes, counts, strict=True))


def test_a_small_part_is_seen() -> None:
    assert [strip(part, 10, "━") for part in (0, 0.001, 0.5, 1)] == ["", "╸", "━━━━━", "━" * 10]
    assert strip(0.001, 10, "·") == "·"


def test_names_of_strangers_stay_in_their_place() -> None:
    strange = replace(METERS, coverage=Coverage(found=(Share("x" * 300, "y" * 300, 1, 1),)))
    assert all(length(line) <= 72 for line in content(of(strange), 72))


@pytest.mark.parametrize(
    "keys", [["i"], [":", *"coverage", "enter"], [":", "i", "enter"], ["ctrl+p", *"coverage", "enter"]]
)
async def test_it_opens_by_key_command_and_palette_and_closes_again(keys: list[str]) -> None:
    async with playing(covered()) as screen:
        await screen.press(*("colon" if key == ":" else key for key in keys))
        await screen.settle(0.05)
        assert "Coverage: whose flows" in screen.text()
        await screen.press("i")
        assert screen.app.screen is screen.app.stage


async def test_a_click_on_the_top_opens_it() -> None:
    async with playing(covered()) as screen:
        await screen.pilot.click("#top", offset=(8, 1))
        await screen.settle()
        assert "Coverage: whose flows" in screen.text()


async def test_it_goes_on_counting_while_it_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coverage, "SECONDS", 0.02)
    async with playing(covered()) as screen:
        await screen.press("i")
        fewer = replace(COVERAGE, found=(Share("cookie", "socket cookie", 5, 5),), missing=())
        screen.feed.meters = replace(screen.feed.meters, coverage=fewer, events=(EventMeter("lsof", True, "x"),))
        await screen.settle(0.1)
        await screen.pilot.pause(0.1)
        assert "5 flows with an end here" in screen.text()
        assert "named 100 %" in screen.text()


async def test_what_does_not_fit_can_be_scrolled() -> None:
    async with playing(covered(), size=(60, 16)) as screen:
        await screen.press("i")
        assert "lines more" in screen.text()
        await screen.press("G")
        assert "lines more" not in screen.text()
        assert "too young" in screen.text()
