"""Columns at every width."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.tui import columns
from ratop_py.tui.columns import (
    ALWAYS,
    BOTH_ENDS_FROM,
    BY_CONTENT,
    SETS,
    SHAPES,
    SPARKS,
    WIDEST,
    column,
    known,
    most_shift,
    names_at,
    needs,
    place,
    shift_to_show,
    sort_field,
)
from ratop_py.tui.table import TREE_KEYS
from ratop_py.view import SIGHTS, sight_of

WIDTHS = st.integers(20, 300)
VIEWS = st.sampled_from(sorted(SIGHTS))


def keys_of(view: str) -> tuple[str, ...]:
    """Fields that say which flows a row of this view is of."""
    sight = sight_of(view)
    return TREE_KEYS if sight.tree else sight.group


@given(WIDTHS)
def test_columns_are_never_wider_than_the_window(width: int) -> None:
    placed = place(names_at(width, ()), width)
    assert placed[-1].x + placed[-1].width <= width


@given(st.integers(40, 300))
def test_risk_program_way_and_peer_never_leave(width: int) -> None:
    shown = {each.column.name for each in place(names_at(width, ()), width)}
    assert {"risk", "program", "way"} <= shown
    assert {"daddr", "dport"} <= shown or {"peer", "dport"} <= shown


@given(WIDTHS, st.integers(0, 30))
def test_columns_do_not_overlap_and_stand_in_order(width: int, shift: int) -> None:
    placed = place(SETS["host"], width, shift)
    for before, after in pairwise(placed):
        assert before.x + before.width < after.x


@given(WIDTHS, st.lists(st.sampled_from(sorted(FIELDS)), min_size=1, max_size=12, unique=True))
def test_any_choice_of_fields_fits(width: int, names: list[str]) -> None:
    placed = place(tuple(names), width)
    assert placed
    assert placed[-1].x + placed[-1].width <= width


@pytest.mark.parametrize(
    ("width", "gone"),
    [(110, {"proto"}), (104, {"dur"}), (97, {"load"}), (88, {"user"}), (78, {"state"}), (72, {"pid"}), (65, {"bytes"})],
)
def test_columns_leave_in_the_stated_order(width: int, gone: set[str]) -> None:
    order = ["proto", "dur", "load", "user", "state", "pid", "bytes", "rx", "tx"]
    missing = set(SETS["peer"]) - {each.column.name for each in place(SETS["peer"], width)}
    assert missing == set(order[: len(missing)])
    assert gone <= missing


def test_80_cells_show_what_the_picture_shows() -> None:
    shown = " ".join(each.column.name for each in place(names_at(79, ()), 79))
    assert shown == "risk program pid way peer dport rx tx bytes state"


def test_60_cells_show_what_the_picture_shows() -> None:
    shown = " ".join(each.column.name for each in place(names_at(59, ()), 59))
    assert shown == "risk program way peer dport rx tx"


def test_spare_cells_go_to_the_addresses() -> None:
    wide = {each.column.name: each.width for each in place(SETS["host"], 200)}
    assert wide["program"] == 16
    assert wide["daddr"] > 30


def test_every_column_can_be_shifted_into_view() -> None:
    names = SETS["host"]
    for name in names:
        shift = shift_to_show(names, 60, 0, name)
        assert 0 <= shift <= most_shift(names)
        assert name in {each.column.name for each in place(names, 60, shift)}


def test_what_is_asked_for_are_fields() -> None:
    wanted = needs(place(SETS["peer"], 120))
    assert set(wanted) <= set(FIELDS)
    assert {"risk", "program", "peer", "way", "rx"} <= set(wanted)


def test_every_set_is_made_of_columns_that_sort() -> None:
    for names in SETS.values():
        assert all(known(name) and sort_field(name) in FIELDS for name in names)


def test_every_shape_is_a_column() -> None:
    assert all(columns.column(name).width > 0 for name in SHAPES)


@given(WIDTHS)
def test_with_all_digits_columns_still_fit(width: int) -> None:
    placed = place(names_at(width, ()), width, full=True)
    assert placed[-1].x + placed[-1].width <= width


@given(VIEWS, st.integers(40, 300))
def test_columns_of_every_view_fit_and_what_its_rows_are_of_never_leaves(view: str, width: int) -> None:
    names, keys = names_at(width, (), view), keys_of(view)
    placed = place(names, width, keys=keys)
    assert placed[-1].x + placed[-1].width <= width
    assert {name for name in names if name in keys} <= {each.column.name for each in placed}


@pytest.mark.parametrize("view", SIGHTS)
def test_every_view_says_what_its_rows_are_of_and_how_much(view: str) -> None:
    names = names_at(160, (), view)
    said = {"process": {"program", "pid"}, "topwhy": {"topwhy"}}
    told = {field for name in names for field in said.get(name, {name})}
    assert {*keys_of(view)} - {"ownerwhy", "user"} <= told
    assert {"rx", "tx", "bytes"} <= told


def test_a_view_of_a_persons_own_shows_its_fields_then_sums() -> None:
    assert names_at(160, (), "by proto dport")[:4] == ("risk", "proto", "dport", "programs")
    assert names_at(160, (), "by trans") == ("risk", "trans", "programs", "peers", "rx", "tx", "load", "past", "bytes")


def test_a_choice_goes_before_the_set_of_the_view() -> None:
    assert names_at(160, ("pid",), "hosts") == ("pid",)
    assert names_at(BOTH_ENDS_FROM, ()) == SETS["host"]
    assert names_at(BOTH_ENDS_FROM - 1, ()) == SETS["peer"]


@given(VIEWS, st.integers(60, 400))
def test_past_rates_take_no_more_cells_than_seconds_are_kept(view: str, width: int) -> None:
    found = [each.width for each in place(names_at(width, (), view), width, keys=keys_of(view)) if each.column.most]
    assert all(size <= SPARKS for size in found)


def test_a_key_stays_where_another_of_the_same_weight_leaves() -> None:
    assert column("user").keep < ALWAYS
    narrow = {each.column.name for each in place(SETS["users"], 40, keys=("user",))}
    assert "user" in narrow
    assert "user" not in {each.column.name for each in place(SETS["programs"], 45, keys=("program", "pid"))}


@pytest.mark.parametrize("view", SIGHTS)
def test_what_groups_are_of_is_asked_for(view: str) -> None:
    placed = place(names_at(160, (), view), 160, keys=keys_of(view))
    wanted = needs(placed, keys_of(view))
    assert set(keys_of(view)) <= set(wanted) <= set(FIELDS)
    assert ("trans" in wanted) == sight_of(view).grouped


@given(VIEWS, st.integers(40, 300), st.dictionaries(st.sampled_from(sorted(BY_CONTENT)), st.integers(0, 10_000)))
def test_columns_grow_with_what_stands_in_them_and_still_fit(view: str, width: int, content: dict[str, int]) -> None:
    placed = place(names_at(width, (), view), width, keys=keys_of(view), content=content)
    assert placed[-1].x + placed[-1].width <= width


def test_a_column_grows_to_what_stands_in_it_before_spare_cells_are_shared() -> None:
    def wide(cells: int) -> int:
        return next(each.width for each in place(SETS["programs"], 160, content={"program": cells}) if each.x == 6)

    assert [wide(10), wide(25), wide(9999)] == [14, 25, WIDEST]
