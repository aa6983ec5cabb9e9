"""Looks, and the way back."""

from dataclasses import replace

from ratop_py.tui.look import MOST, Look, Trail
from ratop_py.view import Order


def test_undo_and_redo_walk_the_same_way() -> None:
    first, second = Look(), Look(filter="tcp")
    trail = Trail(first).go(second)
    assert trail.back().now == first
    assert trail.back().forth().now == second


def test_the_same_look_again_is_no_step() -> None:
    trail = Trail(Look())
    assert trail.go(Look()) is trail


def test_a_new_look_forgets_what_was_undone() -> None:
    trail = Trail(Look()).go(Look(filter="tcp")).back().go(Look(filter="udp"))
    assert trail.forth() is trail


def test_nothing_to_undo_changes_nothing() -> None:
    trail = Trail(Look())
    assert trail.back() is trail


def test_the_trail_is_bounded() -> None:
    trail = Trail(Look())
    for number in range(3 * MOST):
        trail = trail.go(Look(filter=f"pid = {number}"))
    assert len(trail.past) == MOST


def test_the_former_order_breaks_ties() -> None:
    look = replace(Look(), order=(Order("load"),)).sorted_by("pid", descending=False)
    assert look.order == (Order("pid", False), Order("load"))
    assert look.sorted_by("load", descending=True).order == (Order("load"), Order("pid", False))
