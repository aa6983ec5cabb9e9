"""What may stand on a command line."""

from __future__ import annotations

import re

import pytest

from ratop_py.cli import COMMANDS, door
from ratop_py.commands.grammar import Command, Kind, field_names, filter_words, grammar, plain
from ratop_py.fields import FIELDS


@pytest.fixture(scope="module")
def commands() -> dict[str, Command]:
    return {each.name: each for each in grammar(door)}


def test_every_command_is_there_after_the_door(commands: dict[str, Command]) -> None:
    assert list(commands) == ["", *COMMANDS]
    assert all(each.does for name, each in commands.items() if name)


@pytest.mark.parametrize(
    ("command", "word", "kind"),
    [
        ("print", "-r", Kind.FILE),
        ("print", "-i", Kind.INTERFACE),
        ("print", "-s", Kind.FIELDS),
        ("print", "--group", Kind.FIELDS),
        ("print", "--format", Kind.CHOICE),
        ("print", "--summary", Kind.NOTHING),
        ("print", "-n", Kind.NOTHING),
        ("print", "-N", Kind.ANY),
        ("top", "--view", Kind.CHOICE),
        ("top", "--sort", Kind.FIELDS),
        ("", "--debug", Kind.NOTHING),
    ],
)
def test_what_an_option_takes_is_known(commands: dict[str, Command], command: str, word: str, kind: Kind) -> None:
    (option,) = (each for each in commands[command].options if word in each.words)
    assert option.kind is kind
    assert (word in commands[command].taking) == (kind is not Kind.NOTHING)
    assert bool(option.choices) == (kind is Kind.CHOICE)


def test_what_stands_after_the_options_is_known(commands: dict[str, Command]) -> None:
    rests = {name: each.rest for name, each in commands.items()}
    assert {name for name, rest in rests.items() if rest is Kind.FILTER} == {"top", "print", "demo"}
    assert rests["fields"] is Kind.FIELDS
    assert commands["completions"].choices == ("bash", "zsh", "fish")


def test_words_that_are_offered_need_no_quotes_in_any_shell() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_-]*", word) for word in (*filter_words(), *field_names()))
    assert set(field_names()) == set(FIELDS)
    assert {"tcp", "port", "and", "program"} <= set(filter_words())


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("A word. And more.", "A word"),
        ("Said `so`: ['x'] \"y\"", "Said so: x y"),
        ("x" * 100, "x" * 69 + "…"),
        ("pcapng, also .gz or .zst", "pcapng, also .gz or .zst"),
    ],
)
def test_a_help_text_becomes_short_and_harmless(text: str, short: str) -> None:
    assert plain(text) == short
