"""The real screen in a real terminal: start, sort, filter, pause, export, quit; and the terminal is as it was."""

from __future__ import annotations

import csv
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.tmux import Tmux, terminal

pytestmark = [pytest.mark.system, pytest.mark.tool("tmux")]

DEMO = f"{sys.executable} -m ratop_py demo"
FAKE = f"{sys.executable} -m tests.helpers.screenrunner"


@pytest.fixture
def window() -> Iterator[Tmux]:
    """A terminal of ordinary size."""
    with terminal() as it:
        yield it


def start(it: Tmux, command: str, wanted: str) -> None:
    it.type(f"{command}; echo EX''IT $?\n")
    it.wait(wanted)


def quit_well(it: Tmux, code: int = 0) -> None:
    it.keys("q")
    it.wait(f"EXIT {code}")
    it.restored()


def test_the_demo_is_sorted_filtered_paused_exported_and_left(window: Tmux, tmp_path: Path) -> None:
    start(window, DEMO, "firefox")
    window.keys("s", "Home", "Enter")
    window.wait("risk↓")
    window.wait("sort risk ↓")
    window.keys("/")
    window.type("program = firefox and bytes >")
    window.wait("not applied")
    window.type(" 1k")
    window.wait("✓")
    window.keys("Enter")
    window.wait("filter program = firefox and bytes > 1k")
    window.gone("rclone")
    window.keys("p")
    window.wait("‖ paused")
    matched = re.search(r"flows (\d+) of", window.seen())
    assert matched is not None
    there = tmp_path / "flows.csv"
    window.keys("e", "C-u")
    window.type(str(there))
    window.keys("Enter")
    window.wait("written to")
    with there.open() as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == int(matched[1])
    assert {row["program"] for row in rows} == {"firefox"}
    assert there.stat().st_mode & 0o777 == 0o600
    window.keys("p")
    window.wait("▶ replay")
    quit_well(window)


def test_details_answer_who_and_why(window: Tmux) -> None:
    start(window, f"{DEMO} --speed 10", "firefox")
    window.wait("▲")
    window.type(":sort risk")
    window.keys("Enter")
    window.wait("sort risk ↓")
    window.keys("g", "w")
    window.wait("is the address true?")
    window.wait("offlink-")
    window.keys("Escape")
    window.gone("is the address true?")
    quit_well(window)


@pytest.mark.parametrize("key", ["q", "C-c"])
def test_quit_is_at_once_and_restores_the_terminal(window: Tmux, key: str) -> None:
    start(window, FAKE, "firefox")
    assert window.flag("alternate_on") == "1"
    window.keys(key)
    window.wait("EXIT 0", seconds=3)
    window.restored()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_restores_the_terminal(window: Tmux, number: signal.Signals) -> None:
    start(window, FAKE, "firefox")
    os.kill(window.command(), number)
    window.wait("EXIT 0", seconds=5)
    window.restored()


def test_a_failure_of_our_own_restores_the_terminal_and_says_where_the_report_is(window: Tmux) -> None:
    window.type(f"{FAKE} --fail --rate 10; echo EX''IT $?\n")
    told = window.wait("EXIT 1")
    assert "the screen failed: ValueError: the fake feed breaks here" in told.replace("\n", "")
    report = re.search(r"(/\S*ratop-\S+\.txt)", told.replace("\n", ""))
    assert report is not None
    assert "Traceback" in Path(report[1]).read_text()
    Path(report[1]).unlink()
    assert "Traceback" not in told
    window.restored()


def test_a_flow_follows_a_window_that_is_resized(window: Tmux) -> None:
    start(window, FAKE, "firefox")
    window.keys("j", "j", "j")
    window.wait("3 / 19")
    for width, height in ((60, 16), (80, 24), (30, 8), (160, 44)):
        window.do("resize-window", "-t", "it", "-x", str(width), "-y", str(height))
        window.wait("needs 40×10" if width < 40 else "3 / 19")
        assert max(map(len, window.seen().splitlines())) <= width
    quit_well(window)


def test_it_stops_for_the_shell_and_comes_back(window: Tmux) -> None:
    start(window, FAKE, "firefox")
    window.keys("C-z")
    window.wait("topped")
    assert window.flag("alternate_on") == "0"
    window.type("fg\n")
    window.wait("firefox")
    window.wait("● live")
    window.keys("q")
    window.gone("● live")
    window.restored()


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "linux"}, {"TERM": "xterm"}, {"TERM": "screen"}, {"TERM": "tmux-256color"}, {"NO_COLOR": "1"}],
    ids=lambda environ: "-".join(environ.values()),
)
def test_it_runs_on_other_terminals(environ: dict[str, str]) -> None:
    with terminal(80, 24, environ) as it:
        it.type(f"export {' '.join(f'{name}={value}' for name, value in environ.items())}\n")
        start(it, f"{FAKE} --theme auto", "firefox")
        it.keys("j", "Enter")
        it.wait("Flow")
        quit_well(it)


def test_a_locale_without_utf8_gets_ascii(window: Tmux) -> None:
    start(window, f"LC_ALL=C {FAKE}", "firefox")
    assert window.seen().isascii()
    quit_well(window)


def test_without_a_keyboard_there_is_a_sentence(window: Tmux) -> None:
    window.type(f"echo | {FAKE}; echo EX''IT $?\n")
    told = window.wait("EXIT 2")
    assert "needs a keyboard" in told
    window.restored()


def test_what_strangers_write_to_stderr_is_told_afterwards(window: Tmux) -> None:
    code = "import os; os.write(2, b'a library complains\\\\n')"
    start(window, f'RATOP_TEST_STRAY="{code}" {FAKE}', "firefox")
    assert "a library complains" not in window.seen()
    window.keys("q")
    window.wait("EXIT 0")
    assert "a library complains" in window.seen()


def test_nothing_but_ours_reaches_the_terminal(tmp_path: Path) -> None:
    """Everything the screen wrote, byte by byte: only sequences that Textual uses, never one out of a name."""
    record = tmp_path / "written"
    with terminal(120, 32) as it:
        it.do("pipe-pane", "-t", "it", "-O", f"cat > {record}")
        start(it, f"{FAKE} --hostile", "EVIL")
        it.keys("j", "Enter")
        it.wait("Flow")
        it.keys("q")
        it.wait("EXIT 0")
    written = record.read_bytes()
    assert b"\x1b[31mEVIL" not in written
    assert b"\x9b" not in written.replace("›".encode(), b"")
    assert not re.search(rb"\x1b\](?!11|22|52|4;)", written)
    assert "\u202e".encode() not in written


def test_the_help_of_the_shell_is_not_needed(window: Tmux) -> None:
    start(window, FAKE, "firefox")
    window.type("?")
    window.wait("Help: flows")
    window.type("?")
    window.wait("Command line")
    window.keys("Escape")
    window.gone("Command line")
    quit_well(window)


@pytest.mark.tool("setpriv")
def test_without_permission_there_is_a_screen_not_a_traceback(window: Tmux) -> None:
    without = (
        "setpriv --bounding-set=-net_raw,-net_admin --inh-caps=-net_raw,-net_admin" if os.geteuid() == 0 else "env"
    )
    start(window, f"{without} {sys.executable} -m ratop_py -i lo", "not capturing")
    shown = window.seen()
    assert "sudo" in shown
    assert "Traceback" not in shown
    window.keys("q")
    window.wait("EXIT 3")
    window.restored()
