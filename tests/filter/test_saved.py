"""Saved filters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter import FilterError, compile_filter
from ratop_py.filter.saved import WRONG_NAME, expand, offers, trouble

SAVED = {"web": "tcp and port in (80, 443)", "dns": "port 53 or 5353", "not-me": "not user ada"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("@web", "(tcp and port in (80, 443))"),
        ("@dns and tcp", "(port 53 or 5353) and tcp"),
        ("not @dns", "not (port 53 or 5353)"),
        ("@web or @dns", "(tcp and port in (80, 443)) or (port 53 or 5353)"),
        ("(@not-me)", "((not user ada))"),
        ('program = "@web"', 'program = "@web"'),
        ("user a@web", "user a@web"),
        ("tcp", "tcp"),
    ],
)
def test_a_name_stands_for_its_filter_in_parentheses(typed: str, meant: str) -> None:
    assert expand(typed, SAVED).text == meant


def refused(text: str, filters: dict[str, str] = SAVED) -> FilterError:
    with pytest.raises(FilterError) as caught:
        expand(text, filters)
    return caught.value


def test_an_unknown_name_is_an_error_at_its_place_that_names_the_nearest() -> None:
    error = refused("tcp and @wep")
    assert (error.start, error.end, error.nearest) == (8, 12, "@web")


@pytest.mark.parametrize(
    ("meaning", "sentence"),
    [
        ("@x", "the saved filter @x names another one"),
        ("@web and tcp", "the saved filter @x names another one"),
        ("", "the saved filter @x is empty"),
        ("port", "the saved filter @x is wrong: a port is expected, a number or a service name"),
        ('"open', "the saved filter @x is wrong: a closing quote is expected"),
        ("tcp) or (udp", "the saved filter @x is wrong: “and”, “or” or the end is expected"),
    ],
)
def test_a_saved_filter_that_is_none_is_an_error(meaning: str, sentence: str) -> None:
    assert refused("tcp and @x", {**SAVED, "x": meaning}).expected == sentence


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("@web and prt 80", 9, 12),
        ("bites > 3 and @web", 0, 5),
        ("@dns or @web and (bites > 3)", 18, 23),
        ("@web and", 8, 9),
    ],
)
def test_an_error_beside_a_name_is_shown_where_it_was_typed(typed: str, start: int, end: int) -> None:
    whole = expand(typed, SAVED)
    with pytest.raises(FilterError) as caught:
        compile_filter(whole.text, 0.0)
    error = whole.told(caught.value)
    assert (error.text, error.start) == (typed, start)
    assert error.end in (end, end - 1)


def test_a_filter_that_becomes_too_long_is_refused() -> None:
    assert "4096" in refused("@a and @a", {"a": "program = " + "x" * 3000}).expected


@given(st.text(max_size=60) | st.text(alphabet="@web ()\"'and", max_size=40))
def test_whatever_is_typed_nothing_but_a_filter_error_is_raised(text: str) -> None:
    try:
        whole = expand(text, SAVED)
    except FilterError as error:
        assert error.text == text
        return
    for at in range(len(whole.text)):
        start, end = whole.place(at)
        assert 0 <= start < end <= len(text) + 1


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("web", "tcp", ""),
        ("a b", "tcp", WRONG_NAME),
        ("1", "tcp", WRONG_NAME),
        ("web", " ", "there is no filter to save"),
        ("web", "tcp and port", "the saved filter @web is wrong: "),
        ("web", "@web", "the saved filter @web names another one"),
    ],
)
def test_what_may_be_saved(name: str, text: str, why: str) -> None:
    assert trouble(name, text).startswith(why)
    assert bool(trouble(name, text)) == bool(why)


def test_names_are_offered_behind_the_sign() -> None:
    assert offers("tcp and @", 9, None, SAVED) == (["@dns", "@not-me", "@web"], 8)
    assert offers("@w", 2, None, SAVED) == (["@web"], 0)
    assert offers("tcp a", 5, None, SAVED) == (["and"], 4)


def test_a_name_that_was_not_put_in_is_no_text_to_look_for() -> None:
    with pytest.raises(FilterError, match="no saved filter is known here"):
        compile_filter("@web", 0.0)
