"""The page of tables: what was measured again is replaced, everything else stays."""

from __future__ import annotations

from tests.bench.tables import HEAD, Row, Table, markdown, put

ORDER = ("speed", "memory")


def page(*names: str) -> str:
    text = ""
    for name in names:
        text = put(text, name, table(name, "1"), ORDER)
    return text


def table(name: str, measured: str) -> str:
    return markdown(Table(name, name.title(), "How.", [Row("a figure", measured, "≤ 2", met=measured == "1")]), "here")


def test_tables_stand_in_their_order_whichever_was_measured_first() -> None:
    assert page("memory", "speed") == page("speed", "memory")
    assert page("speed", "memory").index("## Speed") < page("speed", "memory").index("## Memory")


def test_a_table_measured_again_replaces_itself_only() -> None:
    again = put(page(*ORDER), "speed", table("speed", "9"), ORDER)
    assert table("memory", "1") in again
    assert table("speed", "9") in again
    assert table("speed", "1") not in again


def test_a_goal_that_was_missed_says_no() -> None:
    assert "| ≤ 2 | **no** |" in table("speed", "9")
    assert "| ≤ 2 | yes |" in table("speed", "1")


def test_the_page_begins_with_what_its_figures_mean() -> None:
    assert page("speed").startswith(HEAD.rstrip())
