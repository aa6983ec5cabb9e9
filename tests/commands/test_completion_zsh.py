"""The completion for zsh, in zsh."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ratop_py.cli import door
from ratop_py.commands.completion_zsh import quoted, script
from ratop_py.commands.grammar import grammar
from tests.helpers import shells


@pytest.fixture(scope="module")
def zsh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[shells.Zsh]:
    folder = tmp_path_factory.mktemp("zsh")
    running = shells.Zsh(shells.written("zsh", folder), folder)
    yield running
    running.close()


@pytest.mark.tool("zsh")
@pytest.mark.system
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("ratop comp", "completions"),
        ("ratop print --forma", "--format"),
        ("ratop print --format js", "jsonl"),
        ("ratop --view ris", "risks"),
        ("ratop print -s pid,smat", "pid,smatch"),
        ("ratop print tcp and portr", "portrange"),
        ("ratop completions fi", "fish"),
        ("ratop -i lo portr", "portrange"),
    ],
)
def test_a_line_is_ended(zsh: shells.Zsh, line: str, whole: str) -> None:
    rest = whole.removeprefix(line.split()[-1])
    assert rest in zsh.offered(line, rest)


def test_it_can_stand_in_a_folder_of_functions_and_be_evaluated() -> None:
    lines = list(script(grammar(door)))
    assert lines[0] == "#compdef ratop ratop-py"
    assert "  compdef _ratop ratop ratop-py" in lines


def test_words_are_quoted_for_the_shell() -> None:
    assert quoted("it's") == "'it'\\''s'"
