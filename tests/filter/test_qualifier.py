from __future__ import annotations

import pytest

from ratop_py.filter import FilterError, parse
from ratop_py.filter.qualifier import high_bits
from ratop_py.filter.syntax import And, Equals, Ether, Net, Not, Ports, Protocol, Word


def test_a_protocol_before_a_qualifier_narrows_it() -> None:
    assert parse("udp port 53") == Ports("src or dst", 53, 53, "udp")
    assert parse("ip host 10.0.0.1") == And(Word("ip"), parse("host 10.0.0.1"))


def test_a_protocol_goes_on_applying_with_its_qualifier() -> None:
    assert parse("tcp host 10.0.0.1 or 10.0.0.2") == parse("tcp host 10.0.0.1 or tcp host 10.0.0.2")


def test_ports_of_a_network_protocol_are_any_transport_s() -> None:
    assert parse("ip6 port 53") == And(Word("ip6"), Ports("src or dst", 53, 53))


@pytest.mark.parametrize("text", ["icmp port 5", "arp port 5", "ether port 5", "rarp portrange 1-2"])
def test_what_has_no_ports_is_asked_for_none(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)


def test_casts_may_follow_a_protocol() -> None:
    assert parse("ip multicast") == And(Word("ip"), Word("multicast"))
    assert parse("ether broadcast") == Word("broadcast")


def test_a_sign_before_an_address_is_understood() -> None:
    assert parse("host = 10.0.0.1") == parse("host 10.0.0.1")
    assert parse("host != 10.0.0.1") == Not(parse("host 10.0.0.1"))


def test_ports_can_be_refused_in_a_list() -> None:
    assert parse("port not in (80, 443)") == Not(parse("port in (80, 443)"))


def test_a_direction_before_a_qualifier_chooses_the_end() -> None:
    assert parse("src host 10.0.0.1") == Net("src", 0xFFFF0A000001, 128)
    assert parse("src or dst port 53") == Ports("src or dst", 53, 53)
    assert parse("src and dst port 53") == Ports("src and dst", 53, 53)


def test_a_mask_is_a_prefix() -> None:
    assert parse("net 10.0.0.0 mask 255.0.0.0") == parse("net 10.0.0.0/8")


def test_protocols_go_by_name_or_number() -> None:
    assert parse("proto 47") == Protocol(47)
    assert parse("proto gre") == Word("gre")
    assert parse("ip proto \\tcp") == And(Word("ip"), Word("tcp"))
    assert parse("ip proto 50") == And(Word("ip"), Protocol(50))


def test_ether_knows_macs_and_types() -> None:
    assert parse("ether src 02:00:00:00:00:01") == Ether("src", 0x020000000001)
    assert parse("ether proto 0x0806") == Word("arp")
    assert parse("ether proto ip") == Word("ip4")
    assert parse("ether proto 0x88cc") == And(Word("ether"), Equals("proto", ("lldp",)))


@pytest.mark.parametrize(
    "text",
    [
        "net 10.0.0.0 mask 255.0.255.0",
        "portrange 9-2",
        "portrange 5",
        "port 70000",
        "proto 300",
        "proto nonsense",
        "host",
        "tcp src",
    ],
)
def test_what_no_qualifier_means_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)


def test_high_bits_are_counted_from_the_top() -> None:
    assert high_bits(0) == 0
    assert high_bits(128) == (1 << 128) - 1
    assert high_bits(1) == 1 << 127
