"""Habits in a real terminal: what was chosen comes back, what was forgotten does not, what is wrong is said."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.tmux import Tmux, terminal

pytestmark = [pytest.mark.system, pytest.mark.tool("tmux"), pytest.mark.slow]

FILES = "-r ratop_py/assets/demo.pcap.gz --context ratop_py/assets/demo.json"
TOP = f"{sys.executable} -m ratop_py top {FILES}"
CONFIG = """\
rat = 3
[keys]
pause = ["f5"]
[filters]
web = "tcp and port in (80, 443)"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "ratop").mkdir()
    (tmp_path / "ratop" / "config.toml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def window(home: Path) -> Iterator[Tmux]:
    with terminal(environ={"XDG_CONFIG_HOME": str(home), "XDG_STATE_HOME": str(home / "state")}) as it:
        yield it


def start(it: Tmux, more: str, wanted: str) -> str:
    it.type(f"{TOP} {more}; echo EX''IT $?\n")
    return it.wait(wanted)


def leave(it: Tmux) -> str:
    it.keys("q")
    seen = it.wait("EXIT 0")
    it.type("clear\n")
    it.gone("EXIT 0")
    return seen


def test_view_and_lines_come_back_and_the_filter_does_not(window: Tmux, home: Path) -> None:
    start(window, "", "firefox")
    window.keys("F5")
    window.wait("paused")
    window.keys("F5", "3")
    window.wait("push.mail.example")
    window.keys("/")
    window.type("@web and user ada")
    window.wait("✓")
    window.keys("Enter")
    window.wait("filter @web and user ada")
    assert "there is no setting “rat”" in leave(window)
    state = home / "state" / "ratop" / "state.json"
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    kept = json.loads(state.read_text())
    assert (kept["view"], kept["filter"]) == ("hosts", "@web and user ada")
    start(window, "--last", "filter @web and user ada")
    leave(window)
    seen = start(window, "", "push.mail.example")
    assert "no filter" in seen
    window.keys("/", "Up")
    window.wait("@web and user ada")
    window.keys("Escape")
    window.gone("keep the old one")
    leave(window)


def test_without_state_nothing_is_read_or_written(window: Tmux, home: Path) -> None:
    start(window, "--no-state", "firefox")
    window.keys("3")
    window.wait("push.mail.example")
    leave(window)
    assert not (home / "state").exists()
