from __future__ import annotations

import pytest

from ratop_py.filter import FilterError, parse
from ratop_py.filter.comparison import field_named
from ratop_py.filter.syntax import Compare, Equals, Like, Or, Pair, Within


def test_a_word_means_a_field_an_alias_or_both_sides() -> None:
    assert field_named("bytes") == ("bytes",)
    assert field_named("app") == ("program",)
    assert field_named("ttl") == ("sttl", "dttl")
    assert field_named("nonsense") is None


def test_src_and_dst_choose_the_side() -> None:
    assert parse("src bytes > 5") == Compare("sbytes", ">", 5, "5")
    assert parse("dst pkts 3") == Compare("dpkts", "=", 3, "3")


def test_a_field_of_both_sides_is_either() -> None:
    assert parse("ttl = 64") == Or(Compare("sttl", "=", 64, "64"), Compare("dttl", "=", 64, "64"))


def test_two_fields_of_one_kind_can_be_compared() -> None:
    assert parse("sttl != dttl") == Pair("sttl", "!=", "dttl")


def test_addresses_take_networks() -> None:
    assert parse("daddr in 10.0.0.0/8") == Within("daddr", 0xFFFF0A000000, 104, "10.0.0.0/8")


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
