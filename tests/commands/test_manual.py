"""docs/commands.md is what the program says of itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py.cli import COMMANDS, door
from ratop_py.commands.manual import markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "commands.md"


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("COLUMNS", raising=False)
    return "\n".join(markdown(door))


def test_the_page_in_the_docs_is_up_to_date(page: str) -> None:
    if os.environ.get("RATOP_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page


def test_every_command_has_a_part(page: str) -> None:
    assert [line for line in page.splitlines() if line.startswith("## ")] == [
        "## ratop",
        *(f"## ratop {name}" for name in COMMANDS),
    ]


def test_every_option_of_every_command_says_what_it_does() -> None:
    for name in COMMANDS:
        command = door.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), (
                f"{name} {parameter.opts}"
            )
