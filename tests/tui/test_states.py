"""What stands where there is nothing to show."""

from dataclasses import replace

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.tui import states
from ratop_py.tui.lines import Line, length
from ratop_py.tui.look import Look
from ratop_py.tui.status import Status
from tests.helpers.fakefeed import METERS

IDLE = Status(meters=METERS, answered=True)
REFUSED = RatopError(
    "cannot open a packet socket: not permitted",
    hint="sudo setcap cap_net_raw+ep /usr/bin/python3",
    exit_code=Exit.NOT_PERMITTED,
)


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_every_state_fits_the_window(width: int) -> None:
    filtered = replace(IDLE, total=343, look=Look(filter="risk > 99"))
    for status in (IDLE, filtered, Status(), Status(waited=9.0), replace(IDLE, meters=replace(METERS, state="gone"))):
        assert all(length(line) <= width for line in states.body(status, width, 20))
    assert all(length(line) <= width + 4 for line in states.refused(REFUSED, "ratop -i wlp2s0", width, 20))


def test_idle_says_how_long_where_and_through_which_filter() -> None:
    shown = text(states.body(replace(IDLE, look=Look(filter="tcp")), 100, 20))
    assert "Nothing seen for 14 s on wlp2s0." in shown
    assert "filter in force  tcp" in shown


def test_a_filter_that_matches_nothing_offers_the_way_back() -> None:
    shown = text(states.body(replace(IDLE, total=343, look=Look(filter="risk > 99")), 100, 20))
    assert "0 of 343 flows match  risk > 99" in shown
    assert "u undo" in shown


def test_starting_says_what_it_waits_for_only_when_it_takes_long() -> None:
    assert text(states.body(Status(waited=0.5), 100, 20)).strip() == ""
    assert "Opening the source" in text(states.body(Status(waited=3.0), 100, 20))


def test_a_source_that_is_gone_says_why() -> None:
    gone = replace(IDLE, meters=replace(METERS, state="gone", reason="the interface went down"))
    assert "the interface went down" in text(states.body(gone, 100, 20))


def test_an_empty_file_says_so() -> None:
    done = replace(IDLE, meters=replace(METERS, state="done", source="story.pcap"))
    assert "story.pcap holds no flow." in text(states.body(done, 100, 20))


def test_not_permitted_says_what_is_missing_and_the_exact_commands() -> None:
    shown = text(states.refused(REFUSED, "ratop -i wlp2s0", 120, 30))
    assert "Cannot open a packet socket: not permitted." in shown
    setcap = "sudo setcap cap_net_raw+ep /usr/bin/python3"
    for command in ("sudo ratop -i wlp2s0", setcap, "ratop -r FILE", "ratop demo", "ratop doctor"):
        assert command in shown


def test_no_command_is_offered_twice() -> None:
    same = RatopError("not permitted", hint="sudo ratop", exit_code=Exit.NOT_PERMITTED)
    typed = [command for _, command in states.ways(same, "ratop")]
    assert len(typed) == len(set(typed))


def test_another_refusal_offers_its_own_hints_alone() -> None:
    error = RatopError("there is no interface wlp9s0", hint="ratop doctor", exit_code=Exit.NO_SOURCE)
    assert states.ways(error, "ratop") == [("", "ratop doctor")]


def test_a_small_window_says_what_it_needs() -> None:
    assert "30×8: needs 40×10" in text(states.no_room(30, 8))


def test_in_few_rows_the_ways_on_stay() -> None:
    shown = states.refused(REFUSED, "ratop", 60, 12)
    assert "ratop doctor" in text(shown[:15])
    assert "The kernel lets only" not in text(shown)
