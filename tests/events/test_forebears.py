from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py.events import forebears as module
from ratop_py.events.forebears import Forebears


def lives(proc: Path, pid: int, parent: int, name: str, ticks: int = 1) -> None:
    folder = proc / str(pid)
    folder.mkdir(exist_ok=True)
    (folder / "stat").write_text(f"{pid} ({name}) S {parent} " + "0 " * 17 + f"{ticks} 0\n")


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    for pid, parent, name in ((1, 0, "init"), (20, 1, "login"), (30, 20, "sh"), (40, 30, "curl")):
        lives(tmp_path, pid, parent, name)
    return tmp_path


def test_the_nearest_comes_first(proc: Path) -> None:
    assert Forebears(proc).of(40) == ((30, "sh"), (20, "login"), (1, "init"))


def test_nobody_is_above_the_first(proc: Path) -> None:
    assert Forebears(proc).of(1) == ()


def test_who_is_gone_has_nobody_above(proc: Path) -> None:
    assert Forebears(proc).of(99) == ()


def test_another_process_with_the_number_has_another_line(proc: Path) -> None:
    known = Forebears(proc)
    known.of(40)
    lives(proc, 40, 1, "other", ticks=2)
    assert known.of(40) == ((1, "init"),)


def test_a_name_from_the_kernel_is_clean(proc: Path) -> None:
    lives(proc, 30, 20, "s\x1b[31mh")
    assert "\x1b" not in Forebears(proc).of(40)[0][1]


def test_a_circle_ends(proc: Path) -> None:
    lives(proc, 20, 30, "login")
    assert Forebears(proc).of(40) == ((30, "sh"), (20, "login"))


def test_lines_are_bounded(proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    known = Forebears(proc)
    for pid in (1, 20, 30, 40):
        known.of(pid)
    assert len(known._lines) == 2


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc here")
def test_my_own_parent_is_above_what_i_start() -> None:
    assert Forebears().of(os.getpid())[0][0] == os.getppid()
