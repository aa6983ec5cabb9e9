"""The completion for fish, in fish."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.cli import COMMANDS
from ratop_py.commands.completion_fish import quoted
from tests.helpers import shells

pytestmark = [pytest.mark.tool("fish"), pytest.mark.system]


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shells.written("fish", tmp_path_factory.mktemp("fish"))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("ratop print --forma", {"--format"}),
        ("ratop print --format js", {"jsonl"}),
        ("ratop --view ris", {"risks"}),
        ("ratop print -s pid,smat", {"pid,smatch"}),
        ("ratop print tcp and portr", {"portrange"}),
        ("ratop completions fi", {"fish"}),
        ("ratop -i lo portr", {"portrange"}),
    ],
)
def test_a_line_is_ended(script: Path, line: str, offered: set[str]) -> None:
    assert set(shells.in_fish(script, line)) == offered


def test_at_first_every_command_is_offered(script: Path) -> None:
    assert set(COMMANDS) <= set(shells.in_fish(script, "ratop "))


def test_saved_filters_are_asked_of_ratop(script: Path, tmp_path: Path) -> None:
    fake = tmp_path / "ratop"
    fake.write_text("#!/bin/sh\necho @web\necho @dns\n")
    fake.chmod(0o755)
    assert "@web" in shells.in_fish(script, "ratop print @w", {"PATH": f"{tmp_path}:/usr/bin:/bin"})


def test_words_are_quoted_for_the_shell() -> None:
    assert quoted("it's \\") == "'it\\'s \\\\'"
