from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py.events.process import (
    Processes,
    boot_time,
    interprets,
    login,
    name_of,
    of_kernel,
    read,
    sees_everybody,
    stat,
)
from ratop_py.events.socket import Socket, SocketState
from ratop_py.flow.flows import Owner


def made(
    proc: Path, pid: int, *, comm: str = "x", ticks: int = 500, cmdline: bytes = b"x\0", exe: str = "/usr/bin/x"
) -> None:
    folder = proc / str(pid)
    folder.mkdir(parents=True, exist_ok=True)
    fields = ["S", "7", *["0"] * 17, str(ticks), "0"]
    (folder / "stat").write_text(f"{pid} ({comm}) {' '.join(fields)}\n")
    (folder / "cmdline").write_bytes(cmdline)
    if not (folder / "exe").is_symlink():
        (folder / "exe").symlink_to(exe)


@pytest.mark.parametrize(
    ("exe", "words", "name"),
    [
        ("/usr/bin/firefox", ["firefox", "--new"], "firefox"),
        ("/usr/bin/python3.12", ["python3", "/srv/wiki.py", "--port", "443"], "wiki.py"),
        ("/usr/bin/python3.12", ["python3", "-u", "-W", "ignore", "backup.py"], "backup.py"),
        ("/usr/bin/python3.12", ["python3", "-m", "http.server"], "http.server"),
        ("/usr/bin/python3.12", ["python3", "-c", "import x"], "python3.12"),
        ("/usr/bin/python3.12", ["python3"], "python3.12"),
        ("/usr/bin/perl", ["perl", "poll.pl"], "poll.pl"),
        ("/usr/bin/curl (deleted)", ["curl", "x"], "curl"),
        ("", ["/opt/tool", "x"], "comm"),
    ],
)
def test_the_name_is_the_one_a_person_knows(exe: str, words: list[str], name: str) -> None:
    assert name_of(exe, words, "comm") == name


def test_versions_of_interpreters_are_known() -> None:
    assert interprets("python3.12")
    assert interprets("perl5.36")
    assert not interprets("pythonista")


def test_a_name_with_blanks_and_parentheses_does_not_shift_the_fields() -> None:
    ticks, parent, name = stat(b"12 (a) b (c)) S 7 " + b"0 " * 17 + b"345 0")
    assert (ticks, parent, name) == (345, 7, "a) b (c)")


@pytest.mark.parametrize("line", [b"", b"12", b"12 (x", b"12 (x) S", b"12 (x) S a b"])
def test_a_broken_stat_line_tells_nothing(line: bytes) -> None:
    assert stat(line)[0] is None


def test_a_process_is_read_with_its_start(tmp_path: Path) -> None:
    made(tmp_path, 5, cmdline=b"python3\0/srv/wiki.py\0", exe="/usr/bin/python3")
    process = read(5, tmp_path, 1000.0)
    assert (process.program, process.ppid, process.exe) == ("wiki.py", 7, "/usr/bin/python3")
    assert process.started == 1000 + 500 / os.sysconf("SC_CLK_TCK")


def test_a_process_that_is_gone_costs_only_its_facts(tmp_path: Path) -> None:
    assert read(5, tmp_path, 1.0).program == ""


def test_boot_time_is_read(tmp_path: Path) -> None:
    (tmp_path / "stat").write_text("cpu 1\nbtime 1700000000\n")
    assert boot_time(tmp_path) == 1_700_000_000
    assert boot_time(tmp_path / "none") is None


def owned(pid: int) -> Socket:
    return Socket(6, 4, 0, 80, 0, 0, SocketState.LISTEN, (Owner(pid, None, 0, "root", "lsof-name"),))


def test_a_pid_used_again_is_read_again(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    made(tmp_path, 5, comm="old", exe="/usr/bin/old")
    assert processes.describe([owned(5)])[0].owners[0].program == "old"
    (tmp_path / "5" / "exe").unlink()
    made(tmp_path, 5, comm="new", ticks=900, exe="/usr/bin/new")
    assert processes.describe([owned(5)])[0].owners[0].program == "new"


def test_starts_do_not_tremble_but_follow_a_clock_that_is_set(tmp_path: Path) -> None:
    boots = iter((1000.0, 1000.001, 1000.002, 2000.0))
    processes = Processes(tmp_path, lambda: next(boots))
    ticks = os.sysconf("SC_CLK_TCK")
    starts = []
    for program in ("a", "b", "c"):
        made(tmp_path, 5, comm=program, ticks=5 * ticks)
        starts.append(processes.describe([owned(5)])[0].owners[0].started)
    assert starts == [1005.0, 1005.0, 2005.0]


def test_what_proc_does_not_tell_stays_as_the_source_told_it(tmp_path: Path) -> None:
    assert Processes(tmp_path).describe([owned(6)])[0].owners[0].program == "lsof-name"


def test_a_process_that_became_another_program_is_read_again(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    made(tmp_path, 5, comm="sh", exe="/usr/bin/sh")
    assert processes.describe([owned(5)])[0].owners[0].program == "sh"
    (tmp_path / "5" / "exe").unlink()
    made(tmp_path, 5, comm="curl", exe="/usr/bin/curl")
    assert processes.describe([owned(5)])[0].owners[0].program == "curl"


def test_a_process_that_is_gone_is_what_it_was(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    made(tmp_path, 5, comm="curl", exe="/usr/bin/curl")
    before = processes.describe([owned(5)])[0].owners
    for path in (tmp_path / "5").iterdir():
        path.unlink()
    assert processes.describe([owned(5)])[0].owners == before


def test_the_same_owner_is_the_same_object_each_time(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    made(tmp_path, 5)
    assert processes.describe([owned(5)])[0].owners[0] is processes.describe([owned(5)])[0].owners[0]


@pytest.mark.parametrize(
    ("status", "uid", "all_of_them"),
    [
        ("CapEff:\t000001ffffffffff\n", 0, True),
        ("CapEff:\t000001fffff7ffff\n", 0, False),
        ("CapEff:\t000001ffffffffff\n", 1000, True),
        ("CapEff:\t0000000000080004\n", 1000, True),
        ("CapEff:\t0000000000080000\n", 1000, False),
        ("CapEff:\t0000000000000004\n", 1000, False),
        ("CapEff:\t0000000000000000\n", 1000, False),
        ("CapEff:\t0000000000080000\n", 0, True),
        ("", 1000, False),
        ("", 0, True),
    ],
)
def test_everybody_is_seen_by_root_with_the_capability_and_by_others_with_two(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: str, uid: int, all_of_them: bool
) -> None:
    (tmp_path / "status").write_text(status)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert sees_everybody(tmp_path / "status") is all_of_them


def test_a_user_without_a_name_is_his_number() -> None:
    assert login(0) == "root"
    assert login(3_999_999_999) == "3999999999"


@pytest.mark.parametrize(
    ("owner", "kernels"),
    [
        (Owner(2, 1.0, 0, "root", "kthreadd"), True),
        (Owner(40, 1.0, 0, "root", "kworker/0:1", ppid=2), True),
        (Owner(40, 1.0, 0, "root", "modprobe", exe="/sbin/modprobe", ppid=2), False),
        (Owner(40, 1.0, 0, "root", "sh", ppid=1), False),
    ],
)
def test_a_thread_of_the_kernel_is_no_program(owner: Owner, kernels: bool) -> None:
    assert of_kernel(owner) is kernels
