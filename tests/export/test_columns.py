"""Argus's grammar of columns."""

from __future__ import annotations

import pytest

from ratop_py.errors import Exit, RatopError
from ratop_py.export.columns import Chosen, choose

KNOWN = {name: name for name in ("stime", "saddr", "daddr", "bytes", "user", "state")} | {"login": "user"}
DEFAULT = ("stime", "saddr", "daddr")


def names(*specs: str) -> list[str]:
    return [column.name for column in choose(specs, DEFAULT, KNOWN)]


def test_nothing_asked_is_the_default() -> None:
    assert names() == ["stime", "saddr", "daddr"]


def test_plain_names_replace_the_default() -> None:
    assert names("bytes user", "state") == ["bytes", "user", "state"]


def test_a_plus_adds_at_the_end() -> None:
    assert names("+user") == ["stime", "saddr", "daddr", "user"]


def test_a_number_after_the_sign_is_a_place_counted_from_zero() -> None:
    assert names("+1user") == ["stime", "user", "saddr", "daddr"]


def test_a_minus_removes() -> None:
    assert names("-saddr") == ["stime", "daddr"]


def test_commas_and_blanks_separate() -> None:
    assert names("+user,-stime  +bytes") == ["saddr", "daddr", "user", "bytes"]


def test_a_name_stands_once_where_it_was_asked_last() -> None:
    assert names("+stime") == ["saddr", "daddr", "stime"]


def test_a_width_comes_after_a_colon() -> None:
    assert choose(["saddr:30"], DEFAULT, KNOWN) == (Chosen("saddr", 30),)


def test_another_word_for_a_field_is_its_name() -> None:
    assert names("login") == ["user"]


def test_an_unknown_field_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(RatopError) as caught:
        choose(["sadr"], DEFAULT, KNOWN)
    assert caught.value.exit_code is Exit.USAGE
    assert "`saddr`" in caught.value.hint


@pytest.mark.parametrize("word", ["saddr:x", "++user", "saddr:", "12", "+"])
def test_a_word_that_cannot_be_read_is_an_error(word: str) -> None:
    with pytest.raises(RatopError, match="cannot read"):
        choose([word], DEFAULT, KNOWN)


def test_no_column_left_is_an_error() -> None:
    with pytest.raises(RatopError, match="no column"):
        choose(["-stime -saddr -daddr"], DEFAULT, KNOWN)
