"""The two lines at the top."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import amounts, top
from ratop_py.tui.lines import Line, length
from ratop_py.tui.status import Status
from ratop_py.view import EventMeter, Pulse
from tests.helpers.fakefeed import METERS

USUAL = Status(meters=METERS, matched=343, total=343, rx=(1.0, 2.0), tx=(3.0,), answered=True)


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


PULSES = tuple(Pulse(METERS.clock - 90 + at, 1e6 * (at % 7), 1e5, at == 40) for at in range(91))
PAST = replace(USUAL, at=METERS.clock - 60, newest=METERS.clock, meters=replace(METERS, pulse=PULSES))
PLAYED = replace(USUAL, meters=replace(METERS, state="replay", speed=4.0, position=0.35, pulse=PULSES))
MOMENTS = [USUAL, Status(), replace(USUAL, paused=14.0), replace(USUAL, refused="no"), PAST, PLAYED]


@given(st.integers(40, 300), st.sampled_from(MOMENTS))
def test_both_lines_are_exactly_as_wide_as_the_window(width: int, status: Status) -> None:
    assert length(top.first(status, width)) == width
    assert length(top.second(status, width)) in (0, width)


def test_a_wide_line_has_everything() -> None:
    line = text(top.first(USUAL, 160))
    for part in ("ratop", "● live", "wlp2s0", "21:14:07"[2:], "↓ 24.6 Mb/s", "↑  9.9 Mb/s", "drops 0", "▲ 3", "△ 2"):
        assert part in line


def test_80_cells_have_no_clock_and_short_units() -> None:
    line = text(top.first(USUAL, 80))
    assert line == "ratop ● live wlp2s0 ↓24.6M ↑9.9M" + " " * 23 + "named 96%  drop 0  ▲3  △2"


def test_60_cells_have_no_source_and_no_word_for_the_share() -> None:
    line = text(top.first(USUAL, 60))
    assert "wlp2s0" not in line
    assert "named" not in line
    assert "96%" in line


def test_numbers_do_not_jitter_in_width() -> None:
    slow = replace(USUAL, meters=replace(METERS, rx_bps=812.0, tx_bps=99_949_999.0))
    assert text(top.first(slow, 160)).index("↑") == text(top.first(USUAL, 160)).index("↑")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status(waited=0.4), "○ starting 0.4 s"),
        (replace(USUAL, paused=14.0), "‖ paused 14 s"),
        (replace(USUAL, age=2.0), "◌ 2.0 s old"),
        (replace(USUAL, refused="not capturing"), "○ not capturing"),
        (replace(USUAL, meters=replace(METERS, state="done")), "■ done"),
        (replace(USUAL, meters=replace(METERS, state="gone")), "○ source is gone"),
        (PAST, " back"),
        (PLAYED, "▶ replay 4×  35 %"),
        (replace(PLAYED, meters=replace(PLAYED.meters, position=None)), "▶ replay 4× "),
        (replace(PLAYED, meters=replace(PLAYED.meters, state="done")), "■ done "),
    ],
)
def test_the_state_is_said(status: Status, words: str) -> None:
    assert words in text(top.first(status, 120))


def test_without_a_local_end_nothing_is_claimed_to_be_named() -> None:
    none = replace(USUAL, meters=replace(METERS, owners={"": 12}, attributed=0.0))
    assert "named –" in text(top.second(none, 120))
    assert "no flow with an end on this machine" in text(top.second(none, 160))


def test_losses_take_the_second_line() -> None:
    lost = replace(USUAL, meters=replace(METERS, counters={"kernel_drops": 5, "full": 0}))
    assert "5 lost, ring full · a filter helps" in text(top.second(lost, 160))
    assert ("▲ drop 5", "high") in top.first(lost, 80)


def test_events_that_were_lost_are_an_alarm_at_every_width() -> None:
    lost = replace(USUAL, meters=replace(METERS, counters={"events_dropped": 12_000, "owners_evicted": 43}))
    assert ("! ev 12k", "warn") in top.first(lost, 60)
    assert ("! events 12k", "warn") in top.first(lost, 160)
    assert "12 000 events lost · 43 sockets forgotten" in text(top.second(lost, 160))
    assert "a filter helps" not in text(top.second(lost, 160))
    assert "ev" not in text(top.first(USUAL, 160))


def test_a_better_source_that_is_not_in_use_is_named_where_there_is_room() -> None:
    events = (EventMeter("diag", True, "every 1 s"), EventMeter("kernel", False, "not permitted", taken=False))
    fallen = replace(USUAL, meters=replace(METERS, events=events))
    assert text(top.second(fallen, 160)).endswith("diag ✓  no kernel")
    assert "kernel" not in text(top.second(fallen, 80))


def test_a_broken_source_is_an_alarm() -> None:
    broken = replace(USUAL, meters=replace(METERS, events=(EventMeter("lsof", False, "killed after 2 s"),)))
    assert ("lsof ✗", "high") in top.second(broken, 160)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any), st.integers(6, 40))
def test_the_meter_is_full_and_shows_whatever_is_there(counts: list[int], cells: int) -> None:
    sizes = top.shares(counts, cells)
    assert sum(sizes) == cells
    assert all((size > 0) == (count > 0) for size, count in zip(sizes, counts, strict=True))


def test_a_past_moment_is_a_badge_with_its_time_and_how_long_ago() -> None:
    line = top.first(PAST, 160)
    assert (f" ◀ {amounts.clock(METERS.clock - 60)} ", "badge") in line
    assert (" 60 s back", "warn") in line


@pytest.mark.parametrize("status", [PAST, PLAYED])
def test_the_second_line_is_a_timeline_between_the_times_of_its_ends(status: Status) -> None:
    line = text(top.second(status, 120))
    assert line.startswith(amounts.clock(PULSES[0].at))
    assert line.rstrip().endswith(amounts.clock(PULSES[-1].at))
    assert "▲" in line
    assert ("┃" in line) == (status.at is not None)


def test_without_a_past_there_is_no_timeline() -> None:
    assert top.has_timeline(PAST)
    assert top.has_timeline(PLAYED)
    assert not top.has_timeline(USUAL)
    assert not top.has_timeline(replace(PAST, meters=METERS))
    assert text(top.second(USUAL, 160)).startswith("named ")


@given(st.integers(40, 300), st.sampled_from([PAST, PLAYED, USUAL]))
def test_a_rate_is_shown_whole_or_not_at_all(width: int, status: Status) -> None:
    line = text(top.first(status, width))
    assert ("↓24.6M" in line or "24.6 Mb/s" in line) == ("↓" in line)
    assert ("↑9.9M" in line or "9.9 Mb/s" in line) == ("↑" in line)
