"""Where packets and events come from."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from ratop_py.commands import OwnProcess
from ratop_py.commands.sources import Sources, with_sources
from ratop_py.config import DEFAULTS

SEEN: list[Sources] = []


@click.command()
@with_sources
def command(sources: Sources) -> None:
    SEEN.append(sources)


def asked(*words: str) -> Sources:
    SEEN.clear()
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 0, result.output
    return SEEN[0]


def refused(*words: str) -> str:
    result = CliRunner().invoke(command, words)
    assert result.exit_code == 2
    return result.output


def test_nothing_asked_is_live_with_the_default_events() -> None:
    assert asked() == Sources(events=DEFAULTS.events)
    assert asked().live


def test_interfaces_and_files_may_be_repeated() -> None:
    assert asked("-i", "a", "-i", "b").interfaces == ("a", "b")
    assert asked("-r", "a", "-r", "-").files == ("a", "-")


def test_a_file_is_not_live() -> None:
    assert not asked("-r", "a").live


def test_interfaces_and_files_together_are_refused() -> None:
    assert "either -i or -r" in refused("-i", "a", "-r", "b")


def test_a_context_without_a_file_is_refused() -> None:
    assert "--context" in refused("--context", "x.json")


@pytest.mark.parametrize(
    ("words", "owners"),
    [((), True), (("--events", "none"), False), (("-r", "a"), False), (("-r", "a", "--context", "c"), True)],
)
def test_owners_are_known_where_somebody_tells(words: tuple[str, ...], owners: bool) -> None:
    assert asked(*words).owners is owners


def test_settings_carry_everything() -> None:
    settings = asked("-i", "eth0", "--inner", "--events", "psutil").settings("tcp", speed=2.0)
    assert (settings.interfaces, settings.filter, settings.events) == (("eth0",), "tcp", "psutil")
    assert settings.inner
    assert settings.speed == 2.0


@pytest.mark.parametrize(("events", "given"), [("auto", True), ("prog:/bin/list:5s", False)])
def test_a_process_of_its_own_gives_up_privileges_unless_a_program_of_the_user_s_needs_them(
    events: str, given: bool
) -> None:
    assert not asked("--events", events).settings("").give_up
    SEEN.clear()
    CliRunner().invoke(command, ["--events", events], obj=OwnProcess())
    assert SEEN[0].settings("").give_up is given
