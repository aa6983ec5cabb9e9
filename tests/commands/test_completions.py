"""`completions`: the scripts."""

from __future__ import annotations

import pytest

from ratop_py import cli
from ratop_py.cli import door
from ratop_py.commands.completions import SHELLS, lines


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
