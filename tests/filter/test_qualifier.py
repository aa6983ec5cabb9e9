from __future__ import annotations

import pytest

from ratop_py.filter import FilterError, parse
from ratop_py.filter.qualifier import high_bits
from ratop_py.filter.syntax import And, Equals, Ether, Net, Ports, Protocol, Word


def test_a_protocol_before_a_qualifier_narrows_it() -> None:
    assert parse("udp port 53") == Ports("src or dst", 53, 53, "udp")
    assert parse("ip host 10.0.0.1") == And(Word("ip"), parse("host 10.0.0.1"))


def test_a_direction_before_a_qualifier_chooses_the_end() -> None:
    assert parse("src host 10.0.0.1") == Net("src", 0xFFFF0A000001, 128)
    assert parse("src or dst port 53") == Ports("src or dst", 53, 53)
    assert parse("src and dst port 53") == Ports("src and dst", 53, 53)


def test_a_mask_is_a_prefix() -> None:
    assert parse("net 10.0.0.0 mask 255.0.0.0") == parse("net 10.0.0.0/8")


def test_protocols_go_by_name_or_number() -> None:
    assert parse("proto 47") == Protocol(47)
    assert parse("proto gre") == Word("gre")


def test_ether_knows_macs_and_types() -> None:
    assert parse("ether src 02:00:00:00:00:01") == Ether("src", 0x020000000001)
    assert parse("ether proto 0x0806") == Word("arp")
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
