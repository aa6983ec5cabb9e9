"""What stands in a column."""

from dataclasses import replace

import numpy as np
import pytest

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui.cells import BY_KIND, OWN, cell_of
from ratop_py.tui.look import Habit
from ratop_py.view import Meters, Snapshot, View
from tests.helpers.tables import addresses, floats, numbers, snapshot, words

PLAIN = Habit()


def one(**columns: object) -> Snapshot:
    """A snapshot of one row."""
    return snapshot(columns)  # type: ignore[arg-type]


def shown(name: str, habit: Habit = PLAIN, **columns: object) -> tuple[str, str]:
    """The cell of that row."""
    return cell_of(name)(one(**columns), 0, habit)


@pytest.mark.parametrize(
    ("risk", "cell"),
    [(94, ("▲ 94", "high")), (50, ("▲ 50", "high")), (49, ("△ 49", "warn")), (36, ("△ 36", "warn")),
     (26, ("  26", "dim")), (23, ("", "dim")), (0, ("", "dim"))],
)  # fmt: skip
def test_risk_is_a_sign_and_a_number(risk: int, cell: tuple[str, str]) -> None:
    assert shown("risk", risk=numbers(risk)) == cell


def test_a_program_is_its_name() -> None:
    assert shown("program", program=words("ssh")) == ("ssh", "text")


def test_the_program_of_a_risky_flow_is_strong() -> None:
    assert shown("program", program=words("agent"), risk=numbers(64)) == ("agent", "strong")


def test_an_unknown_program_says_why_never_only_unknown() -> None:
    cell = shown("program", program=words(""), owner=words("unknown"), ownerwhy=words("exited"))
    assert cell == ("? exited", "dim")


def test_a_program_that_looks_like_our_signs_is_quoted() -> None:
    assert shown("program", program=words("? kernel"))[0] == "“? kernel”"
    assert shown("program", program=words("▲ 94"))[0] == "“▲ 94”"


@pytest.mark.parametrize(("way", "sign"), [("in", "↓"), ("out", "↑"), ("both", "⇅"), ("", "·")])
def test_the_way_is_seen_from_here(way: str, sign: str) -> None:
    assert shown("way", way=words(way))[0] == sign


def test_the_end_that_is_this_machine_is_dim() -> None:
    ends = {"saddr": addresses("192.0.2.1"), "daddr": addresses("198.51.100.1"), "way": words("out")}
    assert shown("saddr", PLAIN, **ends) == ("192.0.2.1", "dim")
    assert shown("daddr", PLAIN, **ends) == ("198.51.100.1", "text")


def test_protocols_other_than_tcp_stand_out() -> None:
    assert shown("proto", proto=words("tcp")) == ("tcp", "dim")
    assert shown("proto", proto=words("udp")) == ("udp", "other")
    assert shown("proto", proto=words("ipv6-icmp")) == ("icmp6", "other")


def test_a_port_is_empty_where_there_is_none() -> None:
    assert shown("dport", dport=numbers(-1), proto=words("icmp")) == ("", "dim")


def test_port_numbers_can_be_asked_for() -> None:
    assert shown("dport", Habit(port_numbers=True), dport=numbers(443), proto=words("tcp")) == ("443", "dim")


def test_rates_are_bits_and_on_demand_bytes() -> None:
    assert shown("rx", rx=floats(8_000_000.0)) == ("8.0M", "in")
    assert shown("rx", Habit(octets=True), rx=floats(8_000_000.0)) == ("1.0MB", "in")
    assert shown("rx", Habit(full=True), rx=floats(8_000_000.0)) == ("8 000 000", "in")
    assert shown("tx", tx=floats(0.0)) == ("·", "dim")
    assert shown("tx", tx=floats(float("nan"))) == ("–", "dim")


def test_the_bar_shows_both_ways() -> None:
    assert shown("load", rx=floats(20e6), tx=floats(20e6))[0] == "━" * 8
    assert shown("load", rx=floats(0.0), tx=floats(0.0))[0] == ""


def test_every_kind_and_every_field_has_a_cell() -> None:
    assert set(BY_KIND) == set(Kind)
    for name in (*FIELDS, *OWN):
        assert cell_of(name)(one(nothing=numbers(1)), 0, PLAIN) is not None


def test_missing_numbers_are_said_to_be_unknown() -> None:
    assert shown("bytes", bytes=numbers(-1))[0] == "–"
    assert shown("dur", dur=numbers(-1))[0] == "–"
    assert shown("pid", pid=numbers(-1))[0] == "·"


# -- rows of several flows ---------------------------------------------------------------------------------------------


def several(name: str, view: View, **columns: object) -> tuple[str, str]:
    """The cell of one row in such a view."""
    return cell_of(name)(replace(one(**columns), view=view), 0, PLAIN)


TREE, BY_USER = View(tree=True), View(group=("user", "ownerwhy"))


def test_a_process_stands_behind_its_branches() -> None:
    assert several("process", TREE, tree=words("│ └─▸"), program=words("sshd"), pid=numbers(9)) == ("│ └─▸sshd", "text")


def test_a_parent_of_whom_no_more_is_known_is_its_number() -> None:
    assert several("process", TREE, tree=words(""), program=words(""), pid=numbers(812))[0] == "[812]"


def test_flows_without_a_process_say_why_in_the_tree_too() -> None:
    assert several("process", TREE, program=words(""), ownerwhy=words("exited"))[0] == "? exited"


def test_a_user_is_a_name_and_where_rows_are_by_user_why_there_is_none() -> None:
    nobody = {"user": words(""), "ownerwhy": words("kernel")}
    assert several("user", BY_USER, user=words("ada"), ownerwhy=words("")) == ("ada", "dim")
    assert several("user", BY_USER, **nobody) == ("? kernel", "dim")
    assert several("user", View(), **nobody) == ("", "dim")
    assert several("user", View(group=("program", "pid", "user", "ownerwhy")), **nobody) == ("", "dim")


def test_of_flows_that_do_not_agree_nothing_is_told() -> None:
    assert several("program", BY_USER, program=words(""), owner=words("ok"), ownerwhy=words(""))[0] == "·"
    assert several("program", View(), program=words(""), owner=words("unknown"), ownerwhy=words(""))[0] == "? unknown"


def test_past_rates_are_steps_of_the_greatest_the_newest_last() -> None:
    told = replace(one(pid=numbers(1)), sparks=np.array([[0.0, 4.0, 8.0]], np.float32))
    text, tone = cell_of("past")(told, 0, PLAIN)
    assert (text.strip(), tone) == ("▁▄█", "bar")


def test_where_no_past_is_kept_that_is_said() -> None:
    assert shown("past", pid=numbers(1)) == ("–", "dim")


@pytest.mark.parametrize(("risk", "tone"), [(94, "high"), (40, "warn"), (5, "text")])
def test_the_strongest_evidence_is_as_loud_as_the_risk(risk: int, tone: str) -> None:
    assert shown("topwhy", topwhy=words("bogon-source"), risk=numbers(risk)) == ("bogon-source", tone)
    assert shown("topwhy", topwhy=words(""), risk=numbers(risk)) == ("·", "dim")


SECOND = 1_000_000_000


def test_a_row_that_began_a_moment_ago_has_a_sign_until_it_ends_or_is_known_for_long() -> None:
    young = replace(one(stime=numbers(99 * SECOND), risk=numbers(0)), taken_at=100.0, meters=Meters(state="live"))
    assert cell_of("risk")(young, 0, PLAIN) == ("    +", "dim")
    assert cell_of("risk")(replace(young, ended=np.ones(1, bool)), 0, PLAIN) == ("", "dim")
    assert cell_of("risk")(replace(young, taken_at=103.0), 0, PLAIN) == ("", "dim")
    assert cell_of("risk")(replace(young, meters=Meters(state="done")), 0, PLAIN) == ("", "dim")
