from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter import FilterError, parse, unparse
from ratop_py.filter.syntax import And, Contains, Equals, Not, Or, Ports, Word
from ratop_py.filter.vocabulary import known_words

NOW = 1_700_000_000.0
NAMED = [
    "10.0.0.0/8",
    "80",
    "=",
    ">",
    "~",
    "!~*",
    ",",
    "in",
    '"x"',
    "5m",
    "-5m",
    "1",
    "MB",
    "src",
    "dst",
    "mask",
    "multicast",
    "http",
    "\\tcp",
    "12:30",
    "->",
]
"""What is no word of the language, and may stand in a filter."""


def test_and_and_or_bind_equally_from_left_to_right() -> None:
    assert parse("udp or tcp and port 53") == parse("(udp or tcp) and port 53")


def test_not_binds_tighter_than_and() -> None:
    assert parse("not tcp and udp") == parse("(not tcp) and udp")


def test_the_last_qualifier_goes_on_applying() -> None:
    assert parse("port 80 or 443") == parse("port 80 or port 443")
    assert parse("host 10.0.0.1 and 10.0.0.2") == parse("host 10.0.0.1 and host 10.0.0.2")


def test_a_relation_goes_on_applying_too() -> None:
    assert parse("src port gt 40000 and lt 42000") == parse("(src port gt 40000) and (src port lt 42000)")


def test_a_port_by_name_means_its_protocol_only() -> None:
    assert parse("port http") == Ports("src or dst", 80, 80, "tcp")
    assert parse("port 80") == Ports("src or dst", 80, 80, "")


@pytest.mark.parametrize("text", ["port in (80, 443)", "port 80,443", "port (80 or 443)", "port 80 or port 443"])
def test_a_list_of_ports_can_be_written_in_four_ways(text: str) -> None:
    assert parse(text) == Or(Ports("src or dst", 80, 80), Ports("src or dst", 443, 443))


def test_a_list_of_words_is_one_node() -> None:
    assert parse("program in (a, b)") == Equals("program", ("a", "b"))


@pytest.mark.parametrize("word", ["firefox", "ssh", "cron", "node", "www-data", "root", "a"])
def test_a_bare_word_is_looked_for(word: str) -> None:
    assert parse(word) == Contains(word)
    assert parse(f"tcp and not {word}") == And(Word("tcp"), Not(Contains(word)))


@pytest.mark.parametrize(
    ("word", "near"), [("tpc", "tcp"), ("TCP", "tcp"), ("tcpp", "tcp"), ("upd", "udp"), ("hots", "host"), ("80", "")]
)
def test_a_bare_word_that_looks_like_a_slip_is_an_error(word: str, near: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(word)
    assert caught.value.nearest == near


def test_a_bare_address_is_a_host_and_a_bare_prefix_a_net() -> None:
    assert parse("10.0.0.1") == parse("host 10.0.0.1")
    assert parse("10.0.0.0/8") == parse("net 10.0.0.0/8")
    assert parse("src 10.0.0.1 or 10.0.0.2") == parse("src host 10.0.0.1 or src host 10.0.0.2")
    assert parse("dst 10/8") == parse("dst net 10.0.0.0/8")


def test_another_primitive_ends_what_a_qualifier_applies_to() -> None:
    assert parse("port 80 or program = x or y") == parse("port 80 or program = x or program = y")
    with pytest.raises(FilterError):
        parse("port 80 or tcp or 443")


def test_signs_and_words_mean_the_same() -> None:
    assert parse("tcp && !udp || icmp") == parse("tcp and not udp or icmp")
    assert parse("bytes >= 5") == parse("bytes gte 5")


def test_nothing_is_everything() -> None:
    assert unparse(parse("   ")) == ""


@pytest.mark.parametrize(
    ("text", "place", "near"),
    [
        ("prto 5", 0, "proto"),
        ("tcp and bites > 3", 8, "bytes"),
        ("tcp adn udp", 4, "and"),
        ("bytes > 1X", 8, ""),
        ("port htps", 5, ""),
        ("(tcp", 4, ""),
        ("pkts gt", 7, ""),
        ("host 10.0.0", 5, "net 10.0.0"),
        ("user = ", 7, ""),
        ('program ~ "("', 10, ""),
        ('program ~ "(a+)+b"', 10, ""),
    ],
)
def test_an_error_names_its_place_and_the_nearest_word(text: str, place: int, near: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.start == place
    assert caught.value.expected
    if near:
        assert caught.value.nearest == near


def test_the_caret_stands_under_the_wrong_word() -> None:
    with pytest.raises(FilterError) as caught:
        parse("tcp and bites > 3")
    assert caught.value.caret() == "tcp and bites > 3\n        ^^^^^"


WORDS = st.sampled_from([*known_words(), "and", "or", "not", "(", ")", *NAMED])


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_words_in_any_order_give_a_tree_or_an_error_with_a_place(text: str) -> None:
    try:
        node = parse(text, NOW)
    except FilterError as error:
        assert 0 <= error.start <= error.end <= len(text)
    else:
        assert parse(unparse(node), NOW) == node


@given(st.text(max_size=60))
def test_any_text_gives_a_tree_or_an_error(text: str) -> None:
    try:
        parse(text, NOW)
    except FilterError as error:
        assert error.message


LEAF = st.sampled_from(
    ["tcp", "src host 10.0.0.1", "dst net 10.0.0.0/8", "udp port 53", "bytes > 1M", "user = ada", "src syn", "sttl != dttl",
     'program ~ "^f"', "ip port 80", "ip6 proto tcp", "way in", "state fin", "port domain", "dir = '->'", "net ::/0",
     "user not in (a, b)", "src bytes > dst bytes", "dur > 2 s", "ip multicast", "firefox", "ether proto arp", "program ~* X",
     "saddr != 10.0.0.0/8", "stime > -5m", "ether src 02:00:00:00:00:01", "vlan 5", "why = a-b", "risk >= low"]
)  # fmt: skip


@given(st.recursive(LEAF, lambda inner: st.one_of(
    inner.map(lambda text: f"not ({text})"),
    st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda each: f"({each[0]}) {each[1]} ({each[2]})"),
)))  # fmt: skip
def test_what_is_written_out_parses_to_the_same_tree(text: str) -> None:
    node = parse(text, NOW)
    assert parse(unparse(node), NOW) == node


def test_hundreds_of_parentheses_are_an_error_not_a_crash() -> None:
    with pytest.raises(FilterError):
        parse("(" * 3000)
    with pytest.raises(FilterError):
        parse("not " * 1000 + "tcp")


def test_the_side_of_a_state_word_is_kept() -> None:
    assert parse("src rst and dst fin") == And(Word("rst", "src"), Word("fin", "dst"))
