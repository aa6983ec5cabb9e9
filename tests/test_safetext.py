from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.safetext import clean, decode, words_of

HOSTILE = {
    "an escape": "\x1b[31mred\x1b[0m",
    "a title": "\x1b]0;owned\x07",
    "a clipboard": "\x1b]52;c;aGk=\x07",
    "CSI in one byte": "\x9b31m",
    "a bell, a backspace, a delete": "\x07\x08\x7f",
    "lines": "a\nb\rc\x0bd\x85e\u2028f\u2029g",
    "a tab": "a\tb",
    "a null": "a\x00b",
    "right to left override": "a\u202egpj.exe",
    "isolates": "\u2066x\u2069",
    "zero width": "a\u200b\u200c\u200d\u2060\ufeffb",
    "a soft hyphen": "a\u00adb",
    "tags": "a\U000e0041b",
    "combining": "a" + "\u0301" * 50,
    "variation selectors": "\u2764\ufe0f",
    "odd spaces": "a\u00a0\u2003\u3000b",
    "fillers": "\u3164\u115f\uffa0\u2800",
    "surrogates": "a\ud800b",
    "unassigned": "a\u0378\U0010ffffb",
    "private use": "a\ue000b",
    "a flag": "\U0001f1e6\U0001f1f6",
    "a skin tone": "\U0001f44b\U0001f3fd",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_that_moves_hides_or_turns_text_passes(text: str) -> None:
    assert safe(clean(text))


@given(st.text(st.characters(codec=None), max_size=80), st.integers(0, 300))
def test_any_text_becomes_safe_and_bounded(text: str, limit: int) -> None:
    found = clean(text, limit)
    assert safe(found)
    assert len(found) <= limit
    found.encode("utf-8")


@given(st.text(max_size=80))
def test_clean_text_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=256))
def test_printable_ascii_passes_untouched(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("text", ["Größe", "日本語", "Ωmega", "😀", "firefox-esr", "naïve"])
def test_words_of_the_world_pass(text: str) -> None:
    assert clean(text) == text


def test_letters_and_accents_are_composed_before_accents_are_refused() -> None:
    assert clean("cafe\u0301") == "café"


def test_what_is_refused_leaves_a_mark() -> None:
    assert clean("bad\x1b[31mname") == "bad·[31mname"


def test_a_flag_is_its_letters() -> None:
    assert clean("\U0001f1e6\U0001f1f6") == "AQ"


def test_long_text_says_that_it_was_cut() -> None:
    assert clean("a" * 300, 10) == "a" * 9 + "…"
    assert clean("a" * 10, 10) == "a" * 10
    assert clean("abc", 0) == ""


@given(st.binary(max_size=400), st.integers(1, 50))
def test_any_bytes_become_safe_text(raw: bytes, limit: int) -> None:
    assert safe(decode(raw, limit))
    assert len(decode(raw, limit)) <= limit


def test_bytes_that_are_no_utf8_are_seen() -> None:
    assert decode(b"a\xff\xfeb") == "a··b"
    assert decode("日本".encode()) == "日本"


def test_long_bytes_say_that_they_were_cut() -> None:
    assert decode("日".encode() * 50, 10) == "日" * 9 + "…"
    assert decode(b"a" * 50, 10) == "a" * 9 + "…"


def safe(text: str) -> bool:
    """Whether each character stands in a cell of its own and does nothing else."""
    return all(
        unicodedata.category(each)[0] not in "CM" and unicodedata.category(each) not in ("Zl", "Zp") for each in text
    )


def test_an_error_s_words_are_clean_and_without_its_number() -> None:
    assert words_of(PermissionError(1, "no \x1b[31m way")) == clean("no \x1b[31m way")
    assert words_of(LookupError("nothing")) == "nothing"
    assert words_of(ValueError()) == ""
