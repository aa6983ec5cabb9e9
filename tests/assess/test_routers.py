"""Who is a router: told, or learned from answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.assess.routers import MOST, Routers, group_of, is_private, is_virtual, leads_away, told
from ratop_py.net.address import parse_mac
from ratop_py.net.host import Route
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
    STRANGER,
    Wire,
    neighbour,
    prefix,
    value,
)  # fmt: skip

KNOWN, NEW, NEXT = parse_mac(ROUTER_MAC), parse_mac(NEW_MAC), parse_mac(NEAR_MAC)


def learned(wire: Wire) -> frozenset[int]:
    routers = Routers()
    routers.learn(wire.scene(), [KNOWN])
    return routers.known(STRANGER)


def answered(wire: Wire, number: int, address: str, mac: str, to: str = ROUTER_MAC) -> Wire:
    """I called by the router `to`; the answer came from `mac`."""
    wire.udp(number, ME, address, MY_MAC, to, sport=5000 + number)
    return wire.udp(number + 0.1, address, ME, mac, MY_MAC, sport=53, dport=5000 + number)


def test_a_next_hop_is_a_router_whether_flagged_or_not() -> None:
    host = replace(HOST, neighbours=(neighbour(ROUTER, ROUTER_MAC), neighbour(NEAR, NEAR_MAC)))
    assert told(host) == {KNOWN}


def test_a_flagged_neighbour_is_a_router_without_a_route() -> None:
    assert told(replace(HOST, routes=(), neighbours=(neighbour(NEAR, NEAR_MAC, router=True),))) == {NEXT}


def test_the_way_to_one_public_host_makes_nobody_a_router() -> None:
    way = Route(prefix(f"{FAR}/32"), value(NEAR), "eth0")
    assert not leads_away(way)
    assert told(replace(HOST, routes=(*HOST.routes, way))) == {KNOWN}


@pytest.mark.parametrize("to", ["10.8.0.1/32", "198.51.100.0/24", "0.0.0.0/0", "fd00::1/128", "::/0"])
def test_the_way_to_a_network_or_to_a_private_host_does(to: str) -> None:
    assert leads_away(Route(prefix(to), value(NEAR), "eth0"))


def test_a_route_on_the_link_has_no_router() -> None:
    assert not leads_away(Route(prefix("10.0.0.0/24"), 0, "eth0"))


def test_a_mac_that_brings_answers_of_two_networks_is_a_router() -> None:
    wire = answered(answered(Wire(), 0, "198.51.100.9", NEW_MAC), 1, "203.0.113.9", NEW_MAC)
    assert learned(wire) == {NEW}


def test_answers_of_one_network_are_not_enough() -> None:
    wire = answered(answered(Wire(), 0, "198.51.100.9", NEW_MAC), 1, "198.51.100.10", NEW_MAC)
    assert learned(wire) == frozenset()


def test_a_mac_that_only_sends_first_never_becomes_one() -> None:
    wire = Wire()
    for number in range(20):
        wire.talk(number, f"198.{number}.100.9", ME, NEW_MAC, MY_MAC, sport=6000 + number)
    assert learned(wire) == frozenset()


def test_answers_to_what_was_handed_to_that_mac_itself_prove_nothing() -> None:
    wire = answered(answered(Wire(), 0, "198.51.100.9", NEW_MAC, NEW_MAC), 1, "203.0.113.9", NEW_MAC, NEW_MAC)
    assert learned(wire) == frozenset()


def test_a_router_is_forgotten_after_an_hour_without_answers() -> None:
    routers = Routers()
    routers.learn(answered(answered(Wire(), 0, "198.51.100.9", NEW_MAC), 1, "203.0.113.9", NEW_MAC).scene(), [KNOWN])
    routers.learn(Wire().scene(now=3590), [KNOWN])
    assert routers.known(STRANGER) == {NEW}
    routers.learn(Wire().scene(now=3700), [KNOWN])
    assert routers.known(STRANGER) == frozenset()


def test_no_more_are_kept_than_the_bound() -> None:
    routers = Routers()
    wire = Wire()
    for number in range(MOST + 20):
        answered(wire, number, "198.51.100.9", f"02:00:00:00:{number >> 8 | 64:02x}:{number & 255:02x}")
    routers.learn(wire.scene(), [KNOWN])
    assert len(routers.learned) == MOST


@pytest.mark.parametrize(
    "mac", ["00:00:5e:00:01:07", "00:00:5e:00:02:07", "00:00:0c:07:ac:01", "00:00:0c:9f:f1:23", "00:05:73:a0:01:00", "00:07:b4:00:01:02"]
)  # fmt: skip
def test_macs_of_redundancy_protocols_are_known(mac: str) -> None:
    assert is_virtual(parse_mac(mac))


@pytest.mark.parametrize("mac", ["00:00:5e:00:03:07", "02:00:5e:00:01:07", "00:00:0c:08:ac:01"])
def test_others_are_not(mac: str) -> None:
    assert not is_virtual(parse_mac(mac))


def test_networks_far_away_are_told_by_their_first_bits() -> None:
    assert group_of(value("198.51.100.9")) == group_of(value("198.51.7.1")) != group_of(value("198.52.0.1"))
    assert group_of(value("2001:db8:1::1")) == group_of(value("2001:db8:2::1")) != group_of(value("2001:db9::1"))


def test_private_space_is_known_in_both_families() -> None:
    assert all(is_private(value(each)) for each in ("10.1.1.1", "172.31.0.1", "192.168.0.1", "100.64.0.1", "fd00::1"))
    assert not any(is_private(value(each)) for each in ("11.1.1.1", "172.32.0.1", "100.128.0.1", "2001:db8::1"))
