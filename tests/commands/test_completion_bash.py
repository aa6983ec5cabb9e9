"""The completion for bash, in bash."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.cli import COMMANDS
from ratop_py.fields import FIELDS
from tests.helpers import shells


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shells.written("bash", tmp_path_factory.mktemp("bash"))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ratop pri", ["print"]),
        ("ratop comp", ["completions"]),
        ("ratop print --form", ["--format"]),
        ("ratop print --format js", ["jsonl"]),
        ("ratop print --format=js", ["jsonl"]),
        ("ratop completions ", ["bash", "zsh", "fish"]),
        ("ratop --view ris", ["risks"]),
        ("ratop top --events lso", ["lsof"]),
        ("ratop print -s progra", ["program", "programs"]),
        ("ratop print -s pid,smat", ["pid,smatch"]),
        ("ratop print -s +smat", ["+smatch"]),
        ("ratop print --sort -smat", ["-smatch"]),
        ("ratop print tcp and portr", ["portrange"]),
        ("ratop --debug comp", ["completions"]),
        ("ratop -i lo portr", ["portrange"]),
        ("ratop fields smat", ["smatch"]),
        ("ratop print tcp --form", []),
        ("ratop doctor x", []),
    ],
)
def test_a_line_is_ended(script: Path, line: str, offered: list[str]) -> None:
    assert shells.in_bash(script, line) == offered


def test_at_first_every_command_is_offered(script: Path) -> None:
    assert set(COMMANDS) <= set(shells.in_bash(script, "ratop "))


def test_options_of_the_door_and_of_top_are_offered_together(script: Path) -> None:
    assert {"--debug", "--version", "--view", "-r"} <= set(shells.in_bash(script, "ratop -"))


def test_every_field_is_offered(script: Path) -> None:
    assert set(FIELDS) <= set(shells.in_bash(script, "ratop print -m "))


def test_interfaces_are_those_of_the_machine(script: Path) -> None:
    assert {"any", "lo"} <= set(shells.in_bash(script, "ratop -i "))


def test_files_are_offered_where_files_are_wanted(script: Path) -> None:
    assert shells.in_bash(script, f"ratop -r {script.parent}/rat") == [str(script)]


def test_saved_filters_are_asked_of_ratop_and_only_for_them(script: Path, tmp_path: Path) -> None:
    fake = tmp_path / "ratop"
    fake.write_text('#!/bin/sh\necho "$@" >> "$0.called"\necho @web\necho @dns\n')
    fake.chmod(0o755)
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    assert shells.in_bash(script, "ratop print @w", path) == ["@web"]
    shells.in_bash(script, "ratop print tc", path)
    assert (tmp_path / "ratop.called").read_text() == "filters --names\n"
