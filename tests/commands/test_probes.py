"""Each probe answers in words and never raises."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from ratop_py.commands import probes


def refuse(error: OSError) -> Any:
    def open_socket(*_: object) -> socket.socket:
        raise error

    return open_socket


def test_a_refused_socket_names_the_capability_and_the_command() -> None:
    check = probes.capture(refuse(PermissionError(1, "Operation not permitted")), uid=1000)
    assert not check.ok
    assert check.needed
    assert "CAP_NET_RAW" in check.words
    assert check.fix.startswith("sudo ")


def test_the_program_is_named_by_its_whole_path_for_sudo() -> None:
    assert probes.as_root(["/opt/venv/bin/ratop-py"]) == "sudo /opt/venv/bin/ratop-py"
    assert probes.as_root(["/usr/lib/python3/pytest/__main__.py"]) == "sudo ratop"
    assert probes.as_root([]) == "sudo ratop"


def test_a_kernel_without_packet_sockets_is_told_apart_from_a_missing_permission() -> None:
    check = probes.capture(refuse(OSError(97, "Address family not supported by protocol")))
    assert "Address family" in check.words
    assert "modprobe" in check.fix


@pytest.mark.root
@pytest.mark.system
def test_root_may_capture() -> None:
    assert probes.capture().ok


def test_a_missing_lsof_says_how_to_get_it() -> None:
    check = probes.lsof(lambda _: None)
    assert not check.ok
    assert "install lsof" in check.fix


def test_lsof_without_root_sees_only_ones_own_processes() -> None:
    assert not probes.lsof(lambda _: "/bin/lsof", uid=1000).ok
    assert probes.lsof(lambda _: "/bin/lsof", uid=0).ok


def test_the_uncompiled_engine_is_named_with_the_way_to_compile_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "_compiled", lambda name: False)
    check = probes.engine()
    assert "pure-Python engine" in check.words
    assert "gcc" in check.fix


def named(found: Iterable[probes.Check], name: str) -> probes.Check:
    return next(check for check in found if check.name == name)


@pytest.mark.parametrize(
    ("environ", "ok", "said"),
    [
        ({"TERM": "xterm-256color"}, True, "256"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, True, "16 million"),
        ({"TERM": "dumb"}, False, "few or none"),
        ({"NO_COLOR": "1"}, True, "NO_COLOR"),
        ({}, False, "unset"),
    ],
)
def test_colours_follow_the_environment(environ: dict[str, str], ok: bool, said: str) -> None:
    check = named(probes.terminal(environ, "utf-8"), "colours")
    assert check.ok is ok
    assert said in check.words


def test_another_encoding_than_utf_8_is_named() -> None:
    assert named(probes.terminal({}, "UTF-8"), "utf-8").ok
    assert "latin1" in named(probes.terminal({}, "latin-1"), "utf-8").words


def test_whatever_this_machine_is_all_probes_answer() -> None:
    checks = list(probes.everything())
    assert checks[0].name == "capture"
    assert all(check.words for check in checks)
    assert all(check.fix for check in checks if not check.ok)


def test_a_kernel_that_does_not_tell_leaves_lsof_and_names_the_command() -> None:
    def refused() -> list[str]:
        raise PermissionError(1, "Operation not permitted")

    check = probes.kernel_events(refused)
    assert not check.ok
    assert not check.needed
    assert "Operation not permitted" in check.words
    assert check.fix.startswith("sudo")


def test_hooks_that_are_missing_are_named() -> None:
    assert "sock_send_length" in probes.kernel_events(lambda: ["sock_send_length"]).words
    assert probes.kernel_events(list).ok


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is lsof alone")
def test_what_would_be_taken_in_the_kernel_s_place_is_told_with_the_reason_why_not() -> None:
    others = (("tracefs", False, "Operation not permitted"), ("diag", True, "socket tables every 0.5 s"))
    check = probes.kernel_events(list, lambda: others)
    assert check.details == ["no tracefs: Operation not permitted", "diag: socket tables every 0.5 s"]
    assert [each["ok"] for each in check.facts["reserves"]] == [False, True]


@pytest.mark.root
@pytest.mark.system
def test_root_is_told_by_the_kernel() -> None:
    check = probes.kernel_events()
    assert check.ok
    assert [line.partition(":")[0] for line in check.details] == ["tracefs", "diag"]


def test_a_wrong_configuration_is_told_with_the_command_that_tells_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "ratop").mkdir()
    assert probes.habits().ok
    (tmp_path / "ratop" / "config.toml").write_text("rat = 3\n")
    check = probes.habits()
    assert (check.ok, check.needed, check.fix) == (False, False, "ratop config --check")
    assert "there is no setting “rat”" in check.words


def test_a_home_in_which_nothing_can_be_remembered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert "nothing is remembered: " in probes.habits().words
