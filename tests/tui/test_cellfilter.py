"""A cell as a filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.filter import compile_filter
from ratop_py.safetext import clean
from ratop_py.tui import columns
from ratop_py.tui.cellfilter import added, cell_filter, flow_filter, quoted
from ratop_py.view import View, select
from tests.helpers.fakefeed import CLOCK, FakeFeed
from tests.helpers.flowsfeed import flows
from tests.helpers.tables import snapshot, words

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
    assert cell_filter((SHOWN, row), "program").startswith("owner = ")


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
