from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.fields.words import SMALL, numbered, packed, spelled
from ratop_py.flow.layout import Cause, Encaps, Family, Life, SynOption
from ratop_py.kinds import Text
from tests.helpers.flowset import flows, mixed, row


def told(name: str, *rows: Any, **notes: Any) -> str:
    """A field of the first flow."""
    column = FIELDS[name].get(flows(*rows, **notes))
    assert isinstance(column, Text)
    return column.at(0)


def flow(proto: int = 6, **facts: Any) -> Any:
    return row("10.0.0.1:1", "10.0.0.2:2", proto, **facts)


@pytest.mark.parametrize(
    ("proto", "word"),
    [(6, "tcp"), (17, "udp"), (58, "ipv6-icmp"), (47, "gre"), (132, "sctp"), (253, "ip-253"), (0, "hopopt")],
)
def test_a_protocol_has_its_name_or_its_number(proto: int, word: str) -> None:
    assert told("proto", flow(proto)) == word


@pytest.mark.parametrize(
    ("family", "port", "word"),
    [
        (Family.ARP, 0, "arp"),
        (Family.RARP, 0, "rarp"),
        (Family.ETHER, 0x88CC, "lldp"),
        (Family.ETHER, 0x1234, "ether-0x1234"),
    ],
)
def test_what_is_no_ip_says_what_it_is(family: int, port: int, word: str) -> None:
    one = flow(0, family=family)
    one["port_a"] = one["port_b"] = port
    assert told("proto", one) == word


def test_the_cause_of_an_end_is_argus_s_word() -> None:
    assert told("cause", flow()) == "status"
    assert told("cause", flow(cause=Cause.IDLE)) == "timeout"
    assert told("cause", flow(cause=Cause.CLOSED)) == "stop"


def test_syn_options_are_letters_of_each_side_and_of_both() -> None:
    one = flow(syn_opts=(SynOption.MSS | SynOption.SACK, SynOption.WSCALE))
    assert [told(name, one) for name in ("stcpopt", "dtcpopt", "tcpopt")] == ["Ms", "w", "Mws"]


def test_tcp_flags_are_letters() -> None:
    assert told("sflags", flow(tcp_flags=(0x13, 0x04))) == "FSA"
    assert told("dflags", flow(tcp_flags=(0x13, 0x04))) == "R"


def test_encapsulations_are_letters() -> None:
    assert told("encaps", flow(encaps=Encaps.ETHER | Encaps.VLAN | Encaps.MPLS)) == "evm"


@pytest.mark.parametrize(
    ("risk", "level"), [(0, "none"), (11, "none"), (12, "info"), (24, "low"), (36, "medium"), (50, "high")]
)
def test_levels_begin_where_the_docs_say(risk: int, level: str) -> None:
    assert told("level", flow(), risk=risk) == level


@pytest.mark.parametrize(("way", "word"), list(enumerate(["", "in", "out", "both"])))
def test_a_way_is_a_word(way: int, word: str) -> None:
    assert told("way", flow(), way=way) == word


def test_evidence_is_a_list_of_codes() -> None:
    assert told("why", flow(), why=2) == "martian-source land"
    assert told("why", flow()) == ""


def test_an_interface_without_a_name_has_its_number() -> None:
    assert told("inf", flow(iface=0)) == ""
    assert told("inf", flow(iface=7)) == "7"


def test_a_flow_that_ended_says_so() -> None:
    column = FIELDS["ended"].get(flows(flow(), flow(life=Life.ENDED)))
    assert isinstance(column, np.ndarray)
    assert column.tolist() == [0, 1]


def test_the_community_id_is_known_for_ip_and_empty_for_the_rest() -> None:
    column = FIELDS["cid"].get(mixed())
    assert isinstance(column, np.ndarray)
    assert column[0].startswith(b"1:")
    assert column[6] == b""


def test_equal_words_share_a_code() -> None:
    column = packed(np.array([5, 3, 5]), str)
    assert [column.at(at) for at in range(3)] == ["5", "3", "5"]
    assert column.codes[0] == column.codes[2] != 0


@given(st.lists(st.integers(-5, 40)), st.booleans())
def test_numbering_agrees_with_numpy(values: list[int], large: bool) -> None:
    given_values = np.array([*values, SMALL + 1] if large else values, np.int64)
    distinct, codes = numbered(given_values)
    assert distinct.tolist() == sorted(set(given_values.tolist()))
    assert distinct[codes].tolist() == given_values.tolist() if len(given_values) else not len(codes)


def test_letters_are_spelled_by_bits() -> None:
    assert spelled("abc", 0b101) == "ac"
    assert spelled("abc", 0) == ""
