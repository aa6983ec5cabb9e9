from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.correlate.match import MATCH_NAMES, Match, Why
from ratop_py.fields import FIELDS
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows, Owner
from tests.helpers.flowset import ADA, ROOT, flows, row

TOM = Owner(5, None, 1001, "tom", "helper")
HOLDERS = ((), (ADA,), (ROOT,), (ADA, TOM))


def one(**notes: float) -> Flows:
    return flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=HOLDERS, **notes)


def told(name: str, of: Flows) -> str:
    return text_of(FIELDS[name].kind, FIELDS[name].get(of), 0)


def test_the_source_s_owner_stands_for_the_flow() -> None:
    of = one(s_holder=1, d_holder=2, way=3)
    assert [told(name, of) for name in ("user", "pid", "program")] == ["ada", "4101", "firefox"]
    assert [told(name, of) for name in ("suser", "spid", "sprog")] == ["ada", "4101", "firefox"]
    assert [told(name, of) for name in ("duser", "dpid", "dprog")] == ["root", "702", "sshd"]


def test_where_only_the_destination_has_one_it_does() -> None:
    of = one(d_holder=2, way=1)
    assert [told(name, of) for name in ("user", "pid", "program", "uid")] == ["root", "702", "sshd", "0"]
    assert told("suser", of) == told("spid", of) == ""


def test_where_both_ends_are_here_the_other_s_owner_does_not_stand_for_the_caller() -> None:
    of = one(d_holder=2, d_match=Match.LISTENER, s_why=Why.EXITED, way=3)
    assert [told(name, of) for name in ("user", "pid", "program", "owner", "dpid")] == ["", "", "", "unknown", "702"]


def test_the_first_of_several_holders_is_shown_and_all_are_in_the_label() -> None:
    of = one(s_holder=3, s_match=Match.EXACT, way=2)
    assert told("user", of) == "ada"
    assert told("owner", of) == "shared"
    assert "tom" in told("label", of)
    assert "ada" in told("label", of)


@pytest.mark.parametrize("match", [Match.LISTENER, Match.BOUND, Match.WILDCARD])
def test_where_the_port_has_several_sockets_only_what_all_share_is_told(match: Match) -> None:
    twin = replace(ADA, pid=4102)
    sets = ((), (ADA, twin), (ADA, TOM))
    of, other = (
        flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=sets, d_holder=number, d_match=match, way=1) for number in (1, 2)
    )
    assert [told(name, of) for name in ("user", "pid", "program", "owner")] == ["ada", "", "firefox", "shared"]
    of = other
    assert [told(name, of) for name in ("user", "pid", "program", "owner")] == ["", "", "", "shared"]
    assert "pid=4101,5" in told("label", of)


def test_nobody_is_empty_not_a_number() -> None:
    of = one()
    assert [told(name, of) for name in ("user", "pid", "program", "label", "exe", "cmdline", "ppid", "uid")] == [""] * 8


def test_a_parent_that_is_not_told_is_missing() -> None:
    assert told("ppid", one(s_holder=1)) == "1"
    assert told("ppid", one(s_holder=2)) == ""


@pytest.mark.parametrize(
    ("match", "why", "holder", "word"),
    [
        (Match.EXACT, Why.KNOWN, 1, "ok"),
        (Match.LISTENER, Why.KNOWN, 1, "listener"),
        (Match.NONE, Why.KERNEL, 0, "none"),
        (Match.NONE, Why.TOO_YOUNG, 0, "unknown"),
    ],
)
def test_the_owner_column_says_how_sure_it_is(match: Match, why: Why, holder: int, word: str) -> None:
    assert told("owner", one(s_holder=holder, s_match=match, s_why=why, way=2)) == word


def test_why_there_is_no_owner_is_of_the_end_that_is_this_machine() -> None:
    of = one(way=1, s_why=Why.NOT_LOCAL, d_why=Why.TOO_YOUNG)
    assert told("ownerwhy", of) == "too young"
    assert told("owner", of) == "unknown"


def test_where_nobody_looked_that_is_the_reason() -> None:
    assert told("ownerwhy", one()) == "no context"


def test_a_known_owner_needs_no_reason() -> None:
    assert told("ownerwhy", one(s_holder=1, s_match=Match.EXACT, way=2)) == ""


@pytest.mark.parametrize("match", list(Match))
def test_how_it_was_found_is_one_word(match: Match) -> None:
    word = told("match", one(s_match=match, way=2))
    assert word == MATCH_NAMES[match]
    assert " " not in word


def test_each_end_says_how_it_was_found_and_why_nobody_was() -> None:
    of = one(way=3, s_holder=1, s_match=Match.COOKIE, d_match=Match.NONE, d_why=Why.CLOSED_PORT)
    assert [told(name, of) for name in ("match", "smatch", "dmatch", "sownerwhy", "downerwhy")] == [
        "cookie", "cookie", "", "", "closed port",
    ]  # fmt: skip


def test_the_source_and_the_distance_of_the_evidence_are_told() -> None:
    of = replace(one(s_holder=1, s_match=Match.STALE, s_source=1, s_dist=1.5, way=2), sources=("", "lsof"))
    assert (told("ownersource", of), told("ownerdist", of)) == ("lsof", "1.500000 s")
    assert told("ownerdist", one(way=2, s_why=Why.LOST, s_dist=7)) == ""


def test_all_who_had_the_socket_are_listed() -> None:
    of = one(s_holder=3, s_match=Match.COOKIE, d_holder=2, d_match=Match.COOKIE, way=3)
    assert told("owners", of) == told("sowners", of) == "4101:firefox 5:helper"
    assert told("downers", of) == "702:sshd"
    assert told("likely", of) == ""


@pytest.mark.parametrize(("match", "why"), [(Match.LIKELY, Why.PACKET), (Match.PARENT, Why.DIED)])
def test_who_is_only_likely_owns_nothing(match: Match, why: Why) -> None:
    of = one(s_holder=3, s_match=match, s_why=why, way=2)
    assert told("likely", of) == "4101:firefox 5:helper"
    assert told("owner", of) == "unknown"
    assert told("ownerwhy", of) in ("packet socket", "died unseen")
    for name in ("user", "pid", "program", "uid", "owners", "sowners", "spid", "label", "exe"):
        assert told(name, of) == "", name


def test_of_a_program_that_nobody_saw_the_parent_is_told() -> None:
    child, orphan = replace(ADA, program="", parent="my shell", ppid=3), replace(ADA, program="", parent="", ppid=0)
    of = flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=((), (child, orphan)), s_holder=1, s_match=Match.PARENT, way=2)
    assert told("likely", of) == "4101:<my_shell 4101:?"


def test_how_many_facts_were_lost_is_told_where_that_is_the_reason() -> None:
    assert told("ownerlost", one(way=2, s_why=Why.LOST, s_dist=7)) == "7"
    assert told("ownerlost", one(way=2, s_why=Why.EXITED, s_dist=7)) == ""


def test_an_end_in_another_namespace_stands_for_a_flow_between_others() -> None:
    assert told("ownerwhy", one(way=0, s_why=Why.NOT_LOCAL, d_why=Why.OTHER_NETNS)) == "other netns"
    assert told("ownerwhy", one(way=0, s_why=Why.OTHER_NETNS, d_why=Why.NOT_LOCAL)) == "other netns"
    named = one(way=0, s_holder=1, s_match=Match.COOKIE, d_why=Why.OTHER_NETNS)
    assert (told("owner", named), told("program", named)) == ("ok", "firefox")


def test_the_lineage_is_the_process_and_all_above_it_the_nearest_first() -> None:
    born = Owner(30, None, 0, "root", "my tool", ppid=20, parent="bash", forebears=((9, "sshd"), (1, "")))
    of = flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=((), (born,)), s_holder=1, way=2)
    assert told("lineage", of) == "30:my_tool 20:bash 9:sshd 1:?"


def test_of_a_process_whose_parent_is_not_known_the_lineage_is_itself() -> None:
    assert told("lineage", one(s_holder=1, way=2)) == "4101:firefox 1:?"
    assert told("lineage", one(s_holder=2, way=2)) == "702:sshd"


def test_what_a_process_does_not_know_of_those_above_it_others_tell() -> None:
    agent = Owner(31, None, 0, "root", "agent", ppid=20, parent="")
    helper = Owner(20, None, 0, "root", "helper", ppid=9, parent="sh")
    of = flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=((), (agent,), (helper,)), s_holder=1, way=2)
    assert told("lineage", of) == "31:agent 20:helper 9:sh"


def test_a_number_that_was_used_again_makes_nobody_his_own_forebear() -> None:
    one_, other = Owner(5, None, 0, "", "a", ppid=6, parent="b"), Owner(6, None, 0, "", "b", ppid=5, parent="a")
    of = flows(row("10.0.0.1:1", "10.0.0.2:2"), holders=((), (one_,), (other,)), s_holder=1, way=2)
    assert told("lineage", of) == "5:a 6:b"
