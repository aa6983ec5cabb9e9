"""Rows by rank."""

from dataclasses import replace

import numpy as np

from ratop_py.tui import page
from ratop_py.tui.page import Page
from ratop_py.view import View
from tests.helpers.tables import numbers, snapshot

FIRST = snapshot({"pid": numbers(10, 20, 30, 40)})


def test_rows_are_found_by_rank_in_a_window() -> None:
    window = Page(replace(FIRST, first=100, matched=500))
    assert window.at(101) == (window.order, 1)
    assert window.at(99) is None
    assert window.at(104) is None
    assert window.reaches(100, 4)
    assert not window.reaches(100, 5)
    assert not window.reaches(98, 3)


def test_the_end_of_the_view_is_reached() -> None:
    assert Page(replace(FIRST, first=96, matched=100)).reaches(98, 40)


def test_held_the_order_stays_and_values_go_on() -> None:
    newer = replace(FIRST, ids=FIRST.ids[::-1].copy(), columns={"pid": numbers(41, 31, 21, 11)})
    held = page.held(Page(FIRST), newer)
    assert [held.flow_at(rank) for rank in range(4)] == [1, 2, 3, 4]
    values = [held.at(rank) for rank in range(4)]
    assert [np.asarray(place[0].columns["pid"])[place[1]] for place in values if place] == [11, 21, 31, 41]


def test_held_a_flow_that_is_not_in_the_newest_keeps_its_last_values() -> None:
    newer = replace(FIRST, ids=FIRST.ids[:2], ended=FIRST.ended[:2], columns={"pid": numbers(11, 21)})
    held = page.held(Page(FIRST), newer)
    assert held.at(3) == (FIRST, 3)


def test_a_flow_outside_the_window_is_known_by_the_anchor() -> None:
    far = Page(replace(FIRST, view=View(anchor=77), anchor_rank=400))
    assert far.rank_of(77) == 400
    assert far.rank_of(2) == 1
    assert far.rank_of(78) is None


def test_before_the_first_answer_there_are_no_rows() -> None:
    assert page.empty().total == 0
    assert page.empty().at(0) is None
