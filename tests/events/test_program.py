from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from ratop_py.events import program
from ratop_py.events.looker import LookError
from ratop_py.events.program import ProgramLooker, find_lsof, without
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.unheld import Unheld
from ratop_py.flow.flows import Owner


@pytest.fixture(autouse=True)
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A /proc/net of the test's own."""
    monkeypatch.setattr(program, "Unheld", lambda: Unheld(tmp_path))
    return tmp_path


def looker(name: str, *command: str) -> ProgramLooker:
    return ProgramLooker(name, command, time.monotonic)


def never() -> bool:
    return False


def script(folder: Path, text: str, name: str = "argus-lsof") -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def test_a_failing_program_is_a_failure_with_its_own_words() -> None:
    with pytest.raises(LookError, match="hurts") as caught:
        looker("broken", sys.executable, "-c", "import sys; sys.exit('it \\x1b[31m hurts')").look(never)
    assert "\x1b" not in str(caught.value)


def test_a_program_that_fails_without_a_word_is_told_by_its_code() -> None:
    with pytest.raises(LookError, match="broken ended with 7"):
        looker("broken", "/bin/sh", "-c", "exit 7").look(never)


def test_lsof_that_finds_nothing_saw_that_there_is_nothing(tmp_path: Path) -> None:
    assert looker("lsof", script(tmp_path, "exit 1")).look(never)[0] == ()


def test_what_lsof_does_not_list_is_told_from_the_kernel_s_tables(tables: Path) -> None:
    (tables / "tcp").write_text("head\n 0: 0100007F:9C40 0100007F:01BB 06 0:0\n")
    path = script(tables, "exit 1")
    (closing,) = looker("lsof", path).look(never)[0]
    assert (closing.lport, closing.state, closing.owners) == (40000, SocketState.TIME_WAIT, ())
    assert looker("argus-lsof", path).look(never)[0] == ()


def test_a_program_s_table_is_read_and_proves_no_absence(tmp_path: Path) -> None:
    path = script(tmp_path, "echo 'sshd 999999 root 3u IPv4 1 0t0 TCP *:22 (LISTEN)'")
    sockets, complete, why_not = looker("argus-lsof", path).look(never)
    assert (sockets[0].lport, complete, why_not) == (22, False, program.FOREIGN)


def test_lsof_that_complains_saw_not_all(tmp_path: Path) -> None:
    path = script(tmp_path, "echo p1; echo f3; echo tIPv4; echo PTCP; echo n*:22; echo 'no pwd entry' >&2")
    sockets, complete, why_not = looker("lsof", path).look(never)
    assert (len(sockets), complete, why_not) == (1, False, "no pwd entry")


def test_who_may_not_see_everybody_has_no_whole_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, "exit 1")
    for may in (True, False):
        monkeypatch.setattr(program, "sees_everybody", lambda may=may: may)
        _, complete, why_not = looker("lsof", path).look(never)
        assert (complete, why_not) == (may, "" if may else program.PARTLY)


def test_the_one_who_looks_is_not_looked_at() -> None:
    own, child, other = (Owner(pid, None, 0, "root", "x", ppid=parent) for pid, parent in ((9, 1), (10, 9), (11, 1)))
    both = Socket(6, 4, 0, 80, 0, 0, SocketState.LISTEN, (own, other))
    alone = Socket(6, 4, 0, 81, 0, 0, SocketState.LISTEN, (own, child))
    unheld = Socket(6, 4, 0, 82, 0, 0, SocketState.LISTEN, ())
    found = list(without((both, alone, unheld), 9))
    assert [(socket.lport, socket.owners) for socket in found] == [(80, (other,)), (82, ())]


def test_lsof_is_looked_for_where_systems_have_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, "exit 0", "lsof")
    monkeypatch.setattr(program, "PLACES", (str(tmp_path / "none"), path))
    assert find_lsof() == path
    monkeypatch.setattr(program, "PLACES", ())
    assert find_lsof() is None
