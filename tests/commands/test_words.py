"""Filter words at the end of a command line."""

from __future__ import annotations

import click
import pytest

from ratop_py.commands.print import command
from ratop_py.commands.words import joined, options_of, suspect

COMMANDS = ("top", "print", "demo", "doctor", "fields")


def test_words_need_no_quotes() -> None:
    assert joined(["tcp", "and", "port", "80"]) == "tcp and port 80"


def test_quoted_words_are_the_same() -> None:
    assert joined(["tcp and", "port 80"]) == "tcp and port 80"


@pytest.mark.parametrize("dash", ["-", "--"])
def test_a_dash_before_the_filter_is_allowed(dash: str) -> None:
    assert joined([dash, "udp"]) == "udp"


def test_values_that_look_like_options_stay_in_the_filter() -> None:
    assert joined(["stime", ">", "-5m"], {"-r"}) == "stime > -5m"


def test_an_option_among_the_words_is_an_error_that_says_where_it_belongs() -> None:
    with pytest.raises(click.UsageError, match="before the filter"):
        joined(["tcp", "--format", "csv"], options_of(command))
    with pytest.raises(click.UsageError, match="--format=csv"):
        joined(["tcp", "--format=csv"], options_of(command))


def test_options_of_a_command_are_known_by_all_their_names() -> None:
    assert {"-m", "--group", "-r", "--inner"} <= options_of(command)


def test_a_word_near_a_command_that_is_no_filter_is_suspect() -> None:
    assert suspect(["pritn"], COMMANDS) == "print"
    assert suspect(["tpo"], COMMANDS) == "top"


def test_a_filter_is_not_suspect_though_its_word_is_near_a_command() -> None:
    assert suspect(["port", "53"], COMMANDS) == ""


def test_a_word_like_no_command_is_left_to_the_filter() -> None:
    assert suspect(["zzz"], COMMANDS) == ""
