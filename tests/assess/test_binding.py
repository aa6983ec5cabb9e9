"""Two MACs, one address."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.assess.binding import MACS_EACH, MOST, Bindings
from ratop_py.assess.scene import Scene, scene
from ratop_py.assess.spoof import Observer
from ratop_py.net.address import parse_mac
from tests.helpers import frames
from tests.helpers.wires import (
    FAR,
    HOST,
    ME,
    ME6,
    MY_MAC,
    NEAR,
    NEAR_MAC,
    NEW_MAC,
    ROUTER,
    ROUTER_MAC,
    STRANGER,
    Wire,
    neighbour,
    value,
)  # fmt: skip

PEER = "10.0.0.9"
VIRTUAL = "00:00:5e:00:01:07"
A, B = 0xA, 0xB


def turns(*macs: str, address: str = PEER, step: float = 5.0, apart: bool = True) -> Wire:
    """Claims one after the other, each to another machine so that each is a flow of its own, or all to me."""
    wire = Wire()
    for number, mac in enumerate(macs):
        wire.arp(number * step, mac, address, f"10.0.0.{100 + number}" if apart else ME)
    return wire


# -- claims in turn ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("apart", [True, False])
def test_two_macs_that_claim_an_address_in_turn_are_found(apart: bool) -> None:
    assert turns(NEW_MAC, NEAR_MAC, NEW_MAC, apart=apart).codes(STRANGER) == {"arp-two-macs"}


def test_both_are_named() -> None:
    sentence = turns(NEW_MAC, NEAR_MAC, NEW_MAC).found("arp-two-macs", STRANGER).sentence
    assert sentence == f"{NEW_MAC} and {NEAR_MAC} both say they are {PEER}."


def test_what_the_later_one_sent_under_that_address_is_marked_too() -> None:
    wire = (
        turns(NEW_MAC, NEAR_MAC, NEW_MAC)
        .talk(20, PEER, ME, NEAR_MAC, MY_MAC)
        .talk(30, PEER, ME, NEW_MAC, MY_MAC, sport=9)
    )
    marked = [
        wire.flows().rows["port_a"][row] or wire.flows().rows["port_b"][row] for row in wire.judged(STRANGER).whys
    ]
    assert len(marked) == 2, "the later claim and its data, not the earlier one's"


@pytest.mark.parametrize("apart", [True, False])
def test_an_address_that_moved_is_no_finding(apart: bool) -> None:
    assert not turns(NEW_MAC, NEW_MAC, NEAR_MAC, NEAR_MAC, apart=apart).codes(STRANGER)


def test_coming_back_after_more_than_a_minute_is_a_move_and_a_move_back() -> None:
    assert not turns(NEW_MAC, NEAR_MAC, NEW_MAC, step=61).codes(STRANGER, now=1000)
    assert turns(NEW_MAC, NEAR_MAC, NEW_MAC, step=60).codes(STRANGER, now=1000)


def test_one_machine_with_two_interfaces_is_not_two() -> None:
    assert not turns(MY_MAC, NEAR_MAC, MY_MAC).codes(HOST)


def test_a_virtual_mac_beside_a_real_one_is_a_router_pair() -> None:
    assert not turns(VIRTUAL, NEAR_MAC, VIRTUAL).codes(STRANGER)


def test_a_probe_for_a_free_address_claims_nothing() -> None:
    assert not turns(NEW_MAC, NEAR_MAC, NEW_MAC, address="0.0.0.0").codes(STRANGER)


def test_the_same_address_on_two_vlans_is_two_addresses() -> None:
    wire = Wire()
    for number, (tag, mac) in enumerate(((10, NEW_MAC), (20, NEAR_MAC), (10, NEW_MAC))):
        body = frames.vlan(frames.arp(2, PEER, f"10.0.0.{100 + number}", mac, MY_MAC), tag, 0x0806)
        wire.frame(5 * number, frames.ether(body, 0x8100, mac, MY_MAC))
    assert not wire.codes(STRANGER)


def test_neighbour_discovery_claims_as_arp_does() -> None:
    wire = Wire()
    for number, mac in enumerate((NEW_MAC, NEAR_MAC, NEW_MAC)):
        wire.advertise(5 * number, mac, "2001:db8:1::9")
    assert wire.codes(STRANGER) == {"nd-two-macs"}


# -- the router's address ----------------------------------------------------------------------------------------------


def test_a_claim_for_the_routers_address_is_a_proof() -> None:
    sentence = turns(ROUTER_MAC, NEW_MAC, ROUTER_MAC, address=ROUTER).found("arp-claims-router").sentence
    assert sentence == f"{NEW_MAC} says it is your router {ROUTER}; the router is {ROUTER_MAC}."


def test_the_table_and_the_routers_own_work_count_as_its_claims() -> None:
    wire = Wire().talk(0, ME, FAR, MY_MAC, ROUTER_MAC).arp(10, NEW_MAC, ROUTER)
    wire.talk(20, ME, "203.0.113.4", MY_MAC, ROUTER_MAC, sport=9)
    assert wire.codes() == {"arp-claims-router"}


def test_a_successor_is_no_impostor() -> None:
    wire = Wire().talk(0, ME, FAR, MY_MAC, ROUTER_MAC).arp(10, NEW_MAC, ROUTER).arp(20, NEW_MAC, ROUTER)
    assert not wire.codes()


def test_of_two_rivals_the_later_one_is_the_impostor_when_it_has_another_name() -> None:
    bindings = Bindings()
    bindings.learn(turns(ROUTER_MAC, NEAR_MAC, ROUTER_MAC, address=ROUTER).scene())
    assert bindings.contested_hops(HOST) == (frozenset({parse_mac(ROUTER_MAC)}), frozenset({parse_mac(NEAR_MAC)}))


def test_who_brings_the_world_is_the_router_even_if_the_table_was_already_deceived() -> None:
    bindings = Bindings()
    believed = (neighbour(ROUTER, NEAR_MAC, router=True), neighbour(NEAR, NEAR_MAC))
    host = replace(HOST, neighbours=believed)
    wire = turns(ROUTER_MAC, NEAR_MAC, ROUTER_MAC, address=ROUTER)
    for number in range(3):
        wire.talk(20, ME, f"198.5{number}.0.1", MY_MAC, ROUTER_MAC, sport=6000 + number)
    bindings.learn(wire.scene(host))
    assert bindings.contested_hops(host) == (frozenset({parse_mac(ROUTER_MAC)}), frozenset({parse_mac(NEAR_MAC)}))


def test_where_it_cannot_be_told_nobody_is_the_impostor() -> None:
    bindings = Bindings()
    bindings.learn(turns(ROUTER_MAC, NEW_MAC, ROUTER_MAC, address=ROUTER).scene())
    assert bindings.contested_hops(HOST) == (frozenset(), frozenset())


# -- my own address ----------------------------------------------------------------------------------------------------


def test_a_claim_for_my_address_is_found_at_once() -> None:
    assert Wire().arp(0, NEAR_MAC, ME).found("arp-claims-own").sentence == f"{NEAR_MAC} says it has your address {ME}."


def test_in_ipv6_too() -> None:
    assert Wire().advertise(0, NEAR_MAC, ME6).codes() == {"nd-claims-own", "own-addr-inbound"}


def test_my_own_claims_are_mine() -> None:
    assert not Wire().arp(0, MY_MAC, ME, NEAR, reply=False).codes()


def test_without_context_the_rule_says_that_it_is_silent() -> None:
    assert any(told.startswith("arp-claims-own") for told in Wire().judged(STRANGER).silent)


# -- memory ------------------------------------------------------------------------------------------------------------


def test_an_address_keeps_a_few_macs_only() -> None:
    bindings = Bindings()
    for mac in range(1, 50):
        bindings.claim((0, 1), mac, mac, mac)
    assert len(bindings.claims.get((0, 1)) or ()) == MACS_EACH


def test_it_is_bounded_under_random_addresses() -> None:
    bindings = Bindings()
    for number in range(MOST + 500):
        bindings.claim((0, number), A, number, number)
    assert len(bindings.claims) == MOST


def test_a_rivalry_is_forgotten_when_nobody_claims_any_more() -> None:
    observer, wire = Observer(), turns(NEW_MAC, NEAR_MAC, NEW_MAC)
    assert wire.codes(STRANGER, observer)
    wire.table.engine.release(0)
    Wire().judged(STRANGER, observer, now=3600)
    assert len(observer.bindings.claims) == 0


@given(st.permutations(range(5)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    bindings, scene = Bindings(), turns(NEW_MAC, NEW_MAC, NEAR_MAC, NEAR_MAC, NEW_MAC).scene(STRANGER)
    bindings.learn(shuffled(scene, order))
    assert bindings.rivals((0, value(PEER))) == (parse_mac(NEW_MAC), parse_mac(NEAR_MAC))


@given(st.permutations(range(5)))
@settings(max_examples=30, deadline=None)
def test_a_move_is_a_move_in_any_order_of_rows(order: list[int]) -> None:
    bindings, scene = Bindings(), turns(NEW_MAC, NEW_MAC, NEAR_MAC, NEAR_MAC, NEAR_MAC).scene(STRANGER)
    bindings.learn(shuffled(scene, order))
    assert bindings.rivals((0, value(PEER))) is None


def shuffled(seen: Scene, order: list[int]) -> Scene:
    return scene(seen.flows.take(np.array(order)), seen.host, seen.now, final=False)


def test_the_same_address_elsewhere_is_elsewhere() -> None:
    bindings = Bindings()
    for vlan, mac, at in ((1, A, 0), (2, B, 1), (1, A, 2)):
        bindings.claim((vlan, value(PEER)), mac, at, at)
    assert bindings.rivals((1, value(PEER))) is None
