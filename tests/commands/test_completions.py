"""`completions`: the scripts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py import cli
from ratop_py.cli import door
from ratop_py.commands.completions import SHELLS, lines

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "completions"
NAMES = {"bash": "ratop", "zsh": "_ratop", "fish": "ratop.fish"}


@pytest.mark.parametrize("shell", SHELLS)
def test_what_ships_is_up_to_date(shell: str) -> None:
    path, text = SHIPPED / NAMES[shell], "\n".join([*lines(shell, door), ""])
    if os.environ.get("RATOP_WRITE_DOCS"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, "RATOP_WRITE_DOCS=1 pytest tests/commands/test_completions.py"


def test_the_other_name_of_the_program_has_the_same_completion() -> None:
    assert "/ratop" in (SHIPPED / "ratop-py").read_text()
    assert "/ratop.fish" in (SHIPPED / "ratop-py.fish").read_text()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_same_commands_give_the_same_script(shell: str) -> None:
    assert list(lines(shell, door)) == list(lines(shell, door))


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(shell: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["completions", shell]) == 0
    assert capfdbinary.readouterr().out.decode() == "\n".join([*lines(shell, door), ""])


@pytest.mark.parametrize("shell", SHELLS)
def test_every_option_of_every_command_stands_in_it(shell: str) -> None:
    text = "\n".join(lines(shell, door))
    for name in cli.COMMANDS:
        command = door.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        for word in (word for each in command.params for word in each.opts if word.startswith("--")):
            assert (f"-l {word[2:]}" if shell == "fish" else word) in text, f"{name} {word}"
