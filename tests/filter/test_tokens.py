from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter.error import FilterError
from ratop_py.filter.tokens import LONGEST, Is, quoted, tokens


def texts(text: str) -> list[str]:
    return [token.text for token in tokens(text)][:-1]


def test_signs_need_no_blanks_around_them() -> None:
    assert texts("bytes>=5&&(!tcp||port=80)") == [
        "bytes",
        ">=",
        "5",
        "&&",
        "(",
        "!",
        "tcp",
        "||",
        "port",
        "=",
        "80",
        ")",
    ]


def test_addresses_times_and_prefixes_are_words() -> None:
    assert texts("2001:db8::1/64 -5m 10.0.0.0/8 12:30") == ["2001:db8::1/64", "-5m", "10.0.0.0/8", "12:30"]


def test_a_string_may_hold_quotes_and_blanks() -> None:
    token = tokens(r'"a \"b\" and c"')[0]
    assert (token.kind, token.text) == (Is.STRING, 'a "b" and c')


def test_an_open_quote_is_an_error_at_its_place() -> None:
    with pytest.raises(FilterError) as caught:
        tokens('user = "ada')
    assert caught.value.start == 7


def test_a_filter_has_a_longest() -> None:
    with pytest.raises(FilterError):
        tokens("a" * (LONGEST + 1))


@given(st.text(max_size=200))
def test_every_token_lies_where_it_says(text: str) -> None:
    try:
        found = tokens(text)
    except FilterError:
        return
    assert all(text[token.start : token.end] == token.text for token in found if token.kind in (Is.WORD, Is.SIGN))


@given(st.text(min_size=1, max_size=50))
def test_a_quoted_word_is_read_back(text: str) -> None:
    (token, _) = tokens(quoted(text))
    assert token.text == text
