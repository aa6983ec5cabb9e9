"""Addresses that cannot be true, and innocents that look like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.net.host import Interface
from tests.helpers import frames
from tests.helpers.wires import (
    ALL,
    FAR,
    HOST,
    ME,
    ME6,
    MY_MAC,
    NEAR,
    NEAR_MAC,
    ROUTER_MAC,
    START,
    STRANGER,
    Wire,
    prefix,
)  # fmt: skip

NOBODY = "00:00:00:00:00:00"
IMPOSSIBLE = ("0.1.2.3", "127.0.0.1", "224.0.0.9", "240.0.0.1", "255.255.255.255", "::1", "ff02::1")


def mine(address: str) -> str:
    return ME6 if ":" in address else ME


# -- own-addr-inbound --------------------------------------------------------------------------------------------------


def test_my_address_from_another_mac_is_found_at_once() -> None:
    wire = Wire().udp(5, ME, NEAR, NEAR_MAC, MY_MAC)
    finding = wire.found("own-addr-inbound")
    assert finding.sentence == f"Somebody at {NEAR_MAC} sent packets as if from you ({ME})."
    assert finding.at == START + 5_000_000_000


def test_my_address_through_the_router_is_found_too() -> None:
    assert "own-addr-inbound" in Wire().udp(0, ME, ME, ROUTER_MAC, MY_MAC).codes()


def test_my_address_from_my_own_mac_is_mine() -> None:
    assert not Wire().talk(0, ME, FAR, MY_MAC, ROUTER_MAC).codes()


def test_my_address_from_my_second_interface_is_mine() -> None:
    host = replace(HOST, interfaces=(*HOST.interfaces, Interface("eth1", 0x020000000007)))
    assert not Wire().udp(0, ME, NEAR, NEAR_MAC, MY_MAC).codes(host)


def test_without_context_nobody_knows_which_address_is_mine() -> None:
    judged = Wire().udp(0, ME, NEAR, NEAR_MAC, MY_MAC).judged(STRANGER)
    assert not judged.whys
    assert any(told.startswith("own-addr-inbound") for told in judged.silent)


# -- martian-source ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_a_source_that_cannot_send_is_found_even_without_context(address: str) -> None:
    wire = Wire().udp(0, address, mine(address), NEAR_MAC, MY_MAC)
    assert wire.codes(STRANGER) == {"martian-source"}


@pytest.mark.parametrize("address", ["1.0.0.1", "126.0.0.1", "223.255.255.1", "::2", "fe80::9"])
def test_its_neighbours_in_the_address_space_can(address: str) -> None:
    assert not Wire().udp(0, address, mine(address), NEAR_MAC, MY_MAC).codes(STRANGER)


def test_a_host_without_an_address_yet_may_ask_for_one() -> None:
    wire = Wire().udp(0, "0.0.0.0", "255.255.255.255", NEAR_MAC, ALL, sport=68, dport=67)
    wire.ip(1, "::", "ff02::1:ff00:7", NEAR_MAC, "33:33:ff:00:00:07", 58, frames.icmp(135), ttl=255)
    assert not wire.codes()


def test_loopback_on_the_loopback_interface_is_at_home() -> None:
    wire = Wire().talk(0, "127.0.0.1", "127.0.0.1", NOBODY, NOBODY).talk(0, "::1", "::1", NOBODY, NOBODY)
    assert not wire.codes()


def test_a_reserved_source_that_holds_a_conversation_was_renumbered() -> None:
    assert Wire().talk(0, "245.1.2.3", ME, NEAR_MAC, MY_MAC).codes(STRANGER) == {"bogon-source"}


def test_one_answer_is_no_conversation_yet() -> None:
    wire = (
        Wire().udp(0, "245.1.2.3", ME, NEAR_MAC, MY_MAC).udp(1, ME, "245.1.2.3", MY_MAC, NEAR_MAC, sport=53, dport=4000)
    )
    assert wire.codes(STRANGER) == {"martian-source"}


def test_nobody_can_renumber_loopback() -> None:
    assert "martian-source" in Wire().talk(0, "127.0.0.9", ME, NEAR_MAC, MY_MAC).codes(STRANGER)


# -- land --------------------------------------------------------------------------------------------------------------


def test_a_packet_to_its_own_sender_is_found() -> None:
    assert Wire().udp(0, NEAR, NEAR, NEAR_MAC, MY_MAC, sport=7, dport=7).codes(STRANGER) == {"land"}


def test_other_ports_may_be_a_hairpin() -> None:
    assert not Wire().udp(0, NEAR, NEAR, NEAR_MAC, MY_MAC, sport=7, dport=8).codes(STRANGER)


def test_two_programs_of_one_machine_may_use_one_port_on_loopback() -> None:
    assert not Wire().udp(0, ME, ME, NOBODY, NOBODY, sport=7, dport=7).codes()


# -- foreign-source-out ------------------------------------------------------------------------------------------------


def test_sending_in_the_name_of_another_is_found() -> None:
    assert "foreign-source-out" in Wire().udp(0, "192.0.2.77", FAR, MY_MAC, ROUTER_MAC).codes()


def test_a_machine_that_forwards_sends_for_others() -> None:
    host = replace(HOST, forwarding=True)
    assert not Wire().udp(0, "192.0.2.77", FAR, MY_MAC, ROUTER_MAC).codes(host)


@pytest.mark.parametrize("forwarding", [None, True])
def test_where_it_may_forward_the_rule_says_that_it_is_silent(forwarding: bool | None) -> None:
    told = Wire().judged(replace(HOST, forwarding=forwarding)).silent
    assert any(each.startswith("foreign-source-out") for each in told)


def test_a_container_behind_my_bridge_may_send_through_me() -> None:
    bridge = Interface("docker0", 0x020000000055, (prefix("172.17.0.1/16"),), kind="bridge")
    host = replace(HOST, interfaces=(*HOST.interfaces, bridge))
    assert not Wire().udp(0, "172.17.0.2", FAR, MY_MAC, ROUTER_MAC).codes(host)


def test_my_link_local_address_and_no_address_are_mine_to_use() -> None:
    wire = Wire().udp(0, "fe80::77", "ff02::fb", MY_MAC, "33:33:00:00:00:fb")
    wire.udp(0, "0.0.0.0", "255.255.255.255", MY_MAC, ALL, sport=68, dport=67)
    assert not wire.codes()
