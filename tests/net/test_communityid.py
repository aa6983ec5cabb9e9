"""Expected ids are those of the specification's own baseline (Corelight's community-id-spec, BSD-3-Clause)."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import struct

import numpy as np
import pytest

from ratop_py.flow.layout import Family
from ratop_py.net.communityid import community_ids
from tests.helpers.flowset import row


def cid(*words: object, **facts: object) -> str:
    (found,) = community_ids(row(*words, **facts))  # type: ignore[arg-type]
    return found.decode()


@pytest.mark.parametrize(
    ("source", "target", "proto", "expected"),
    [
        ("128.232.110.120:34855", "66.35.250.204:80", 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("66.35.250.204:80", "128.232.110.120:34855", 6, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
        ("192.168.1.52:54585", "8.8.8.8:53", 17, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
    ],
)
def test_both_directions_have_the_id_of_the_specification(source: str, target: str, proto: int, expected: str) -> None:
    assert cid(source, target, proto) == expected


def test_an_echo_pair_has_the_id_of_its_types() -> None:
    assert cid("192.168.0.89:77", "192.168.0.1:77", 1, icmp=8 << 8) == "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="


def by_hand(addresses: str, proto: int, *ports: int) -> str:
    """The specification's formula, written once more: seed, addresses in order, protocol, pad, ports in order."""
    first, second = (ipaddress.ip_address(each).packed for each in addresses.split())
    packed = b"\0\0" + first + second + bytes([proto, 0]) + struct.pack(f">{len(ports)}H", *ports)
    return "1:" + base64.b64encode(hashlib.sha1(packed, usedforsecurity=False).digest()).decode()


def test_protocols_without_ports_are_hashed_without_them() -> None:
    assert cid("10.0.0.9:0", "10.0.0.1:0", 50) == by_hand("10.0.0.1 10.0.0.9", 50)
    assert cid("10.0.0.9:5", "10.0.0.1:4", 132) == by_hand("10.0.0.1 10.0.0.9", 132, 4, 5)


def test_icmp_that_has_no_answer_goes_as_it_went() -> None:
    assert cid("10.0.0.9:769", "10.0.0.1:769", 1, icmp=3 << 8 | 1) == by_hand("10.0.0.9 10.0.0.1", 1, 3, 1)
    assert cid("10.0.0.1:769", "10.0.0.9:769", 1, icmp=3 << 8 | 1) == by_hand("10.0.0.1 10.0.0.9", 1, 3, 1)


def test_a_neighbour_question_has_its_answer_s_type_for_a_port() -> None:
    asked = cid("[2001:db8::9]:0", "[2001:db8::1]:0", 58, icmp=135 << 8)
    assert asked == by_hand("2001:db8::1 2001:db8::9", 58, 136, 135)


def test_an_echo_to_oneself_has_the_smaller_type_first() -> None:
    assert cid("127.0.0.1:7", "127.0.0.1:7", 1, icmp=8 << 8) == by_hand("127.0.0.1 127.0.0.1", 1, 0, 8)


def test_what_is_no_ip_has_none() -> None:
    assert cid("10.0.0.1:0", "10.0.0.2:0", 0, family=Family.ARP) == ""


def test_a_column_keeps_its_order() -> None:
    one, two = row("10.0.0.1:1", "10.0.0.2:2"), row("[2001:db8::1]:5", "[2001:db8::2]:6", 17)
    both = community_ids(np.concatenate([one, two, one]))
    assert list(both) == [*community_ids(one), *community_ids(two), *community_ids(one)]
