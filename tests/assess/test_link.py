"""What is far away must come through a router."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.assess.spoof import Observer
from ratop_py.net.host import Route
from tests.helpers import frames
from tests.helpers.wires import (
    ALL,
    FAR,
    FAR6,
    HOST,
    ME,
    ME6,
    MY_MAC,
    NEAR,
    NEAR_MAC,
    NEW_MAC,
    ROUTER,
    ROUTER6,
    ROUTER_MAC,
    STRANGER,
    Wire,
    neighbour,
    prefix,
    value,
    without,
)  # fmt: skip

DOWN_THE_HALL, TO_THE_HALL, UNKNOWN = "offlink-neighbour-mac", "offlink-to-neighbour", "offlink-unknown-mac"
ZERO = "00:00:00:00:00:00"


def answered_by(wire: Wire, mac: str) -> Wire:
    """Two networks answer through this MAC what was handed to the router."""
    for number, address in enumerate(("192.0.2.4", "203.0.113.4")):
        wire.udp(number, ME, address, MY_MAC, ROUTER_MAC, sport=7000 + number)
        wire.udp(number + 0.1, address, ME, mac, MY_MAC, sport=53, dport=7000 + number)
    return wire


# -- offlink-neighbour-mac ---------------------------------------------------------------------------------------------


def test_antarctica_is_down_the_hall() -> None:
    finding = Wire().udp(0, FAR, ME, NEAR_MAC, MY_MAC).found(DOWN_THE_HALL)
    assert finding.sentence == (
        f"{FAR} claims to be far away, but the frame came from {NEAR_MAC}, which is {NEAR}: down the hall."
    )


def test_so_is_an_answer_from_there() -> None:
    wire = Wire().udp(0, ME, FAR, MY_MAC, ROUTER_MAC).udp(0.1, FAR, ME, NEAR_MAC, MY_MAC, sport=53, dport=4000)
    assert wire.codes() == {DOWN_THE_HALL}


def test_and_in_ipv6() -> None:
    assert Wire().udp(0, FAR6, ME6, NEAR_MAC, MY_MAC).codes() == {DOWN_THE_HALL}


def test_through_the_router_it_is_far_away() -> None:
    assert not Wire().talk(0, FAR, ME, ROUTER_MAC, MY_MAC).codes()


def test_a_neighbour_under_its_own_address_is_a_neighbour() -> None:
    assert not Wire().talk(0, NEAR, ME, NEAR_MAC, MY_MAC).codes()


def test_a_neighbour_is_also_known_by_its_arp() -> None:
    wire = Wire().arp(0, NEW_MAC, "10.0.0.9").udp(1, FAR, ME, NEW_MAC, MY_MAC)
    assert "which is 10.0.0.9" in wire.found(DOWN_THE_HALL).sentence


def test_a_neighbour_is_also_known_by_three_packets_of_its_own() -> None:
    wire = Wire().talk(0, "10.0.0.9", ME, NEW_MAC, MY_MAC, times=3).udp(9, FAR, ME, NEW_MAC, MY_MAC)
    assert wire.codes() == {DOWN_THE_HALL}


def test_two_packets_are_not_enough() -> None:
    wire = Wire().talk(0, "10.0.0.9", ME, NEW_MAC, MY_MAC, times=2).udp(9, FAR, ME, NEW_MAC, MY_MAC)
    assert wire.codes() == {UNKNOWN}


# -- offlink-unknown-mac -----------------------------------------------------------------------------------------------


def test_a_stranger_on_the_link_who_speaks_as_somebody_far_away_is_found() -> None:
    finding = Wire().udp(0, FAR, ME, NEW_MAC, MY_MAC).found(UNKNOWN)
    assert finding.sentence == f"{FAR} did not come through your router but from an unknown machine {NEW_MAC}."


def test_a_virtual_router_is_a_router() -> None:
    assert not Wire().udp(0, FAR, ME, "00:00:5e:00:01:07", MY_MAC).codes()


def test_a_second_router_is_learned_from_its_answers() -> None:
    assert not answered_by(Wire(), NEW_MAC).udp(9, FAR, ME, NEW_MAC, MY_MAC).codes()


def test_learning_it_later_clears_what_was_said() -> None:
    observer, wire = Observer(), Wire().udp(0, FAR, ME, NEW_MAC, MY_MAC)
    assert wire.codes(HOST, observer) == {UNKNOWN}
    assert not answered_by(wire, NEW_MAC).codes(HOST, observer)


def test_nothing_is_said_in_the_first_two_seconds() -> None:
    wire = Wire().udp(10, FAR, ME, NEAR_MAC, MY_MAC)
    assert not wire.codes(now=11.9)
    assert wire.codes(now=12.0) == {DOWN_THE_HALL}


# -- what has to be known ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", [STRANGER, replace(HOST, neighbours=()), replace(HOST, interfaces=(), routes=())])
def test_without_routers_and_prefixes_the_rules_are_silent_and_say_so(host: object) -> None:
    judged = Wire().udp(0, FAR, ME, NEAR_MAC, MY_MAC).judged(host)  # type: ignore[arg-type]
    assert not judged.whys
    assert any(told.startswith("offlink-*") for told in judged.silent)


def test_where_all_is_known_they_do_not_say_so() -> None:
    assert not any(told.startswith("offlink-*") for told in Wire().judged(HOST).silent)


def test_the_router_of_one_family_says_nothing_about_the_other() -> None:
    wire = Wire().udp(0, FAR6, ME6, NEW_MAC, MY_MAC)
    assert not wire.codes(without(HOST, ROUTER6))
    assert wire.codes(without(HOST, ROUTER)) == {UNKNOWN}


def test_a_group_and_a_host_without_address_come_from_no_distance() -> None:
    wire = Wire().udp(0, "0.0.0.0", "255.255.255.255", NEW_MAC, ALL, sport=68, dport=67)
    assert not wire.codes()


def test_containers_on_my_own_bridge_hear_the_world_from_my_mac() -> None:
    assert not Wire().udp(0, FAR, NEAR, MY_MAC, NEAR_MAC).codes(replace(HOST, forwarding=True))


def test_a_link_without_macs_has_no_neighbours() -> None:
    assert not Wire().frame(0, frames.ip4(frames.udp(b"x"), 17, FAR, ME), linktype=101).codes()


def test_loopback_has_none_either() -> None:
    assert not Wire().talk(0, ME, ME, ZERO, ZERO).codes()


# -- a gateway into private networks -----------------------------------------------------------------------------------


def private(wire: Wire, count: int, wait: float) -> Wire:
    """Visitors from private networks behind the neighbour, each with a whole handshake."""
    for number in range(count):
        wire.shake(number, f"192.168.{number}.2", ME, NEAR_MAC, MY_MAC, wait=wait, sport=5000 + number)
    return wire


def test_a_neighbour_that_brings_slow_private_networks_is_a_gateway() -> None:
    assert private(Wire(), 3, 0.02).codes() == {"bogon-source"}


def test_two_networks_are_not_enough() -> None:
    assert DOWN_THE_HALL in private(Wire(), 2, 0.02).codes()


def test_networks_that_answer_as_fast_as_a_neighbour_are_that_neighbour() -> None:
    assert DOWN_THE_HALL in private(Wire(), 5, 0.0005).codes()


def test_a_gateway_into_private_networks_brings_nobody_public() -> None:
    wire = private(Wire(), 3, 0.02).udp(9, FAR, ME, NEAR_MAC, MY_MAC, sport=9)
    assert wire.codes() == {"bogon-source", DOWN_THE_HALL}


# -- offlink-to-neighbour ----------------------------------------------------------------------------------------------


def test_packets_for_far_away_handed_to_a_neighbour_are_found() -> None:
    finding = Wire().udp(0, ME, FAR, MY_MAC, NEAR_MAC).found(TO_THE_HALL)
    assert finding.sentence == f"This host sends packets for {FAR} to {NEAR} ({NEAR_MAC}), not to its router."


def test_even_where_a_route_for_that_one_host_says_so() -> None:
    host = replace(HOST, routes=(*HOST.routes, Route(prefix(f"{FAR}/32"), value(NEAR), "eth0")))
    assert Wire().talk(0, ME, FAR, MY_MAC, NEAR_MAC).codes(host) == {TO_THE_HALL, DOWN_THE_HALL}


def test_a_route_for_a_network_makes_it_right() -> None:
    host = replace(HOST, routes=(*HOST.routes, Route(prefix("198.51.100.0/24"), value(NEAR), "eth0")))
    assert not Wire().talk(0, ME, FAR, MY_MAC, NEAR_MAC).codes(host)


def test_the_router_the_group_and_the_neighbour_itself_may_be_spoken_to() -> None:
    wire = Wire().udp(0, ME, FAR, MY_MAC, ROUTER_MAC).udp(0, ME, NEAR, MY_MAC, NEAR_MAC)
    wire.udp(0, ME, "224.0.0.251", MY_MAC, "01:00:5e:00:00:fb").udp(0, ME, "255.255.255.255", MY_MAC, ALL)
    assert not wire.codes()


def test_what_others_hand_to_each_other_is_their_business() -> None:
    assert not Wire().udp(0, "10.0.0.9", FAR, NEW_MAC, NEAR_MAC).codes()


# -- who takes the router's address ------------------------------------------------------------------------------------


def taken() -> Wire:
    """The neighbour claims the router's address by ARP; the router is still there."""
    wire = Wire()
    for number in range(4):
        wire.arp(3 * number, ROUTER_MAC, ROUTER, target=ME).arp(3 * number + 1, NEAR_MAC, ROUTER, target=ME)
    return wire.udp(20, FAR, ME, NEAR_MAC, MY_MAC)


def test_a_neighbour_that_took_the_routers_address_is_still_a_neighbour() -> None:
    assert DOWN_THE_HALL in taken().codes()


def test_also_where_the_hosts_own_table_already_believes_it() -> None:
    believed = (neighbour(ROUTER, NEAR_MAC, router=True), neighbour(NEAR, NEAR_MAC))
    wire = Wire().arp(1, ROUTER_MAC, ROUTER).udp(2, FAR, ME, NEAR_MAC, MY_MAC)
    wire.talk(3, ME, "203.0.113.4", MY_MAC, ROUTER_MAC, sport=7).talk(3, ME, "192.0.2.4", MY_MAC, ROUTER_MAC, sport=8)
    assert DOWN_THE_HALL in wire.codes(replace(HOST, neighbours=believed))
