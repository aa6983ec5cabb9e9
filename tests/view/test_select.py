from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.errors import Exit, RatopError
from ratop_py.fields import FIELDS
from ratop_py.fields.texts import text_of
from ratop_py.filter import FilterError
from ratop_py.flow.flows import Flows, copied
from ratop_py.flow.layout import Life
from ratop_py.view.model import Order, Snapshot, View
from ratop_py.view.select import answer, select
from tests.helpers.flowset import flows, mixed, row

NOW = 1_700_000_010.0
COLUMNS = ("saddr", "dport", "bytes", "program", "state", "tcprtt", "load")
ORDERS = st.lists(
    st.builds(Order, st.sampled_from([*COLUMNS, "risk", "cid", "stime", "dttl"]), st.booleans()), max_size=3
).map(tuple)
FILTERS = st.sampled_from(["", "tcp", "udp", "bytes > 200", "not tcp", "program firefox", "port 53", "arp and tcp"])
VIEWS = st.builds(View, FILTERS, st.sampled_from([(), ("proto",), ("saddr", "dport")]), ORDERS, fields=st.just(COLUMNS))


def texts(shown: Snapshot) -> list[tuple[str, ...]]:
    """Each row as text."""
    return [
        tuple(text_of(FIELDS[name].kind, shown.columns[name], at) for name in shown.view.fields)
        for at in range(len(shown))
    ]


def with_view(view: View, **changes: Any) -> View:
    from dataclasses import replace

    return replace(view, **changes)


@given(VIEWS, st.integers(-2, 10), st.integers(-2, 10))
def test_a_window_is_a_part_of_the_full_answer(view: View, first: int, count: int) -> None:
    whole, part = select(mixed(), view, NOW), select(mixed(), with_view(view, window=(first, count)), NOW)
    begin = max(0, min(first, whole.matched))
    stop = begin + max(0, count)
    assert (part.first, part.matched, part.total) == (begin, whole.matched, whole.total)
    assert part.ids.tolist() == whole.ids[begin:stop].tolist()
    assert texts(part) == texts(whole)[begin:stop]
    assert part.ended.tolist() == whole.ended[begin:stop].tolist()


@given(VIEWS, st.integers(0, 10))
def test_a_limit_keeps_the_first_rows(view: View, limit: int) -> None:
    whole, part = select(mixed(), view, NOW), select(mixed(), with_view(view, limit=limit), NOW)
    assert part.matched == min(limit, whole.matched)
    assert texts(part) == texts(whole)[:limit]


@given(VIEWS, st.integers(0, 7))
def test_an_anchor_is_found_at_its_rank_even_outside_the_window(view: View, at: int) -> None:
    whole = select(mixed(), view, NOW)
    for rank, number in enumerate(whole.ids.tolist()):
        assert select(mixed(), with_view(view, anchor=number, window=(at, 1)), NOW).anchor_rank == rank
    assert select(mixed(), with_view(view, anchor=12345), NOW).anchor_rank is None


@given(VIEWS, st.permutations(range(8)))
def test_the_answer_does_not_depend_on_the_order_of_the_rows(view: View, order: list[int]) -> None:
    """Ties included: equal rows never swap between two looks."""
    one, other = select(mixed(), view, NOW), select(mixed().take(np.array(order)), view, NOW)
    assert one.ids.tolist() == other.ids.tolist()
    assert texts(one) == texts(other)


@given(VIEWS, st.integers(1, 4))
def test_pieces_make_up_the_whole(view: View, size: int) -> None:
    found = answer(mixed(), view, NOW)
    pieces = list(found.snapshots(size))
    assert [line for piece in pieces for line in texts(piece)] == texts(found.snapshot())
    assert pieces


@given(FILTERS)
def test_only_what_matches_is_shown_and_the_total_is_of_all(text: str) -> None:
    from ratop_py.filter import compile_filter

    shown = select(mixed(), View(filter=text), NOW)
    wanted = np.flatnonzero(compile_filter(text, NOW).mask(mixed()))
    assert shown.ids.tolist() == mixed().rows["id"][wanted].tolist()
    assert (shown.matched, shown.total) == (len(wanted), 8)


def test_rows_are_in_the_order_wanted() -> None:
    shown: Any = select(mixed(), View(order=(Order("bytes"),), fields=("bytes",)), NOW)
    assert shown.columns["bytes"].tolist() == sorted(shown.columns["bytes"].tolist(), reverse=True)


def test_a_column_need_not_be_shown_to_sort_by_it() -> None:
    by_risk = select(mixed(), View(order=(Order("risk"),), fields=("dport",)), NOW)
    assert by_risk.ids.tolist()[:3] == [2, 5, 8]
    assert tuple(by_risk.columns) == ("dport",)


def test_without_an_order_rows_are_as_they_began() -> None:
    assert select(mixed().take(np.array([3, 1, 2])), View(), NOW).ids.tolist() == [2, 3, 4]


def gone() -> Flows:
    return flows(
        row("10.0.0.1:1", "10.0.0.9:80", life=Life.ENDED),
        row("10.0.0.1:2", "10.0.0.9:80"),
        row("10.0.0.1:3", "10.0.0.8:80", life=Life.ENDED),
    )


def test_ended_flows_are_marked_or_left_out() -> None:
    assert select(gone(), View(), NOW).ended.tolist() == [True, False, True]
    assert select(gone(), View(ended=False), NOW).ids.tolist() == [2]
    assert select(gone(), View(filter="port 1", ended=False), NOW).matched == 0


def test_ended_groups_are_marked_or_left_out() -> None:
    view = View(group=("daddr",), order=(Order("trans"),), fields=("trans",))
    assert select(gone(), view, NOW).ended.tolist() == [False, True]
    shown: Any = select(gone(), with_view(view, ended=False), NOW)
    assert shown.columns["trans"].tolist() == [1]


def test_a_group_is_asked_for_with_the_filter_before_it() -> None:
    shown: Any = select(
        mixed(), View(filter="udp", group=("saddr",), order=(Order("trans"),), fields=("saddr", "trans")), NOW
    )
    assert texts(shown) == [("10.0.0.3", "2"), ("192.168.1.5", "1")]
    assert shown.total == 8


def test_details_come_with_any_window() -> None:
    shown = select(mixed(), View(filter="udp", window=(0, 0), detail=1), NOW)
    assert shown.detail is not None
    assert shown.detail.flow_id == 1


def test_a_wrong_filter_is_an_error_with_its_place() -> None:
    with pytest.raises(FilterError):
        select(mixed(), View(filter="bytes >"), NOW)


def test_no_flows_have_an_answer() -> None:
    for view in (View(fields=COLUMNS), View(group=("proto",), fields=COLUMNS, order=(Order("bytes"),), filter="tcp")):
        shown = select(flows(), with_view(view, window=(5, 5), anchor=1, detail=1), NOW)
        assert (len(shown), shown.matched, shown.total, shown.anchor_rank, shown.detail) == (0, 0, 0, None, None)
        assert tuple(shown.columns) == COLUMNS


@given(VIEWS)
def test_the_flows_are_not_changed(view: View) -> None:
    made = mixed()
    rows, notes = copied(made.rows), copied(made.notes)
    select(made, view, NOW)
    assert made.rows.tobytes() == rows.tobytes()
    assert made.notes.tobytes() == notes.tobytes()


@given(VIEWS)
def test_a_piece_cut_later_is_of_the_same_moment(view: View) -> None:
    found = answer(mixed(), view, NOW)
    assert texts(found.snapshot(1, 2)) == texts(found.snapshot())[1:3]
    assert found.snapshot().taken_at == NOW


HINT = "did you mean `daddr`? `ratop fields` lists all"


@pytest.mark.parametrize(
    "view",
    [
        View(order=(Order("dadr"),)),
        View(group=("dadr",)),
        View(fields=("dadr",)),
        View("tcp", ("proto",), (Order("dadr"),)),
    ],
)
def test_a_field_that_is_not_there_is_an_error_that_names_the_nearest(view: View) -> None:
    with pytest.raises(RatopError, match="`dadr`") as caught:
        select(mixed(), view, NOW)
    assert (caught.value.hint, caught.value.exit_code) == (HINT, Exit.USAGE)
