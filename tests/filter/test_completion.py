from __future__ import annotations

import pytest

from ratop_py.filter import FilterError, completions, parse


def test_the_begun_word_is_completed_and_its_place_told() -> None:
    words, start = completions("tcp and prog", 12)
    assert "program" in words
    assert start == 8


def test_values_of_a_field_are_offered() -> None:
    assert "medium" in completions("risk >= m", 9)[0]
    assert completions("user = a", 8, {"user": ("ada", "root")})[0] == ["ada"]


def test_after_a_whole_term_comes_and_or() -> None:
    assert completions("tcp ", 4)[0] == ["and", "or"]


def test_after_a_field_s_name_come_relations() -> None:
    assert completions("bytes ", 6)[0] == ["=", "!=", ">", ">=", "<", "<=", "in ("]
    assert "~" in completions("cmdline ", 8)[0]


@pytest.mark.parametrize("begun", ["bytes > ", "tcp and host ", "port "])
def test_a_number_or_an_address_is_not_guessed(begun: str) -> None:
    assert completions(begun, len(begun))[0] == []


def test_a_list_offers_values_again_and_again() -> None:
    assert completions("state in (CON, F", 16)[0] == ["FIN"]


@pytest.mark.parametrize("begun", ["tc", "not ud", "tcp and ar", "risk >= h", "state = C"])
def test_what_is_offered_makes_a_filter(begun: str) -> None:
    words, start = completions(begun, len(begun))
    assert words
    for word in words:
        try:
            parse(begun[:start] + word)
        except FilterError as error:
            assert error.start > start
