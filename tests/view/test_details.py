from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.assess.evidence import CODES, Finding
from ratop_py.correlate.match import OWNER_WORDS, WHY_SENTENCES, Match, Why
from ratop_py.fields import FIELDS
from ratop_py.flow.flows import Flows, Name
from ratop_py.view.details import detail_of
from ratop_py.view.model import Detail, NameFact
from tests.helpers.flowset import ADA, ROOT, START, flows, mixed, row


def told(made: Flows, number: int = 1) -> Detail:
    found = detail_of(made, number)
    assert found is not None
    return found


@pytest.mark.parametrize("number", [None, -1, 0, 99])
def test_of_no_flow_there_are_no_details(number: int | None) -> None:
    assert detail_of(mixed(), number) is None


def test_facts_are_every_field_that_has_a_value_in_the_order_of_the_docs() -> None:
    facts = told(mixed()).facts
    assert list(facts) == [name for name in FIELDS if name in facts]
    assert all(facts.values())
    assert (facts["saddr"], facts["dport"], facts["program"]) == ("10.0.0.1", "80", "firefox")
    assert "svlan" not in facts


def test_facts_are_those_of_the_flow_whose_number_it_is() -> None:
    assert told(mixed(), 7).facts["daddr"] == "10.0.0.2"
    assert told(mixed(), 7).facts["proto"] == "arp"


@pytest.mark.parametrize(
    ("way", "local"), [(0, (False, False)), (1, (False, True)), (2, (True, False)), (3, (True, True))]
)
def test_the_ends_that_are_this_machine_are_marked(way: int, local: tuple[bool, bool]) -> None:
    source, target = told(flows(row("10.0.0.1:1", "10.0.0.2:2"), way=way)).sides
    assert (source.side, target.side) == ("src", "dst")
    assert (source.local, target.local) == local


def test_each_end_has_its_own_holders_with_everything_known_of_them() -> None:
    made = flows(
        row("10.0.0.1:1", "10.0.0.2:2"), way=3, s_holder=1, d_holder=2, s_match=Match.EXACT, d_match=Match.LISTENER
    )
    source, target = told(made).sides
    (one,), (two,) = source.owners, target.owners
    assert (one.pid, one.user, one.uid, one.program, one.exe, one.cmdline, one.ppid) == (
        ADA.pid, ADA.user, ADA.uid, ADA.program, ADA.exe, ADA.cmdline, ADA.ppid,
    )  # fmt: skip
    assert two.program == ROOT.program
    assert (source.owner, target.owner) == ("ok", "listener")
    assert (source.match, target.match) == ("exact 5-tuple in time", "accepted from this listener")


def test_several_holders_are_all_told() -> None:
    made = flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=((), (ADA, ROOT)), way=2, s_holder=1, s_match=Match.EXACT)
    assert [each.program for each in told(made).sides[0].owners] == ["firefox", "sshd"]
    assert told(made).sides[0].owner == "shared"


def test_the_other_machine_s_end_claims_no_owner() -> None:
    assert told(flows(row("10.0.0.1:1", "10.0.0.2:2"), way=2, s_match=Match.EXACT, s_holder=1)).sides[1].owner == ""


@pytest.mark.parametrize("why", [why for why in Why if why is not Why.KNOWN], ids=lambda why: why.name)
def test_without_an_owner_a_sentence_says_why(why: Why) -> None:
    side = told(flows(row("10.0.0.1:1", "10.0.0.2:2"), way=2, s_why=why)).sides[0]
    assert side.why == WHY_SENTENCES[why] != ""
    assert side.owner in OWNER_WORDS
    assert side.match == "no match"


def test_where_nothing_was_ever_matched_the_missing_context_is_named() -> None:
    assert "--context" in told(flows(row("10.0.0.1:1", "10.0.0.2:2"))).sides[0].why
    known = flows(row("10.0.0.1:1", "10.0.0.2:2"), way=2, s_match=Match.EXACT, s_holder=1)
    assert told(known).sides[0].why == ""


def test_the_source_and_distance_of_a_sighting_are_told() -> None:
    made = replace(
        flows(row("10.0.0.1:1", "10.0.0.2:2"), way=2, s_source=1, s_dist=1.5, s_match=Match.STALE), sources=("", "lsof")
    )
    side = told(made).sides[0]
    assert (side.source, side.distance) == ("lsof", 1.5)


def test_findings_are_those_of_this_flow_with_their_points() -> None:
    code = next(iter(CODES))
    finding = Finding(code, "One and two.")
    made = replace(mixed(), findings={2: (finding,)}, silent=("No context: who is a neighbour is unknown.",))
    detail = told(made, 2)
    assert [(each.code, each.sentence) for each in detail.findings] == [(code, "One and two.")]
    assert detail.findings[0].points == CODES[code].points
    assert (detail.risk, detail.level) == (56, "high")
    assert detail.silent == made.silent
    assert told(made, 1).findings == ()


def test_names_of_both_ends_are_told_the_sure_ones_first() -> None:
    sure, local, said = Name("a.example", "dns", 5.0), Name("b.local", "mdns", 6.0), Name("c.example", "sni", 0.0)
    made = flows(row("10.0.0.1:1", "10.0.0.2:2", first=3.0), s_name=1, d_name=2)
    made = replace(made, names=((), (sure, local), (said,)))
    assert told(made).names == (
        NameFact("src", "a.example", "dns", 5.0),
        NameFact("dst", "c.example", "sni", START / 1e9 + 3),
        NameFact("src", "b.local", "mdns", 6.0),
    )
    assert told(mixed()).names == ()
