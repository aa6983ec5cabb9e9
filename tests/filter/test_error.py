from __future__ import annotations

from ratop_py.errors import Exit
from ratop_py.filter.error import FilterError, nearest


def test_the_message_names_place_expectation_and_word() -> None:
    error = FilterError("tcp and bites", 8, 13, "a field is expected", "bytes")
    assert error.message == "filter: a field is expected, not “bites” at 9"
    assert error.hint == "did you mean bytes?"
    assert error.exit_code is Exit.USAGE


def test_at_the_end_nothing_is_quoted() -> None:
    assert FilterError("tcp and", 7, 7, "a word is expected").message == "filter: a word is expected, not the end"


def test_what_a_stranger_typed_is_made_safe() -> None:
    assert "\x1b" not in FilterError("\x1b[31m", 0, 5, "a word is expected").message


def test_the_caret_stands_under_wide_and_hostile_characters_too() -> None:
    error = FilterError("日本 \x1b bites", 5, 10, "a field is expected")
    assert error.caret() == "日本 · bites\n       ^^^^^"


def test_nothing_near_is_no_proposal() -> None:
    assert nearest("qqqqqq", ("bytes", "pkts")) == ""
    assert nearest("byts", ("bytes", "pkts")) == "bytes"


def test_letters_changed_over_are_nearer_than_others() -> None:
    assert nearest("upd", ("uid", "udp")) == "udp"
    assert nearest("TCP", ("tcpb", "tcp")) == "tcp"


def test_a_single_letter_is_near_to_nothing() -> None:
    assert nearest("x", ("tx", "rx")) == ""
