"""What the details say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import panes
from ratop_py.tui.lines import Line, length
from ratop_py.view import Detail, SideFacts
from tests.helpers.fakefeed import DETAIL
from tests.tui.test_fit import TEXTS


def text(lines: list[Line]) -> str:
    return "\n".join("".join(part for part, _ in line) for line in lines)


def side(**changes: object) -> Detail:
    return replace(DETAIL, sides=(replace(DETAIL.sides[1], **changes),))  # type: ignore[arg-type]


@pytest.mark.parametrize("pane", [panes.flow, panes.who, panes.risk])
@pytest.mark.parametrize("width", [40, 51, 78, 200])
def test_lines_fit_their_width(pane: object, width: int) -> None:
    assert all(length(line) <= width for line in pane(DETAIL, width))  # type: ignore[operator]


@given(TEXTS, st.integers(40, 100))
def test_any_word_fits_or_is_cut_by_whoever_draws(word: str, width: int) -> None:
    facts = {**DETAIL.facts, "inf": word}
    shown = panes.flow(replace(DETAIL, facts=facts), width)
    assert word.strip() in text(shown).replace("\n" + " " * (panes.LABEL + 1), " ") or " " in word


def test_every_fact_is_said() -> None:
    shown = text(panes.flow(DETAIL, 60))
    for name in set(DETAIL.facts) - panes.ELSEWHERE:
        assert name in shown


def test_a_fact_stays_beside_its_name() -> None:
    assert "dmac 02:42:ac:11:00:17" in text(panes.flow(DETAIL, 51))


def test_the_owner_is_said_with_the_evidence_and_all_other_holders() -> None:
    shown = text(panes.who(DETAIL, 60))
    for words in (
        "ok",
        "wiki.py",
        "pid 30417",
        "www-data (33)",
        "/usr/bin/python3.12",
        "exact 5-tuple",
        "lsof",
        "sh pid 30995",
    ):
        assert words in shown


def test_an_unknown_owner_says_why() -> None:
    shown = text(
        panes.who(side(owner="unknown", owners=(), match="", source="", why="It exited before anybody looked."), 60)
    )
    assert "unknown" in shown
    assert "It exited before anybody looked." in shown


def test_a_sighting_beside_the_flow_says_how_far() -> None:
    assert "1.5 s away from the flow" in text(panes.who(side(distance=1.5), 60))


def test_without_a_local_end_nobody_here_has_a_part_in_it() -> None:
    far = SideFacts("src", False, "", "", "", 0.0, "", ())
    assert "Neither end is this machine" in text(panes.who(replace(DETAIL, sides=(far, far)), 60))


def test_two_local_ends_are_told_apart() -> None:
    both = replace(DETAIL, sides=(replace(DETAIL.sides[1], side="src"), DETAIL.sides[1]))
    shown = text(panes.who(both, 60))
    assert "at the source" in shown
    assert "at the destination" in shown


def test_risk_is_a_sum_of_sentences() -> None:
    shown = text(panes.risk(DETAIL, 80))
    assert "▲ 94 high" in shown
    assert "28 P  offlink-neighbour-mac" in shown
    assert "down the hall" in shown
    assert "not looked at" in shown


def test_no_finding_is_said_too() -> None:
    assert "Nothing was found" in text(panes.risk(replace(DETAIL, risk=0, level="none", findings=()), 60))


def test_the_title_names_the_flow() -> None:
    assert text([panes.title(DETAIL)]) == "▲ 94  wiki.py  203.0.113.90:51018 → 192.0.2.17:443"


def test_the_text_for_the_clipboard_has_all_three_parts() -> None:
    shown = panes.as_text(DETAIL)
    for words in ("Flow", "Who", "Risk", "exact 5-tuple", "offlink-neighbour-mac"):
        assert words in shown


def test_who_is_only_likely_is_said_apart_from_owners() -> None:
    holder = DETAIL.sides[1].owners[0]
    child = replace(holder, pid=7, program="", parent="bash", ppid=6)
    lines = panes.who(side(owner="unknown", owners=(), likely=(holder, child), why="Somebody holds one."), 90)
    shown = [line for line in text(lines).splitlines() if line.startswith("likely")]
    assert shown == [
        "likely   wiki.py pid 30417 (www-data)",
        "likely   a child of bash pid 6 pid 7 (www-data)",
    ]
    assert not any(line.startswith("program") for line in text(lines).splitlines())
