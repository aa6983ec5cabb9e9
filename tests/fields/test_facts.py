from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.fields import FIELDS
from ratop_py.fields.facts import number, ratio
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Family, Mark
from ratop_py.kinds import MISSING, Addresses
from tests.helpers.flowset import SECOND, START, flows, macs, row

MS = 1_000_000


def told(name: str, *rows: Any) -> Any:
    """A field of the only flow."""
    return FIELDS[name].get(flows(*rows))[0].item()  # type: ignore[index]


def address(name: str, of: Flows) -> str:
    column = FIELDS[name].get(of)
    assert isinstance(column, Addresses)
    return text_of(FIELDS[name].kind, column, 0)


BOTH_WAYS_ROUND = pytest.mark.parametrize(
    ("source", "target"), [("10.0.0.1:40000", "10.0.0.2:80"), ("10.0.0.2:40000", "10.0.0.1:80")]
)


@BOTH_WAYS_ROUND
def test_source_is_who_began_whichever_side_it_is(source: str, target: str) -> None:
    one = flows(row(source, target, pkts=(7, 3), size=(700, 900), app=(70, 90), ttl=(64, 57)))
    names = ("spkts", "dpkts", "sbytes", "dbytes", "sappbytes", "dappbytes", "sport", "dport", "sttl", "dttl")
    assert [FIELDS[name].get(one)[0] for name in names] == [7, 3, 700, 900, 70, 90, 40000, 80, 64, 57]  # type: ignore[index]
    assert (address("saddr", one), address("daddr", one)) == (source[:8], target[:8])


def test_totals_are_both_ways() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(7, 3), size=(700, 900), app=(70, 90), retrans=(2, 1))
    assert [told(name, one) for name in ("pkts", "bytes", "appbytes", "loss", "trans")] == [10, 1600, 160, 3, 1]


def test_totals_of_large_counters_do_not_wrap() -> None:
    assert told("loss", row("10.0.0.1:1", "10.0.0.2:2", retrans=(2**32 - 1, 2**32 - 1))) == 2**33 - 2


def test_times_span_both_sides() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", seconds=2.5)
    assert told("stime", one) == START
    assert told("ltime", one) == START + int(2.5 * SECOND)
    assert told("dur", one) == int(2.5 * SECOND)
    assert told("ddur", one) == int(2.5 * SECOND) - 1000


def test_a_flow_that_only_the_destination_sent_in_begins_with_it() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(0, 2))
    assert told("stime", one) == told("dstime", one) == START + 1000
    assert told("sstime", one) == told("sdur", one) == MISSING


def test_disordered_packets_never_make_a_duration_negative() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2")
    one["last"] = START - SECOND
    assert told("dur", one) == told("sdur", one) == 0


@pytest.mark.parametrize("name", ["dttl", "dtos", "dipid", "dmaxsz", "dwin", "dtcpb", "ddsb", "dhops"])
def test_what_only_a_packet_of_a_silent_side_could_tell_is_missing(name: str) -> None:
    assert told(name, row("10.0.0.1:1", "10.0.0.2:2", pkts=(3, 0))) == MISSING


@pytest.mark.parametrize("name", ["sttl", "sttlmin", "sttlmax", "shops", "stos", "sdsb", "sipid", "stcpb", "swin"])
def test_frames_that_carry_no_ip_have_nothing_of_its_headers(name: str) -> None:
    for family in (Family.ARP, Family.ETHER):
        assert told(name, row("10.0.0.1:0", "10.0.0.2:0", 0, family=family, ttl=(64, 64))) == MISSING


def test_only_ipv4_has_an_identification_and_only_tcp_sequence_numbers() -> None:
    four, six = row("10.0.0.1:1", "10.0.0.2:2", 17), row("[2001:db8::1]:1", "[2001:db8::2]:2")
    assert (told("sipid", four), told("sipid", six)) == (0, MISSING)
    assert (told("stcpb", four), told("stcpb", six)) == (MISSING, 0)


def test_rates_are_argus_s() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(11, 6), size=(4814, 1244), seconds=0.08)
    assert told("rate", one) == pytest.approx(16 / 0.08)
    assert told("srate", one) == pytest.approx(10 / 0.08)
    assert told("sload", one) == pytest.approx(8 * (4814 - 437) / 0.08)
    assert told("load", one) == pytest.approx(8 * (4814 - 437 + 1244 - 207) / 0.08)


def test_rates_of_one_packet_are_nothing() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(1, 0), size=(70, 0), seconds=0)
    assert [told(name, one) for name in ("rate", "load", "sload", "dload", "drate")] == [0.0] * 5


def test_loss_in_percent_is_of_packets_and_losses() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(11, 6), retrans=(4, 0))
    assert told("ploss", one) == pytest.approx(100 * 4 / 21)
    assert told("sploss", one) == pytest.approx(100 * 4 / 15)
    assert told("dploss", one) == 0


def test_the_producer_consumer_ratio_goes_from_minus_one_to_one() -> None:
    assert told("pcr", row("10.0.0.1:1", "10.0.0.2:2", app=(10, 0))) == 1
    assert told("pcr", row("10.0.0.1:1", "10.0.0.2:2", app=(0, 10))) == -1
    assert told("pcr", row("10.0.0.1:1", "10.0.0.2:2", app=(0, 0))) == 0
    assert told("pcr", row("10.0.0.1:1", "10.0.0.2:2", app=(4200, 900))) == pytest.approx(0.647059, abs=1e-6)


def test_the_handshake_has_three_times() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", t_syn=START, t_synack=START + 5 * MS, t_ack=START + 9 * MS)
    assert [told(name, one) for name in ("synack", "ackdat", "tcprtt")] == [5 * MS, 4 * MS, 9 * MS]


@pytest.mark.parametrize("lost", ["t_syn", "t_synack", "t_ack"])
def test_without_one_of_its_packets_the_round_trip_is_missing(lost: str) -> None:
    times: dict[str, Any] = {"t_syn": START, "t_synack": START + 5 * MS, "t_ack": START + 9 * MS}
    assert told("tcprtt", row("10.0.0.1:1", "10.0.0.2:2", **{**times, lost: 0})) == MISSING


def test_a_window_is_scaled_only_if_both_offered_it() -> None:
    assert told("swin", row("10.0.0.1:1", "10.0.0.2:2", win=(100, 200), wscale=(8, 1))) == 100 << 7
    assert told("dwin", row("10.0.0.1:1", "10.0.0.2:2", win=(100, 200), wscale=(8, 1))) == 200
    assert told("swin", row("10.0.0.1:1", "10.0.0.2:2", win=(100, 200), wscale=(8, 0))) == 100


def test_an_absurd_window_scale_is_cut_as_in_rfc_7323() -> None:
    assert told("swin", row("10.0.0.1:1", "10.0.0.2:2", win=(1, 1), wscale=(255, 255))) == 1 << 14


def test_other_protocols_have_no_window() -> None:
    assert told("swin", row("10.0.0.1:1", "10.0.0.2:2", 17, win=(9, 9))) == MISSING


def test_gaps_and_jitter_are_mean_and_deviation_of_the_times_between() -> None:
    gaps = (0.005, 0.015)
    one = row("10.0.0.1:1", "10.0.0.2:2", pkts=(3, 1), seconds=sum(gaps), ipt2=(sum(g * g for g in gaps), 0.0))
    assert told("sintpkt", one) == 10 * MS
    assert told("sjit", one) == pytest.approx(5 * MS, rel=1e-6)
    assert told("dintpkt", one) == told("djit", one) == MISSING


@pytest.mark.parametrize(("ttl", "hops"), [(64, 0), (57, 7), (128, 0), (1, 31), (33, 31), (250, 5)])
def test_hops_count_from_the_next_usual_ttl(ttl: int, hops: int) -> None:
    assert told("shops", row("10.0.0.1:1", "10.0.0.2:2", ttl=(ttl, 0))) == hops


@pytest.mark.parametrize(
    ("proto", "family", "port"),
    [
        (6, 4, 5),
        (17, 6, 5),
        (132, 4, 5),
        (1, 4, 5),
        (47, 4, MISSING),
        (2, 4, MISSING),
        (0, 1, MISSING),
        (0, 3, MISSING),
    ],
)
def test_only_protocols_with_ports_have_them(proto: int, family: int, port: int) -> None:
    one = row("10.0.0.1:5", "10.0.0.2:5", proto, family=family)
    assert told("sport", one) == told("dport", one) == port


def test_tags_are_the_word_the_id_and_the_priority() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", vlan=(3 << 13 | 100, 0))
    assert [told(name, one) for name in ("svlan", "svid", "svpri", "dvlan", "dvid")] == [0x6064, 100, 3, -1, -1]


def test_an_mpls_label_of_zero_is_a_label() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2", mpls=(1, 0))
    assert (told("smpls", one), told("dmpls", one)) == (0, MISSING)


A, B = "02:00:00:00:00:01", "02:00:00:00:00:02"


@BOTH_WAYS_ROUND
def test_a_mac_belongs_to_the_end_that_sent_from_it(source: str, target: str) -> None:
    one = macs(row(source, target), A, B)
    assert (told("smac", one), told("dmac", one)) == (0x020000000001, 0x020000000002)


@BOTH_WAYS_ROUND
def test_before_it_answers_an_end_has_the_mac_that_its_packets_are_handed_to(source: str, target: str) -> None:
    one = macs(row(source, target, pkts=(1, 0)), A)
    one["mac_to_a" if one["init"][0] else "mac_to_b"] = [2, 0, 0, 0, 0, 2]
    assert told("dmac", one) == told("stomac", one) == 0x020000000002
    assert told("dtomac", one) == MISSING


def test_without_a_link_layer_there_are_no_macs() -> None:
    one = row("10.0.0.1:1", "10.0.0.2:2")
    assert [told(name, one) for name in ("smac", "dmac", "stomac", "dtomac")] == [MISSING] * 4


def test_icmp_flows_have_type_and_code_and_others_have_not() -> None:
    one = row("10.0.0.1:0", "10.0.0.2:0", 1, icmp=3 << 8 | 13)
    assert (told("icmptype", one), told("icmpcode", one)) == (3, 13)
    assert told("icmptype", row("10.0.0.1:0", "10.0.0.2:0", 17)) == MISSING
    assert told("icmptype", row("10.0.0.1:0", "10.0.0.2:0", 1, marks=Mark.FRAG_ONLY)) == MISSING


def test_arp_has_addresses_and_ethernet_has_macs_as_addresses() -> None:
    assert address("saddr", flows(row("10.0.0.1:0", "10.0.0.2:0", 0, family=Family.ARP))) == "10.0.0.1"
    one = row("10.0.0.1:0", "10.0.0.2:0", 0, family=Family.ETHER)
    one["addr_a"] = (0, 0x020000000001)
    assert address("saddr", flows(one)) == A


@given(st.lists(st.binary(min_size=6, max_size=6), min_size=1, max_size=5))
def test_six_bytes_are_a_big_endian_number(raw: list[bytes]) -> None:
    six = np.array([list(each) for each in raw], np.uint8)
    assert number(six).tolist() == [int.from_bytes(each, "big") for each in raw]


def test_a_ratio_to_nothing_is_nothing() -> None:
    assert ratio(np.array([4, 5]), np.array([2, 0])).tolist() == [2.0, 0.0]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_a_field_of_no_flows_is_an_empty_column(name: str) -> None:
    assert len(FIELDS[name].get(flows())) == 0
