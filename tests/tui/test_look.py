"""Looks, and the way back."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui.look import MOST, MOST_KEYS, Look, Trail
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


LOOKS = st.lists(
    st.builds(
        Look,
        filter=st.sampled_from(["", "tcp", "udp"]),
        order=st.sampled_from([(Order("load"),), (Order("pid"),)]),
        sight=st.sampled_from(["flows", "tree"]),
    ),
    max_size=12,
)


def walked(looks: list[Look]) -> Trail:
    trail = Trail(Look())
    for look in looks:
        trail = trail.go(look)
    return trail


@given(LOOKS)
def test_home_and_onward_return_where_they_came_from(looks: list[Look]) -> None:
    trail = walked(looks)
    back = trail.home()
    if back is not trail:
        assert back.now.place != trail.now.place
        assert back.onward() == trail


@given(LOOKS)
def test_home_is_the_nearest_other_place_as_it_was_left(looks: list[Look]) -> None:
    trail = walked(looks)
    others = [look for look in trail.past if look.place != trail.now.place]
    assert trail.home().now == (others[-1] if others else trail.now)


def test_without_another_place_home_and_onward_undo_nothing() -> None:
    trail = walked([Look(order=(Order("pid"),))])
    assert trail.home() is trail
    assert trail.back().onward() == trail.back()


def test_a_look_remembers_the_row_that_was_chosen_when_it_was_left() -> None:
    trail = Trail(Look()).go(Look(sight="hosts"), anchor=7)
    assert trail.home().now.anchor == 7
    assert Look(anchor=7) == Look()


def test_folding_the_tree_is_a_step_within_a_place() -> None:
    tree = Look(sight="tree")
    trail = Trail(Look()).go(tree).go(replace(tree, folded=frozenset({3})))
    assert trail.back().now == tree
    assert trail.home().now == Look()


def test_more_keys_decide_where_those_before_say_nothing() -> None:
    look = Look().also_by("pid", descending=False)
    assert look.order == (Order("load"), Order("pid", False))
    assert look.chosen_keys == 2
    again = look.also_by("load", descending=True)
    assert again.order == (Order("pid", False), Order("load"))


def test_keys_are_bounded() -> None:
    look = Look()
    for name in ("a", "b", "c", "d", "e"):
        look = look.also_by(name, descending=True)
    assert [key.field for key in look.order] == ["load", "a", "b", "e"]
    assert look.chosen_keys == MOST_KEYS
