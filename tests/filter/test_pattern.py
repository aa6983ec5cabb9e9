from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter.pattern import LONGEST, LONGEST_WORD, found, trouble


@pytest.mark.parametrize(
    "pattern",
    [
        "fire", "^ssh", "^/usr/.*/(firefox|chrome)$", "fox|curl", r"\.so(\.\d+)?", "[a-z]+[0-9]*", "a{2,5}", "(?i)FIRE",
        "(?:abc){3}", "(foo|bar)?", r"usr=\w+", "[]*]", r"\(a\+\)\+", "", "[*+]{2}", "x{1}", "(a|b){1}", "(?P<name>a)b",
    ],
)  # fmt: skip
def test_ordinary_patterns_are_taken(pattern: str) -> None:
    assert trouble(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a*)*", "(a|a)*b", "(a|ab)+c", "((a+))+", "(?:a+b?)*", "(.*a){12}", ".*a.*b.*c.*d", "a*a*a*a*b", r"(a)\1",
        "(?P<n>a)(?P=n)", "(a{1,9}){1,9}", "(?i:(a|b)+)", "(?=a+)*b", "a{0,100}b{0,100}c{0,100}d{0,100}", "((a|b)c)+", "(a(b|c))+",
        "(a?b*)+", "((x*)y)*", "(?x)(a+) +b", "(?#)(a+)+", "(a)?(?(1)b|c)",
    ],
)  # fmt: skip
def test_patterns_that_can_take_for_ever_are_refused(pattern: str) -> None:
    assert "expected" in trouble(pattern)


@pytest.mark.parametrize("pattern", ["(", "[a", "*a", "a{99999999999}", "(?P<a", "a" * (LONGEST + 1), "(?<=a+)b"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    assert "expected" in trouble(pattern)


@given(st.text("ab*+?{},2()|[]^$.\\:=!<>-iP", max_size=24))
def test_any_text_is_taken_or_refused_with_what_is_expected(pattern: str) -> None:
    reason = trouble(pattern)
    if reason:
        assert "expected" in reason
    else:
        re.compile(pattern)


ATOMS = st.sampled_from(["a", "b", ".", "[ab]", "(a|b)", "ab", "(?:ab)", "^", "$"])
REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "*?"])
TEXTS = st.recursive(
    st.tuples(ATOMS, REPEATS).map("".join),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(st.just("("), inner, st.just(")"), REPEATS).map("".join),
        st.tuples(inner, st.just("|"), inner).map("".join),
    ),
    max_leaves=6,
)


@given(TEXTS)
def test_what_is_taken_ends_soon_on_words_made_to_hurt(pattern: str) -> None:
    if trouble(pattern):
        return
    began = time.perf_counter()
    for word in ("a" * 80 + "c", "ab" * 40 + "c"):
        found(pattern, word)
    assert time.perf_counter() - began < 1


def test_a_pattern_is_found_anywhere_in_a_word() -> None:
    assert found("ire", "firefox")
    assert not found("^ire", "firefox")


def test_no_more_of_a_word_is_looked_at_than_is_said() -> None:
    assert not found("b", "a" * LONGEST_WORD + "b")
