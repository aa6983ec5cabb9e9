"""The guide names pictures, keys, commands and settings that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from assets.make_pictures import LARGEST, PICTURES
from ratop_py.cli import door
from ratop_py.commands.checking import checked
from ratop_py.commands.grammar import grammar
from ratop_py.habits.configfile import read
from ratop_py.tui.commands import BY_NAME
from ratop_py.tui.keymap import KEYS, sign

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "guide.md").read_text(encoding="utf-8")
SPANS = sorted(set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))))
SCREEN = set("↓↑▲△·–✗")
"""Signs of the screen that are no keys."""


def test_every_picture_is_there_small_shown_and_made_by_the_script() -> None:
    shown = {(ROOT / "docs" / path).resolve() for path in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT)}
    made = {(ROOT / (each.path or f"docs/pictures/{name}.svg")).resolve() for name, each in PICTURES.items()}
    assert shown == made
    assert [path.name for path in shown if path.stat().st_size > LARGEST] == []
    assert set((ROOT / "docs" / "pictures").iterdir()) <= made


def test_pictures_load_nothing_from_elsewhere() -> None:
    for path in (ROOT / "docs" / "pictures").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "@font-face" not in text
        assert not re.search(r"(href|src|url)\s*[=(]\s*[\"']?https?:", text)


def test_every_key_of_the_guide_is_a_key() -> None:
    keys = {sign(name) for key in KEYS for name in key.keys} | {name for key in KEYS for name in key.keys}
    assert [span for span in SPANS if len(span) <= 2 and span not in keys | SCREEN] == []


def test_every_command_line_of_the_guide_can_be_typed() -> None:
    commands = {each.name: each for each in grammar(door)}
    lines = [shlex.split(span) for span in SPANS if span.startswith(("ratop ", "sudo ratop"))]
    for line in lines:
        words = line[line.index("ratop") + 1 :]
        command = commands[words[0] if words and words[0] in commands else "top"]
        known = {word for option in command.options for word in option.words}
        assert [word for word in words if re.match(r"--?[a-z]", word) and word not in known] == [], line
    assert len(lines) > 5


def test_every_colon_command_of_the_guide_is_one() -> None:
    assert [span for span in SPANS if re.match(r":[a-z]", span) and span[1:].split()[0] not in BY_NAME] == []


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
def test_configuration_of_the_guide_is_right(block: str) -> None:
    assert checked(read(block, "guide.md"), lent=False).troubles == ()


def test_every_page_the_guide_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", TEXT)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
