from __future__ import annotations

import pytest

from ratop_py.fields import FIELDS
from ratop_py.fields.screen import peernet
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Family
from tests.helpers.flowset import flows, row

NEITHER, IN, OUT, BOTH = range(4)
TURNED = [("10.0.0.1:40000", "10.0.0.2:80"), ("10.0.0.2:40000", "10.0.0.1:80")]


def one(source: str, target: str, way: int) -> Flows:
    return flows(row(source, target), way=way, s_bps=100.0, d_bps=7.0)


def told(name: str, of: Flows) -> str:
    return text_of(FIELDS[name].kind, FIELDS[name].get(of), 0)


@pytest.mark.parametrize(("source", "target"), TURNED)
def test_the_peer_is_the_end_that_is_not_this_machine(source: str, target: str) -> None:
    coming, going = one(source, target, IN), one(source, target, OUT)
    assert (told("peer", coming), told("pport", coming)) == (source[:8], "40000")
    assert (told("peer", going), told("pport", going)) == (target[:8], "80")


@pytest.mark.parametrize("way", [NEITHER, BOTH])
def test_where_this_machine_is_no_end_or_both_the_peer_is_the_destination(way: int) -> None:
    assert told("peer", one(*TURNED[0], way)) == "10.0.0.2"


def test_received_and_sent_are_seen_from_this_machine() -> None:
    coming, going = one(*TURNED[0], IN), one(*TURNED[0], OUT)
    assert (told("rx", coming), told("tx", coming)) == ("100 bit/s", "7 bit/s")
    assert (told("rx", going), told("tx", going)) == ("7 bit/s", "100 bit/s")


@pytest.mark.parametrize("way", [NEITHER, IN, OUT, BOTH])
def test_both_ways_are_the_sum(way: int) -> None:
    assert told("bps", one(*TURNED[0], way)) == "107 bit/s"


def test_the_network_of_a_peer_is_a_24_or_of_ipv6_a_48() -> None:
    made = flows(row("10.0.0.1:1", "192.0.2.77:2"), row("[2001:db8:1:2::1]:1", "[2001:db8:7:8::9]:2"), way=[2, 2])
    told = peernet(made)
    assert [told.at(0), told.at(1)] == ["192.0.2.0/24", "2001:db8:7::/48"]


def test_what_has_no_address_has_no_network() -> None:
    made = flows(row("10.0.0.1:1", "192.0.2.77:2", family=Family.ETHER))
    assert peernet(made).at(0) == ""
