"""One end of each flow."""

from __future__ import annotations

from ratop_py.assess.ends import Ends, address_text, both
from ratop_py.net.address import parse_mac
from tests.helpers import frames
from tests.helpers.wires import ALL, FAR, HOST, ME, MY_MAC, NEAR, NEAR_MAC, ROUTER_MAC, STRANGER, Wire, value


def end_of(wire: Wire, address: str) -> Ends:
    """The side of the only flow that has this address."""
    (found,) = (ends for ends in both(wire.flows().rows, HOST) if ends.address(0) == value(address))
    return found


def test_each_end_has_its_address_its_mac_and_whom_it_spoke_to() -> None:
    far = end_of(Wire().talk(0, ME, FAR, MY_MAC, ROUTER_MAC), FAR)
    assert (far.name(0), far.mac_name(0)) == (FAR, ROUTER_MAC)
    assert int(far.to[0]) == parse_mac(MY_MAC)


def test_an_end_that_sent_nothing_has_no_mac() -> None:
    far = end_of(Wire().udp(0, ME, FAR, MY_MAC, ROUTER_MAC), FAR)
    assert (bool(far.sent[0]), int(far.mac[0]), int(far.first[0])) == (False, 0, 0)


def test_own_and_on_link_are_told_apart() -> None:
    wire = Wire().talk(0, ME, NEAR, MY_MAC, NEAR_MAC)
    me, near = end_of(wire, ME), end_of(wire, NEAR)
    assert (bool(me.own[0]), bool(me.on_link[0])) == (True, True)
    assert (bool(near.own[0]), bool(near.on_link[0])) == (False, True)


def test_without_context_nothing_is_own_or_on_link() -> None:
    for ends in both(Wire().talk(0, ME, NEAR, MY_MAC, NEAR_MAC).flows().rows, STRANGER):
        assert not ends.own[0]
        assert not ends.on_link[0]


def test_groups_and_broadcasts_are_nobodys_own() -> None:
    for address in ("224.0.0.251", "255.255.255.255", "ff02::fb"):
        source = "fe80::5" if ":" in address else ME
        assert end_of(Wire().udp(0, source, address, MY_MAC, ALL), address).group[0]
    assert not end_of(Wire().udp(0, ME, FAR, MY_MAC, ROUTER_MAC), FAR).group[0]


def test_loopback_in_ethernet_clothes_is_quiet() -> None:
    zero = "00:00:00:00:00:00"
    assert end_of(Wire().talk(0, "127.0.0.1", "127.0.0.2", zero, zero), "127.0.0.1").quiet[0]
    assert end_of(Wire().talk(0, ME, NEAR, zero, zero), ME).quiet[0]
    assert not end_of(Wire().talk(0, ME, NEAR, MY_MAC, NEAR_MAC), ME).quiet[0]


def test_a_link_without_macs_is_quiet() -> None:
    packet = frames.ip4(frames.udp(b"x"), 17, FAR, ME)
    assert end_of(Wire().frame(0, packet, linktype=101), FAR).quiet[0]


def test_arp_and_neighbour_discovery_claim_and_data_does_not() -> None:
    assert end_of(Wire().arp(0, NEAR_MAC, NEAR), NEAR).claims[0]
    assert end_of(Wire().advertise(0, NEAR_MAC, "fe80::7"), "fe80::7").claims[0]
    assert not end_of(Wire().talk(0, ME, NEAR, MY_MAC, NEAR_MAC), NEAR).claims[0]


def test_addresses_are_written_as_people_write_them() -> None:
    assert address_text(value("10.0.0.7")) == "10.0.0.7"
    assert address_text(value("2001:db8:0:0::7")) == "2001:db8::7"
