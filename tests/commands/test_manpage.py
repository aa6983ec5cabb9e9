"""docs/ratop.1 is what the program says of itself."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from ratop_py import __version__
from ratop_py.cli import COMMANDS, door
from ratop_py.commands.grammar import grammar
from ratop_py.commands.manpage import escaped, page
from ratop_py.errors import Exit
from ratop_py.fields import FIELDS
from ratop_py.habits.preferences import settings
from ratop_py.tui.keymap import KEYS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ratop.1"
UTF8 = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "100"}


@pytest.fixture(scope="module")
def text() -> str:
    return "\n".join(page(door, __version__)) + "\n"


def test_the_page_in_the_docs_is_up_to_date(text: str) -> None:
    if os.environ.get("RATOP_WRITE_DOCS"):
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "RATOP_WRITE_DOCS=1 pytest tests/commands/test_manpage.py"


def test_every_command_option_key_setting_field_and_exit_code_is_told(text: str) -> None:
    assert [name for name in COMMANDS if f"\n.SS ratop {name}\n" not in text] == []
    words = {word for each in grammar(door) for option in each.options for word in option.words}
    assert [word for word in words if f"\\fB{escaped(word)}\\fP" not in text] == []
    assert [key.deed for key in KEYS if key.section and f"({escaped(key.deed)}" not in text] == []
    assert "\\eb" not in text
    assert [name for name in (*settings(), *FIELDS) if f"\n\\fB{escaped(name)}\\fP\n" not in text] == []
    assert [code for code in Exit if f"\n\\fB{code.value}\\fP\n" not in text] == []


def test_every_line_that_begins_like_a_request_is_one_that_is_meant(text: str) -> None:
    known = (
        ".SH ",
        ".SS ",
        ".TP",
        ".PP",
        ".nf",
        ".fi",
        ".RS ",
        ".RE",
        ".TH ",
        ".B ",
        ".BR ",
        ".I ",
        ".RI ",
        ".br",
        '.\\"',
    )
    assert [line for line in text.splitlines() if line[:1] in (".", "'") and not line.startswith(known)] == []


@pytest.mark.tool("groff")
@pytest.mark.system
def test_groff_has_no_complaint(text: str) -> None:
    command = ["groff", "-k", "-man", "-Tutf8", "-ww", "-z", "-rCHECKSTYLE=3"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, env=UTF8, timeout=30, check=True)
    assert done.stderr.decode() == ""


@pytest.mark.tool("man")
@pytest.mark.system
def test_man_shows_it_without_a_warning(text: str, tmp_path: Path) -> None:
    path = tmp_path / "ratop.1"
    path.write_text(text)
    done = subprocess.run(["man", "--warnings", "-l", str(path)], capture_output=True, env=UTF8, timeout=30, check=True)
    shown = re.sub(r".\x08", "", done.stdout.decode())
    assert done.stderr.decode() == ""
    assert "who this machine talks to" in shown
    assert "src net 192.168/16" in shown
    assert "\n       -m, --group FIELDS\n" in shown


@pytest.mark.parametrize(
    ("said", "written"), [(".x", "\\&.x"), ("'x", "\\(aqx"), ("a\\b", "a\\eb"), ("-s", "\\-s"), ("`x`", "“x”")]
)
def test_no_text_is_taken_for_a_request(said: str, written: str) -> None:
    assert escaped(said) == written
