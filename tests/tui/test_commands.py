"""The words of the `:` line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.config import THEMES
from ratop_py.fields import FIELDS
from ratop_py.tui import ink
from ratop_py.tui.commands import BY_NAME, COMMANDS, Call, offers, parse
from ratop_py.tui.prompt import Trouble
from ratop_py.view import SIGHTS


def test_no_word_means_two_commands() -> None:
    assert len(BY_NAME) == sum(1 + len(command.aliases) for command in COMMANDS)


@pytest.mark.parametrize(
    ("line", "call"),
    [("sort -bytes", Call("sort", "-bytes", 5)), ("f tcp and port 443", Call("filter", "tcp and port 443", 2)),
     ("q", Call("quit", "", 1)), ("  pause", Call("pause", "", 7)), ("", Call("")), ("exp", Call("export", "", 3))],
)  # fmt: skip
def test_a_line_is_a_command_and_what_stands_behind_it(line: str, call: Call) -> None:
    assert parse(line) == call


def test_a_wrong_word_is_named_with_the_nearest() -> None:
    assert parse("srot bytes") == Trouble(0, 4, "there is no command “srot”", "sort")


def test_what_takes_nothing_says_so() -> None:
    trouble = parse("pause now")
    assert isinstance(trouble, Trouble)
    assert "takes nothing" in trouble.sentence


def test_a_beginning_that_can_only_be_one_is_enough() -> None:
    assert parse("ex x") == Call("export", "x", 3)
    assert isinstance(parse("fi"), Trouble)


@given(st.text(max_size=40))
def test_any_line_is_a_call_or_trouble_inside_it(line: str) -> None:
    told = parse(line)
    if isinstance(told, Trouble):
        assert 0 <= told.start <= told.end <= max(len(line), 1)


def test_words_are_offered_for_what_was_begun() -> None:
    assert offers("so", FIELDS) == (("sort",), 0)
    words, start = offers("sort -by", FIELDS)
    assert "bytes" in words
    assert start == 6
    assert offers("theme li", FIELDS) == (("light",), 6)
    assert offers("theme mi", FIELDS, (*THEMES, "mine")) == (("mine",), 6)
    assert offers("pause x", FIELDS)[0] == ()


def test_the_themes_are_those_there_are() -> None:
    assert ink.themes()[: len(THEMES)] == THEMES


def test_views_and_fields_are_offered_where_they_are_taken() -> None:
    assert offers("view p", FIELDS) == (("programs", "ports"), 5)
    words, start = offers("group proto,sta", FIELDS)
    assert "state" in words
    assert start == 12


def test_every_view_is_a_word_of_the_view_command() -> None:
    assert offers("view ", FIELDS)[0] == tuple(SIGHTS)
