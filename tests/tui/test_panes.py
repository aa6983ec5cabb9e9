"""What the details say."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.names.book import RANK
from ratop_py.tui import panes
from ratop_py.tui.fit import size_of
from ratop_py.tui.lines import Line, length
from ratop_py.view import Detail, NameFact, OtherFlow, SideFacts
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


NAMED = replace(
    DETAIL,
    names=(
        NameFact("dst", "wiki.example.net", "dns", 1.0),
        NameFact("dst", "other.example.net", "sni", 2.0),
        NameFact("src", "client.example.net", "ptr", 3.0),
    ),
)


def test_names_stand_below_their_end_and_what_is_only_claimed_in_quotes() -> None:
    lines = text(panes.flow(NAMED, 120)).splitlines()
    source, target = (next(i for i, line in enumerate(lines) if line.startswith(name)) for name in ("saddr", "daddr"))
    assert lines[source + 1] == "named    “client.example.net”   claimed: reverse DNS"
    assert "wiki.example.net   DNS: this machine asked" in lines[target + 1]
    assert "“other.example.net”   claimed: asked for in the TLS handshake (SNI)" in lines[target + 2]


def test_every_way_in_which_a_name_is_heard_has_words() -> None:
    assert set(RANK) == set(panes.HEARD)


FLOWS = tuple(OtherFlow(n, "tcp", f"192.0.2.17:{n} -> 198.51.100.1:443", 10**n, n == 2) for n in (1, 2, 3))


def test_other_flows_of_the_process_are_counted_and_listed_and_the_ended_ones_are_dim() -> None:
    lines = panes.who(replace(DETAIL, others=FLOWS, others_total=41), 90)
    shown = text(lines)
    assert "41 other flows of this process, the 3 largest" in shown
    assert "tcp  192.0.2.17:3 -> 198.51.100.1:443  1.0kB" in shown
    tones = {tone for line in lines for part, tone in line if part.startswith("192.0.2.17:2 ")}
    assert tones == {"dim"}


def test_one_other_flow_is_one_and_all_of_them_are_not_called_the_largest() -> None:
    shown = text(panes.who(replace(DETAIL, others=FLOWS[:1], others_total=1), 90))
    assert "1 other flow of this process\n" in shown + "\n"


def test_the_line_of_parents_is_said_up_to_the_last_that_is_known() -> None:
    holder = replace(DETAIL.sides[1].owners[0], parent="bash", ppid=20, forebears=((9, "sshd"), (1, "systemd")))
    shown = " ".join(text(panes.who(side(owners=(holder,)), 90)).split())
    assert "parent bash pid 20 ← sshd pid 9 ← systemd pid 1" in shown


def test_rates_of_the_past_have_a_line_each_way_with_its_own_scale() -> None:
    shown = text(panes.flow(replace(DETAIL, past=((8e6, 0.0), (4e6, 0.0))), 60))
    assert "src past █▄ most 8.0 Mb/s" in shown
    assert "dst past" not in shown


@given(TEXTS, st.integers(40, 100))
def test_any_name_in_the_new_parts_keeps_the_lines_in_their_width(word: str, width: int) -> None:
    name = word[:30]
    holder = replace(DETAIL.sides[1].owners[0], parent=name, ppid=2, forebears=((1, name),))
    told = replace(
        side(owners=(holder,)),
        names=(NameFact("dst", name, "sni", 0.0),),
        others=(OtherFlow(1, "tcp", name, 5, False),),
        others_total=1,
        past=((1e6, 2e6),) * 120,
    )
    size = max((size_of(part) for part in name.split(" ")), default=0)
    for line in (*panes.flow(told, width), *panes.who(told, width)):
        assert length(line) <= max(width, size + 12)
