from __future__ import annotations

import pytest

from ratop_py.filter import FilterError, parse
from ratop_py.filter.comparison import field_named
from ratop_py.filter.syntax import And, Compare, Equals, Like, Not, Or, Pair, Within, Word


def test_a_word_means_a_field_an_alias_or_both_sides() -> None:
    assert field_named("bytes") == ("bytes",)
    assert field_named("app") == ("program",)
    assert field_named("ttl") == ("sttl", "dttl")
    assert field_named("ttl", "src") == ("sttl",)
    assert field_named("app", "dst") == ("dprog",)
    assert field_named("dur", "src") == ("sdur",)
    assert field_named("nonsense") is None
    assert field_named("risk", "src") is None


def test_src_and_dst_choose_the_side() -> None:
    assert parse("src bytes > 5") == Compare("sbytes", ">", 5, "5")
    assert parse("dst pkts 3") == Compare("dpkts", "=", 3, "3")


def test_a_field_of_both_sides_is_either() -> None:
    assert parse("ttl = 64") == Or(Compare("sttl", "=", 64, "64"), Compare("dttl", "=", 64, "64"))


def test_two_fields_of_one_kind_can_be_compared() -> None:
    assert parse("sttl != dttl") == Pair("sttl", "!=", "dttl")
    assert parse("src bytes > dst bytes") == Pair("sbytes", ">", "dbytes")


def test_argus_s_other_words_for_fields_are_understood() -> None:
    assert parse("mid 1001") == Or(Compare("smpls", "=", 1001, "1001"), Compare("dmpls", "=", 1001, "1001"))
    assert parse("avgdur gt 0.1") == Compare("dur", ">", 10**8, "0.1")
    assert parse("dst program firefox") == Equals("dprog", ("firefox",))


@pytest.mark.parametrize(
    ("apart", "joined"),
    [("bytes > 1 MB", "bytes > 1MB"), ("dur < 2 min", "dur < 2min"), ("load > 1 Mbit/s", "load > 1Mbit/s")],
)
def test_a_unit_may_stand_apart(apart: str, joined: str) -> None:
    assert parse(apart) == parse(joined)


def test_a_word_after_a_number_is_no_unit_if_it_means_something_itself() -> None:
    assert parse("src bytes > 5 and dst pkts < 3") == And(Compare("sbytes", ">", 5, "5"), Compare("dpkts", "<", 3, "3"))


def test_lists_can_be_refused() -> None:
    assert parse("user not in (ada, root)") == Not(Equals("user", ("ada", "root")))
    assert parse("saddr not in 10.0.0.0/8") == Not(parse("saddr in 10.0.0.0/8"))


def test_in_is_a_value_of_way() -> None:
    assert parse("way in and tcp") == And(Equals("way", ("in",)), Word("tcp"))
    assert parse("way in (in, out)") == Equals("way", ("in", "out"))


def test_closed_fields_are_spelled_as_they_are_shown() -> None:
    assert parse("state fin") == Equals("state", ("FIN",))
    assert parse("proto 17") != parse("proto = 17") == Equals("proto", ("udp",))
    assert parse("proto = ICMP6") == Equals("proto", ("ipv6-icmp",))
    assert parse("proto = ip-253") == Equals("proto", ("ip-253",))
    assert parse("dir = '->'") == Equals("dir", (" ->",))


@pytest.mark.parametrize(
    ("text", "near"),
    [("proto = tpc", "tcp"), ("state = FNI", "FIN"), ("owner = sharde", "shared"), ("way = inn", "in")],
)
def test_a_word_that_a_closed_field_never_holds_is_refused_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert caught.value.nearest == near


def test_a_star_after_the_tilde_forgets_case() -> None:
    assert parse("program ~* fire") == Like("program", "(?i)fire")
    assert parse("program !~* fire") == Like("program", "(?i)fire", found=False)


def test_addresses_take_networks() -> None:
    assert parse("daddr in 10.0.0.0/8") == Within("daddr", 0xFFFF0A000000, 104, "10.0.0.0/8")


def test_an_end_that_has_no_other_address_is_named_by_its_mac() -> None:
    assert parse("peer = 01:80:c2:00:00:0e") == Within("peer", 0x0180C200000E, 128, "01:80:c2:00:00:0e", ether=True)
    assert parse("peer = ::180:c200:e") == Within("peer", 0x0180C200000E, 128, "::180:c200:e")


def test_text_takes_words_and_patterns() -> None:
    assert parse("user ada") == Equals("user", ("ada",))
    assert parse("user != ada") == Equals("user", ("ada",), same=False)
    assert parse("user !~ '^a'") == Like("user", "^a", found=False)


@pytest.mark.parametrize(
    "text", ["user > 5", "saddr > 10.0.0.1", "bytes ~ x", "dur = never", "risk >= awful", "src user"]
)
def test_a_comparison_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(FilterError):
        parse(text)
