"""A cell as a filter."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.filter import compile_filter
from ratop_py.safetext import clean
from ratop_py.tui import columns
from ratop_py.tui.cellfilter import added, cell_filter, flow_filter, process_filter, quoted, row_filter
from ratop_py.tui.table import TREE_KEYS
from ratop_py.view import SIGHTS, Sight, Snapshot, View, select, sight_of
from tests.helpers.fakefeed import CLOCK, FakeFeed
from tests.helpers.flowsfeed import flows
from tests.helpers.recorded import recorded
from tests.helpers.tables import numbers, snapshot, words

FEED = FakeFeed()
SHOWN = FEED.ask(View(fields=tuple(FEED.data.columns)))


@pytest.mark.parametrize("name", columns.SETS["host"])
def test_every_cell_makes_a_filter_that_is_understood(name: str) -> None:
    for row in range(len(SHOWN)):
        text = cell_filter((SHOWN, row), name)
        if text:
            compile_filter(text, 0.0)
            compile_filter(added("tcp or udp", text, without=True), 0.0)


@given(st.text(max_size=30).map(clean).filter(bool))
def test_any_name_makes_a_filter_that_is_understood(name: str) -> None:
    text = cell_filter((snapshot({"program": words(name)}), 0), "program")
    compile_filter(text, 0.0)


def test_a_missing_owner_is_filtered_by_the_word_for_it() -> None:
    row = next(row for row in range(len(SHOWN)) if not SHOWN.columns["program"].at(row))  # type: ignore[union-attr]
    assert cell_filter((SHOWN, row), "program") == "ownerwhy = kernel"


def test_a_bar_says_nothing_to_filter_by() -> None:
    assert cell_filter((SHOWN, 0), "load") == ""


def test_conditions_are_added_so_that_both_hold() -> None:
    assert added("", "pid = 1", without=False) == "pid = 1"
    assert added("tcp", "pid = 1", without=True) == "tcp and not pid = 1"
    assert added("tcp or udp", "pid = 1", without=False) == "(tcp or udp) and pid = 1"


def test_words_with_blanks_are_quoted() -> None:
    assert quoted("ssh") == "ssh"
    assert quoted('a "b"') == '"a \\"b\\""'


def test_a_flow_is_named_by_its_ends() -> None:
    text = flow_filter((SHOWN, 0))
    assert text.startswith("proto = udp and saddr = 2001:db8:6:1::17 and sport = 58211")
    compile_filter(text, 0.0)


@pytest.mark.parametrize("name", columns.SETS["host"])
def test_what_a_cell_says_matches_the_flow_it_was_made_from(name: str) -> None:
    source = flows(50)
    shown = select(source, View(fields=tuple(FIELDS)), CLOCK)
    for row in range(0, 50, 7):
        text = cell_filter((shown, row), name)
        found = select(source, View(filter=text), CLOCK)
        assert shown.ids[row] in found.ids


def test_what_names_a_flow_matches_it_alone() -> None:
    source = flows(200)
    shown = select(source, View(fields=tuple(FIELDS)), CLOCK)
    assert select(source, View(filter=flow_filter((shown, 3))), CLOCK).ids.tolist() == [shown.ids[3]]


# -- rows of several flows, on the recorded demo -----------------------------------------------------------------------

GROUPED = [*(name for name, sight in SIGHTS.items() if sight.grouped), "by state", "by proto way saddr", "by sttl smac"]


def rows_of(sight: Sight, filter_text: str = "") -> Snapshot:
    """All rows of a view, with the fields that the screen asks for."""
    keys = TREE_KEYS if sight.tree else sight.group
    placed = columns.place(columns.names_at(160, (), sight.name), 160, keys=keys)
    return recorded().ask(sight.view(filter=filter_text, order=sight.order, fields=columns.needs(placed, keys)))


def flows_in(snapshot: Snapshot, row: int) -> int:
    """How many flows a row says that it is of."""
    return int(np.asarray(snapshot.columns["trans"])[row])


@pytest.mark.parametrize("name", GROUPED)
def test_a_row_is_a_filter_for_exactly_its_flows(name: str) -> None:
    feed, shown = recorded(), rows_of(sight_of(name))
    assert len(shown) >= 1
    for row in range(len(shown)):
        text = row_filter((shown, row))
        assert text
        assert feed.ask(View(filter=text)).matched == flows_in(shown, row), text


@pytest.mark.parametrize("name", GROUPED)
def test_a_row_of_what_a_filter_lets_through_is_added_to_it(name: str) -> None:
    feed, before = recorded(), "tcp or udp"
    shown = rows_of(sight_of(name), before)
    for row in range(len(shown)):
        text = added(before, row_filter((shown, row)), without=False)
        assert feed.ask(View(filter=text)).matched == flows_in(shown, row), text


@pytest.mark.parametrize("name", [each for each in GROUPED if each != "tree"])
def test_rows_of_groups_are_all_flows_and_each_once(name: str) -> None:
    feed, shown = recorded(), rows_of(sight_of(name))
    ids = [feed.ask(View(filter=row_filter((shown, row)))).ids for row in range(len(shown))]
    assert sorted(np.concatenate(ids).tolist()) == sorted(feed.ask(View()).ids.tolist())


def test_a_process_is_its_number_and_its_name() -> None:
    shown = snapshot({"pid": numbers(31, -1), "program": words("my tool", "")})
    assert process_filter((shown, 0)) == 'pid = 31 and program = "my tool"'
    assert process_filter((shown, 1)) == ""


def test_of_a_process_everything_below_it_is_meant_as_far_as_anybody_knows_it() -> None:
    shown = replace(snapshot({"pid": numbers(31, 9), "program": words("my tool", "")}), view=View(tree=True))
    assert row_filter((shown, 0)) == 'lineage in ("31:my_tool", "31:?")'
    assert row_filter((shown, 1)) == 'lineage ~ "(^| )9:"'


@given(st.text(max_size=30).map(clean), st.integers(1, 2**31))
def test_any_name_of_a_process_makes_a_filter_that_is_understood(name: str, pid: int) -> None:
    shown = replace(snapshot({"pid": numbers(pid), "program": words(name)}), view=View(tree=True))
    compile_filter(row_filter((shown, 0)), 0.0)
    compile_filter(process_filter((shown, 0)), 0.0)


@pytest.mark.parametrize(
    "name", ["saddr", "daddr", "peer", "smac", "dmac", "sport", "dport", "proto", "user", "program"]
)
def test_every_cell_of_the_recording_is_a_filter_that_matches_its_flow(name: str) -> None:
    feed = recorded()
    shown = feed.ask(View(fields=tuple(FIELDS)))
    for row in range(len(shown)):
        text = cell_filter((shown, row), name)
        if text:
            assert shown.ids[row] in feed.ask(View(filter=text)).ids, text
