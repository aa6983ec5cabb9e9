"""All rules together: what must never raise a level, and what must stay small."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.assess.evidence import CODES
from ratop_py.assess.memory import Memory
from ratop_py.assess.spoof import Observer, assess
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import note_dtype, row_dtype
from tests.helpers.wires import (
    FAR,
    HOST,
    ME,
    MY_MAC,
    NEAR,
    NEAR_MAC,
    NEW_MAC,
    ROUTER,
    ROUTER_MAC,
    SECOND,
    START,
    STRANGER,
    Wire,
    value,
)  # fmt: skip


def day() -> list[tuple[float, str, str, str, str]]:
    """Honest traffic: (time, source, destination, source MAC, destination MAC)."""
    told = []
    for number in range(24):
        far = f"198.{20 + number}.100.9"
        told += [(number, ME, far, MY_MAC, ROUTER_MAC), (number + 0.02, far, ME, ROUTER_MAC, MY_MAC)]
        told += [(number + 0.3, NEAR, ME, NEAR_MAC, MY_MAC), (number + 0.31, ME, NEAR, MY_MAC, NEAR_MAC)]
    return told


def replay(packets: list[tuple[float, str, str, str, str]], later: float = 0.0) -> Wire:
    wire = Wire()
    for at, source, target, mac, to in packets:
        wire.udp(at + later, source, target, mac, to, sport=4000, dport=4000)
    return wire


def test_an_honest_day_has_no_findings() -> None:
    judged = replay(day()).judged()
    assert not judged.findings
    assert not judged.risk.any()


@given(st.sets(st.integers(0, 95), max_size=60))
@settings(max_examples=30, deadline=None)
def test_losing_packets_raises_no_level(lost: set[int]) -> None:
    kept = [packet for number, packet in enumerate(day()) if number not in lost]
    assert not replay(kept).judged().risk.any()


def test_seeing_one_side_only_raises_no_level() -> None:
    for mac in (MY_MAC, ROUTER_MAC, NEAR_MAC):
        assert not replay([packet for packet in day() if packet[3] != mac]).judged().risk.any()


def test_doubled_packets_raise_no_level() -> None:
    assert not replay(sorted([*day(), *day()])).judged().risk.any()


@given(st.floats(-1e8, 1e8))
@settings(max_examples=10, deadline=None)
def test_a_shift_in_time_changes_nothing(later: float) -> None:
    wire = replay([*day(), (3, FAR, ME, NEAR_MAC, MY_MAC)], later)
    assert wire.codes(now=later + 100) == {"offlink-neighbour-mac"}


def test_each_row_has_its_risk_its_codes_and_its_findings() -> None:
    wire = Wire().talk(0, ME, NEAR, MY_MAC, NEAR_MAC).udp(1, FAR, ME, NEAR_MAC, MY_MAC)
    judged, flows = wire.judged(), wire.flows()
    (row,) = judged.whys
    assert judged.risk.tolist() == [0, 56]
    assert judged.whys[row] == ("offlink-neighbour-mac",)
    assert [each.code for each in judged.findings[int(flows.rows["id"][row])]] == ["offlink-neighbour-mac"]


def test_every_code_a_rule_finds_is_in_the_table() -> None:
    wire = Wire().udp(0, FAR, ME, NEAR_MAC, MY_MAC).udp(0, ME, NEAR, NEAR_MAC, MY_MAC).arp(0, NEAR_MAC, ME)
    wire.udp(0, "240.0.0.1", ME, NEW_MAC, MY_MAC).udp(0, ME, FAR, MY_MAC, NEAR_MAC, sport=5)
    assert wire.codes() <= set(CODES)
    assert len(wire.codes()) >= 5


def test_looking_twice_says_the_same() -> None:
    observer, wire = Observer(), Wire().udp(0, FAR, ME, NEAR_MAC, MY_MAC).arp(0, NEW_MAC, ROUTER)
    assert wire.judged(HOST, observer).findings == wire.judged(HOST, observer).findings


def test_what_cannot_be_applied_is_said_whole_and_what_the_host_could_not_read_first() -> None:
    told = Wire().judged(replace(STRANGER, unknown=("The tables cannot be read.",))).silent
    assert told[0] == "The tables cannot be read."
    assert {each.split(":")[0].split(",")[0] for each in told[1:]} == {
        "arp-claims-own", "offlink-*", "own-addr-inbound", "icmp-redirect", "no-owner",
    }  # fmt: skip


def strangers(count: int, seed: int) -> Flows:
    """One-way flows to me from random sources and MACs, some of them ARP."""
    draw, rows, notes = np.random.default_rng(seed), np.zeros(count, row_dtype()), np.zeros(count, note_dtype())
    mapped = np.uint64(0xFFFF_0000_0000)
    rows["addr_a"][:, 1] = mapped | np.uint64(value(ME) & 0xFFFFFFFF)
    rows["addr_b"][:, 1] = mapped | draw.integers(1 << 24, 0xDF00_0000, count).astype(np.uint64)
    rows["mac_b"], rows["seen"], rows["init"] = draw.integers(0, 127, (count, 6)) * 2, 0x30, 1
    rows["family"], rows["proto"] = np.where(draw.random(count) < 0.3, 1, 4), 17
    rows["encaps"], rows["pkts"][:, 1], rows["life"] = 1, 3, 1
    rows["first"][:, 1] = rows["last"][:, 1] = START + seed * SECOND
    rows["id"] = notes["id"] = np.arange(1, count + 1) + seed * count
    return Flows(rows, notes)


def test_random_sources_cost_a_bounded_memory() -> None:
    observer = Observer()
    for seed in range(12):
        assess(strangers(5000, seed), observer, HOST, START + seed * SECOND)
    links = observer.links
    for memory in (observer.bindings.claims, links.routers.learned, links.stations, links.behind):
        assert isinstance(memory, Memory)
        assert len(memory) <= memory.most
    assert len(links.stations) + len(observer.bindings.claims) > 8000, "they did cost something"


def test_nothing_is_written_into_the_flows() -> None:
    flows = Wire().udp(0, FAR, ME, NEAR_MAC, MY_MAC).flows()
    rows, notes = flows.rows.tobytes(), flows.notes.tobytes()
    assess(flows, Observer(), HOST, START + 100 * SECOND)
    assert (flows.rows.tobytes(), flows.notes.tobytes()) == (rows, notes)
