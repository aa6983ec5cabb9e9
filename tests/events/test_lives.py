"""Whose name a record's process has."""

from __future__ import annotations

import os
from pathlib import Path

from ratop_py.events.container import Groups
from ratop_py.events.lives import MOST, NOWHERE, TICK_NS, Lives

START = 5_000 * TICK_NS
SHELL = b"sh".ljust(16, b"\0")


def lives(proc: Path, groups: Groups | None = None) -> Lives:
    return Lives(1_000.0, lambda uid: f"user{uid}", groups, proc)


def process(proc: Path, pid: int, start: int, *words: str, exe: str = "/bin/sh") -> None:
    """A folder as /proc has one."""
    folder = proc / str(pid)
    folder.mkdir(parents=True)
    (folder / "cmdline").write_bytes(b"\0".join(map(os.fsencode, words)) + b"\0")
    fields = ["S", "1", *["0"] * 17, str(start)]
    (folder / "stat").write_text(f"{pid} (sh) " + " ".join(fields))
    (folder / "exe").symlink_to(exe)


def test_the_program_is_the_one_that_was_last_executed(tmp_path: Path) -> None:
    told = lives(tmp_path)
    told.execed(7, START, "/usr/bin/env", ["env", "python3"], SHELL)
    told.execed(7, START, "/usr/bin/python3", ["python3", "/opt/back up.py"], SHELL)
    owner = told.owner(7, START, 5, 1, 0, SHELL)
    assert (owner.program, owner.exe, owner.cmdline) == ("back up.py", "/usr/bin/python3", "python3 /opt/back up.py")
    assert (owner.pid, owner.uid, owner.user, owner.ppid) == (7, 5, "user5", 1)
    assert owner.started == 1_000.0 + 5_000 * TICK_NS / 1e9


def test_a_child_runs_what_its_parent_ran(tmp_path: Path) -> None:
    told = lives(tmp_path)
    told.execed(7, START, "/usr/sbin/sshd", ["sshd"], SHELL)
    told.forked(8, START + TICK_NS, 7, START)
    assert told.owner(8, START + TICK_NS, 0, 7, 0, SHELL).program == "sshd"


def test_where_no_record_tells_proc_does(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    assert lives(tmp_path).owner(9, START, 0, 1, 0, SHELL).program == "run.sh"


def test_a_number_used_again_does_not_lend_its_name(tmp_path: Path) -> None:
    process(tmp_path, 9, 7_777, "/opt/other", exe="/opt/other")
    assert lives(tmp_path).owner(9, START, 0, 1, 0, b"worker\0").program == "worker"


def test_the_name_of_the_record_is_the_last_resort_and_clean(tmp_path: Path) -> None:
    owner = lives(tmp_path).owner(9, START, 0, 1, 0, b"e\x1b[31mvil\0rest")
    assert "\x1b" not in owner.program
    assert "rest" not in owner.program
    assert owner.exe == ""


def test_the_same_process_is_the_same_object(tmp_path: Path) -> None:
    told = lives(tmp_path)
    assert told.owner(7, START, 0, 1, 0, SHELL) is told.owner(7, START, 0, 1, 0, SHELL)
    before = told.owner(7, START, 0, 1, 0, SHELL)
    told.execed(7, START, "/bin/true", ["true"], SHELL)
    assert told.owner(7, START, 0, 1, 0, SHELL) is not before


def test_after_records_were_lost_a_life_may_run_something_else_by_now(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/other.sh")
    told = lives(tmp_path)
    for pid in (7, 9):
        told.execed(pid, START, "/bin/sh", ["sh", "/opt/run.sh"], SHELL)
    told.doubt()
    assert told.owner(9, START, 0, 1, 0, SHELL).program == "other.sh"
    told.forked(8, START, 7, START)
    assert told.owner(8, START, 0, 1, 0, b"child").program == "child"
    assert told.owner(7, START, 0, 1, 0, SHELL).program == "sh"


def test_without_a_start_whoever_has_the_number_now_is_asked_at_each_turn(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    told = lives(tmp_path)
    owner = told.owner(9, 0, 0, 1, 0, SHELL)
    assert (owner.program, owner.started) == ("run.sh", 1_000.0 + 5_000 * TICK_NS / 1e9)
    (tmp_path / "9").rename(tmp_path / "gone")
    process(tmp_path, 9, 7_000, "/bin/sh", "/opt/other.sh")
    assert told.owner(9, 0, 0, 1, 0, SHELL) is owner
    told.turn()
    assert told.owner(9, 0, 0, 1, 0, SHELL).program == "other.sh"
    assert told.owner(11, 0, 0, 1, 0, b"comm\0").started is None


def test_who_lives_at_the_start_is_known_and_so_are_their_children(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    (tmp_path / "self").mkdir()
    told = lives(tmp_path)
    told.all_living()
    told.forked(10, START + TICK_NS, 9, START)
    assert told.owner(10, START + TICK_NS, 0, 9, 0, SHELL).program == "run.sh"


def test_it_stays_bounded(tmp_path: Path) -> None:
    told = lives(tmp_path)
    for pid in range(1, MOST + 10):
        told.execed(pid, START, "/bin/true", ["true"], SHELL)
    assert told.owner(1, START, 0, 1, 0, b"gone\0").program == "gone"
    assert told.owner(MOST, START, 0, 1, 0, b"gone\0").program == "true"


def test_who_makes_many_is_not_pushed_out_by_them(tmp_path: Path) -> None:
    told = lives(tmp_path)
    told.execed(1, START, "/usr/sbin/sshd", ["sshd"], SHELL)
    for pid in range(2, MOST + 10):
        told.forked(pid, START, 1, START)
    assert told.owner(1, START, 0, 1, 0, b"gone\0").program == "sshd"


def test_the_parent_s_program_is_told_if_it_is_known(tmp_path: Path) -> None:
    told = lives(tmp_path)
    told.execed(7, START, "/bin/bash", ["bash"], SHELL)
    told.forked(8, START + TICK_NS, 7, START)
    told.execed(8, START + TICK_NS, "/usr/bin/curl", ["curl"], SHELL)
    assert told.owner(8, START + TICK_NS, 0, 7, 0, SHELL).parent == "bash"
    assert told.owner(7, START, 0, 1, 0, SHELL).parent == ""


def test_the_container_is_that_of_its_group_or_of_whom_it_came_from(tmp_path: Path) -> None:
    group = tmp_path / "cgroup" / "docker" / ("ab" * 32)
    group.mkdir(parents=True)
    told = lives(tmp_path / "proc", Groups(tmp_path / "cgroup", lambda: 0.0))
    told.execed(7, START, "/bin/web", ["web"], SHELL)
    assert told.owner(7, START, 0, 1, group.stat().st_ino, SHELL).container == "ab" * 6
    process(tmp_path / "proc", 9, 5_000, "/bin/sh", "run.sh")
    (tmp_path / "proc" / "9" / "cgroup").write_text("0::/docker/" + "cd" * 32 + "\n")
    told.owner(9, START, 0, 1, 0, SHELL)
    told.forked(10, START + TICK_NS, 9, START)
    told.execed(10, START + TICK_NS, "/bin/true", ["true"], SHELL)
    assert told.owner(10, START + TICK_NS, 0, 9, 0, SHELL).container == "cd" * 6


def test_a_process_that_lives_is_an_owner_as_proc_shows_it(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    told = lives(tmp_path)
    owner = told.living(9)
    assert owner is not None
    assert (owner.program, owner.uid, owner.started) == (
        "run.sh",
        os.getuid(),
        told.owner(9, START, 0, 1, 0, b"").started,
    )
    assert told.living(10) is None


def test_a_number_used_again_since_the_record_does_not_lend_its_name(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    told = lives(tmp_path)
    began = 5_000 * TICK_NS / 1e9
    assert told.owner(9, 0, 0, 1, 0, b"before\0", at=began - 1).program == "before"
    assert told.owner(9, 0, 0, 1, 0, b"x\0", at=began + 1).program == "run.sh"
    assert told.owner(9, 0, 0, 1, 0, b"before\0", at=began - 1).program == "before"


def test_a_start_is_known_to_a_tick_and_within_it_nobody_is_named(tmp_path: Path) -> None:
    process(tmp_path, 9, 5_000, "/bin/sh", "/opt/run.sh")
    told = lives(tmp_path)
    began = 5_000 * TICK_NS / 1e9
    assert told.owner(9, 0, 0, 1, 0, b"before\0", at=began + TICK_NS / 2e9).program == "before"
    told.turn()
    assert told.owner(9, 0, 0, 1, 0, b"x\0", at=began + TICK_NS / 1e9).program == "run.sh"


def test_where_proc_counts_otherwise_the_records_names_are_all(tmp_path: Path) -> None:
    told = lives(NOWHERE)
    assert told.owner(9, START, 0, 1, 0, b"web\0").program == "web"
    assert told.owner(9, 0, 0, 1, 0, b"web\0").program == "web"


def test_a_fork_of_before_does_not_rename_a_child_that_proc_told_of(tmp_path: Path) -> None:
    process(tmp_path, 10, 5_001, "/bin/bash", exe="/bin/bash")
    told = lives(tmp_path)
    told.execed(9, START, "/bin/server", ["server"], SHELL)
    told.all_living()
    told.forked(10, START + TICK_NS, 9, START)
    assert told.owner(10, START + TICK_NS, 0, 9, 0, SHELL).program == "bash"
