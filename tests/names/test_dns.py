from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.names.dns import Said, answers, multicast, reversed_address
from ratop_py.net.address import parse
from tests.helpers import talk as t


def names(said: tuple[Said, ...]) -> list[tuple[str, int]]:
    return [(each.name, each.address) for each in said]


def number(text: str) -> int:
    return parse(text)[0]


def test_an_answer_gives_all_addresses_the_name_that_was_asked_for() -> None:
    said = answers(t.answer("www.example.com", t.address("192.0.2.1", ttl=300), t.address("2001:db8::1")))
    assert names(said) == [("www.example.com", number("192.0.2.1")), ("www.example.com", number("2001:db8::1"))]
    assert [each.ttl for each in said] == [300, 60]


def test_a_chain_of_aliases_is_followed_to_the_address() -> None:
    first, second = t.alias("a.example.net"), t.alias("b.example.org", t.qname("a.example.net"))
    said = answers(t.answer("www.example.com", first, second, t.address("192.0.2.1", t.qname("b.example.org"))))
    assert names(said) == [("www.example.com", number("192.0.2.1"))]


def test_an_address_of_another_name_is_not_believed() -> None:
    assert answers(t.answer("www.example.com", t.address("192.0.2.1", t.qname("bank.example")))) == ()


def test_aliases_in_a_circle_end() -> None:
    circle = (t.alias("a.example"), t.alias("www.example.com", t.qname("a.example")))
    assert answers(t.answer("www.example.com", *circle)) == ()


def test_case_makes_no_difference() -> None:
    said = answers(t.answer("wWw.ExAmple.com", t.address("192.0.2.1", t.qname("www.example.com"))))
    assert names(said) == [("www.example.com", number("192.0.2.1"))]


def test_a_reverse_answer_is_what_the_holder_of_the_address_says() -> None:
    said = answers(t.answer("34.216.184.93.in-addr.arpa", t.record(t.WHO, t.PTR, t.qname("host.example"))))
    assert said == (Said("host.example", number("93.184.216.34"), 60, reverse=True),)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("1.2.0.192.in-addr.arpa", "192.0.2.1"),
        ("1." + "0." * 23 + "8.b.d.0.1.0.0.2.ip6.arpa", "2001:db8::1"),
        ("999.2.0.192.in-addr.arpa", ""),
        ("2.0.192.in-addr.arpa", ""),
        ("example.arpa", ""),
        ("example.com", ""),
    ],
)
def test_names_below_arpa_are_addresses(name: str, address: str) -> None:
    assert reversed_address(name) == (number(address) if address else 0)


@pytest.mark.parametrize("flags", [0x0100, 0x8183, 0x8182, 0x9180])
def test_questions_failures_and_other_operations_say_nothing(flags: int) -> None:
    assert answers(t.answer("www.example.com", t.address("192.0.2.1"), flags=flags)) == ()


def test_a_message_that_is_cut_gives_what_stands_before() -> None:
    message = t.answer("www.example.com", t.address("192.0.2.1"), t.address("192.0.2.2"))
    assert names(answers(message[:-3])) == [("www.example.com", number("192.0.2.1"))]


def test_every_cut_of_a_message_is_read() -> None:
    message = t.answer("www.example.com", t.alias("a.example"), t.address("192.0.2.1", t.qname("a.example")))
    assert [bool(answers(message[:size])) for size in range(len(message))] == [False] * len(message)


def test_a_name_that_points_to_itself_or_forward_ends_the_message() -> None:
    head = struct.pack(">HHHHHH", 7, 0x8180, 1, 1, 0, 0)
    for pointer in (b"\xc0\x0c", b"\xc0\x20", b"\xff\xff"):
        assert answers(head + pointer + bytes(40)) == ()


def test_a_claim_of_many_records_costs_no_more_than_there_are() -> None:
    assert names(answers(t.answer("a.example", t.address("192.0.2.1"), count=65_535))) == [
        ("a.example", number("192.0.2.1"))
    ]


def test_a_lifetime_with_the_top_bit_is_none() -> None:
    assert answers(t.answer("a.example", t.address("192.0.2.1", ttl=1 << 31)))[0].ttl == 0


def test_a_station_names_addresses_below_local_and_no_others() -> None:
    owner, other = t.qname("printer.local"), t.qname("www.example.com")
    head = struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 2)
    flushed = t.record(owner, t.A, bytes([192, 0, 2, 9]), family=0x8001)
    message = head + flushed + t.address("2001:db8::9", owner) + t.address("192.0.2.8", other)
    assert names(multicast(message)) == [
        ("printer.local", number("192.0.2.9")),
        ("printer.local", number("2001:db8::9")),
    ]


def test_a_question_to_all_says_nothing() -> None:
    assert multicast(t.query("printer.local")) == ()


@given(st.binary(max_size=600))
def test_any_bytes_are_read(data: bytes) -> None:
    answers(data)
    multicast(data)


@given(st.data())
def test_any_change_of_a_message_is_read(data: st.DataObject) -> None:
    message = bytearray(t.answer("www.example.com", t.alias("a.example"), t.address("192.0.2.1", t.qname("a.example"))))
    for _ in range(data.draw(st.integers(1, 6))):
        message[data.draw(st.integers(0, len(message) - 1))] = data.draw(st.integers(0, 255))
    for each in answers(bytes(message)) + multicast(bytes(message)):
        assert each.address < 1 << 128
        assert each.ttl >= 0
