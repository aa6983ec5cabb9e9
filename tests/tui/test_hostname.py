from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.names.spelling import spelled
from ratop_py.tui.hostname import quoted, short, shown
from tests.helpers.tables import numbers, snapshot, words


def test_a_name_that_was_asked_for_is_plain_and_a_claimed_one_in_quotes() -> None:
    table = snapshot({"sname": words("a.example", "b.example?", ""), "peername": words("", "", "c.example?")})
    assert [shown(table, row, "src") for row in range(3)] == [("a.example", False), ("“b.example”", True), ("", False)]
    assert shown(table, 2, "peer") == ("“c.example”", True)


def test_without_the_column_there_is_no_name() -> None:
    assert shown(snapshot({"bytes": numbers(1)}), 0, "dst") == ("", False)


@pytest.mark.parametrize(
    ("width", "text"),
    [(30, "www.long-name.example.com"), (11, "www.l…e.com"), (8, "www….com"), (5, "www.…"), (1, "…"), (0, "")],
)
def test_a_long_name_is_cut_in_its_middle(width: int, text: str) -> None:
    assert short("www.long-name.example.com", width) == text


def test_the_quotes_of_a_claim_stay() -> None:
    assert short("“www.long-name.example.com”", 11) == "“www.….com”"


@given(st.binary(max_size=80), st.integers(0, 40))
def test_no_name_from_the_wire_looks_like_a_claim_or_grows(raw: bytes, width: int) -> None:
    name = spelled(raw)
    assert quoted(name) == (name, False)
    assert len(short(name, width)) <= width
