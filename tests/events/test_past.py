"""Who processes were."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ratop_py.events import past as module
from ratop_py.events.past import NOBODY, Past

HZ = os.sysconf("SC_CLK_TCK")


@pytest.fixture
def past(tmp_path: Path) -> Past:
    """Time 0 is the boot, and 1,000 seconds after the epoch."""
    return Past(lambda uid: f"user{uid}", lambda: 1_000.0, lambda: 0.0, tmp_path)


def living(proc: Path, pid: int, start: float, program: str, ppid: int = 1) -> None:
    folder = proc / str(pid)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "stat").write_text(f"{pid} ({program}) S {ppid} " + "0 " * 17 + f"{round(start * HZ)} 0")
    (folder / "cmdline").write_bytes(f"/bin/{program}\0-x\0".encode())
    (folder / "exe").symlink_to(f"/bin/{program}")


def dead(proc: Path, pid: int) -> None:
    shutil.rmtree(proc / str(pid))


def program(past: Past, pid: int, at: float, now: float) -> str:
    owner = past.owner(pid, at, now)
    assert owner is not None
    return owner.program


def test_a_process_that_lives_is_told_as_proc_shows_it(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "curl")
    owner = past.owner(7, 9.0, 9.1)
    assert owner is not None
    assert (owner.pid, owner.program, owner.cmdline, owner.started) == (7, "curl", "/bin/curl -x", 1_005.0)
    assert owner.uid == os.getuid()


def test_the_same_object_is_told_while_nothing_changes(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "curl")
    assert past.owner(7, 9.0, 9.1) is past.owner(7, 9.5, 9.6)


def test_a_process_that_began_later_is_not_told_for_one_that_is_gone(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 50.0, "other")
    owner = past.owner(7, 9.0, 60.0)
    assert owner is not None
    assert (owner.pid, owner.program, owner.started, owner.uid) == (7, "", None, NOBODY)


def test_what_was_seen_while_it_lived_is_told_when_it_is_gone(past: Past, tmp_path: Path) -> None:
    past.forked(8.0, 7, 1)
    past.execed(8.001, 7, b"")
    living(tmp_path, 7, 8.0, "curl")
    past.glimpse(7, 8.001, 8.002)
    dead(tmp_path, 7)
    past.exited(8.1, 7)
    assert program(past, 7, 8.05, 9.0) == "curl"


def test_the_path_of_an_exec_names_what_nobody_saw(past: Past) -> None:
    past.forked(8.0, 7, 1)
    past.execed(8.001, 7, b"/usr/bin/wget\xff\x1b[2J")
    assert program(past, 7, 8.05, 9.0).startswith("wget")
    assert "\x1b" not in program(past, 7, 8.05, 9.0)


def test_a_child_that_is_gone_ran_what_its_parent_ran(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 3, 1.0, "server")
    past.forked(8.0, 7, 3)
    past.exited(8.1, 7)
    owner = past.owner(7, 8.05, 9.0)
    assert owner is not None
    assert (owner.program, owner.ppid, owner.parent, owner.started) == ("server", 3, "server", 1_008.0)


def test_before_and_after_an_exec_it_is_another_program(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "shell")
    past.glimpse(7, 6.0, 6.0)
    past.execed(8.0, 7, b"/bin/curl")
    living(tmp_path, 7, 5.0, "curl")
    assert [program(past, 7, at, 9.0) for at in (7.9, 8.1)] == ["shell", "curl"]


def test_what_proc_shows_after_an_exec_is_not_told_of_the_time_before(past: Past, tmp_path: Path) -> None:
    past.forked(5.0, 7, 1)
    past.execed(8.0, 7, b"/bin/curl")
    living(tmp_path, 7, 5.0, "curl")
    past.glimpse(7, 8.0, 8.5)
    assert program(past, 7, 7.0, 9.0) == ""


def test_a_number_that_is_given_again_is_another_process(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "old")
    past.glimpse(7, 6.0, 6.0)
    dead(tmp_path, 7)
    past.exited(7.0, 7)
    past.forked(8.0, 7, 1)
    living(tmp_path, 7, 8.0, "new")
    assert [program(past, 7, at, 9.0) for at in (6.5, 8.5)] == ["old", "new"]


def test_the_user_is_who_it_was_at_that_time(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "daemon")
    past.glimpse(7, 6.0, 6.0)
    past.became(8.0, 7, 65534)
    told = [past.owner(7, at, 9.0) for at in (7.0, 8.5)]
    assert [owner.user for owner in told if owner is not None] == [f"user{os.getuid()}", "user65534"]


def test_a_child_s_user_is_its_parent_s_only_if_changes_would_have_been_told(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 3, 1.0, "server")
    past.forked(8.0, 7, 3)
    past.forked(8.0, 8, 3)
    unsure = past.owner(7, 8.05, 9.0)
    past.users = True
    sure = past.owner(8, 8.05, 9.0)
    assert unsure is not None
    assert sure is not None
    assert (unsure.uid, sure.uid) == (NOBODY, os.getuid())


def test_a_thread_of_the_kernel_s_is_nobody(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 44, 1.0, "kworker", ppid=2)
    (tmp_path / "44" / "cmdline").write_bytes(b"")
    (tmp_path / "44" / "exe").unlink()
    assert past.owner(44, 9.0, 9.1) is None


def test_after_a_hole_everything_is_asked_anew(past: Past, tmp_path: Path) -> None:
    living(tmp_path, 7, 5.0, "old")
    assert program(past, 7, 6.0, 6.0) == "old"
    past.missed()
    living(tmp_path, 7, 8.0, "new")
    assert program(past, 7, 9.0, 9.0) == "new"
    assert program(past, 7, 6.0, 9.0) != "old"


def test_it_is_bounded(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 100)
    for number in range(1_000):
        past.forked(float(number), 1_000 + number, 1)
        past.became(float(number), 1_000 + number, 5)
        past.exited(number + 0.5, 1_000 + number)
    assert max(map(len, (past._lives, past._gone, past._users))) <= 101


def test_execs_without_end_are_bounded(past: Past) -> None:
    for number in range(1_000):
        past.execed(float(number), 7, b"/bin/a%d" % number)
    assert program(past, 7, 2_000.0, 2_000.0) == "a999"
    assert len(past._lives[7]) <= module.LIVES


def test_a_process_that_becomes_itself_for_ever_stays_small(past: Past) -> None:
    for number in range(32_000):
        past.execed(number / 1_000, 7, b"/" + b"x" * 2_000)
        past.forked(number / 1_000, 8, 7)
        past.exited(number / 1_000, 8)
    kept = {id(life): life for life in (*past._lives[7], *past._lives[8], *(life for _, life in past._gone))}
    paths = [path for life in kept.values() for _, path in life.execs]
    assert len(paths) <= module.LIVES * module.EXECS
    assert sum(map(len, paths)) <= module.LIVES * module.EXECS * module.LONGEST
    assert len(past._lives[7]) <= module.LIVES


def test_what_was_replaced_is_forgotten_after_a_while(past: Past) -> None:
    for number in range(3 * module.EXECS):
        past.execed(float(number), 7, b"/bin/a")
    past.forked(1_000.0, 8, 1)
    past.exited(1_000.0, 8)
    assert len(past._lives[7]) == 1


def test_of_a_time_whose_program_gave_way_nothing_is_told(past: Past, tmp_path: Path) -> None:
    for number in range(1_000):
        past.execed(float(number), 7, b"/bin/a%d" % number)
    living(tmp_path, 7, 0.0, "now")
    assert program(past, 7, 3.5, 1_000.0) == ""
    assert program(past, 7, 998.5, 1_000.0) == "a998"
