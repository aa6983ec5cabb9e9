"""The last line."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.footer import clicked, deed_at, footer, offered
from ratop_py.tui.keymap import Place, hints
from ratop_py.tui.lines import Line, length
from ratop_py.tui.status import Status
from ratop_py.view import Meters

USUAL = Status(matched=343, total=343, cursor=3, answered=True)


def text(line: Line) -> str:
    return "".join(part for part, _ in line)


@given(st.integers(40, 300), st.sampled_from(list(Place)))
def test_the_line_fills_the_window(width: int, place: Place) -> None:
    assert length(footer(replace(USUAL, place=place), width)) == width


def test_a_wide_line_offers_all_and_says_where_the_cursor_is() -> None:
    line = text(footer(USUAL, 160))
    assert line.startswith("/ filter  s sort  ⏎ details  w why  p pause  ? help")
    assert line.rstrip().endswith("4 / 343")


def test_quit_and_help_leave_last() -> None:
    assert text(offered(Place.FLOWS, 20)).split() == ["?", "help", "q", "quit"]


def test_without_a_cursor_there_is_no_number() -> None:
    assert "– / 343" in text(footer(replace(USUAL, cursor=None), 100))


def test_a_message_takes_the_place_of_the_hints() -> None:
    line = text(footer(replace(USUAL, message="✓ 14 flows written"), 100))
    assert line.startswith("✓ 14 flows written ")
    assert "filter" not in line


@given(st.sampled_from(list(Place)), st.integers(40, 200))
def test_a_click_on_a_hint_does_what_it_says(place: Place, width: int) -> None:
    at = 0
    line = offered(place, width)
    shown = [key for key in hints(place) if (f" {key.hint}  ", "dim") in line]
    for key, word in zip(shown, [part for part in line if part[1] == "dim"], strict=False):
        at += length([line[line.index(word) - 1], word])
        assert deed_at(place, width, at - 1) == key.deed
    assert deed_at(place, width, at + 50) == ""


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 160])
@pytest.mark.parametrize("place", [Place.FLOWS, Place.TREE, Place.PICK])
def test_a_click_in_the_window_does_what_is_written_there(width: int, place: Place) -> None:
    status = replace(USUAL, place=place)
    by_hint = {key.hint: key.deed for key in hints(place, kept=False)}
    at = 0
    for word, tone in footer(status, width):
        if tone == "dim" and word.strip() in by_hint:
            assert clicked(status, width, at) == by_hint[word.strip()]
        elif not word.strip() or "/" in word:
            assert clicked(status, width, at) == "" or tone == "key"
        at += length([(word, tone)])


def test_a_click_on_a_message_does_nothing() -> None:
    assert clicked(replace(USUAL, message="✓ 14 flows written"), 100, 0) == ""
    assert clicked(USUAL, 100, 0) == "filter"


def test_in_the_past_the_way_to_now_is_offered_at_every_width() -> None:
    past = replace(USUAL, at=1.0, newest=9.0, meters=Meters(oldest=0.0))
    for width in range(40, 200):
        assert text(footer(past, width)).startswith("L now again")
    assert text(footer(past, 80)).startswith("L now again  [ back  ] on")


def test_a_step_back_is_offered_where_a_past_is_kept() -> None:
    kept = replace(USUAL, meters=Meters(oldest=1.0))
    assert "[ back" in text(footer(kept, 160))
    assert "[ back" not in text(footer(USUAL, 160))
