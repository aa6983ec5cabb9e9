"""Which namespaces one is in."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from ratop_py.events import namespaces
from ratop_py.events.namespaces import OTHER, SO_NETNS_COOKIE, Spaces, other_space, outer_numbers, own_space
from tests.helpers.netns import pair

SAY = "from ratop_py.events.namespaces import own_space, outer_numbers; print(own_space(), outer_numbers())"


def said(*before: str) -> list[str]:
    return subprocess.run(
        [*before, sys.executable, "-c", SAY], check=True, capture_output=True, text=True
    ).stdout.split()


def test_the_network_namespace_is_that_of_one_s_sockets() -> None:
    with socket.socket() as mine:
        try:
            known = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, SO_NETNS_COOKIE, 8))[0]
        except OSError:
            known = 0
    assert own_space() == known


def test_what_is_not_told_is_no_container(tmp_path: Path) -> None:
    assert not outer_numbers(tmp_path / "none")


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("unshare")
def test_another_namespace_has_another_number_and_a_container_is_known() -> None:
    here, there = said(), said("unshare", "--net", "--pid", "--fork", "--mount-proc")
    assert here[0] != there[0]
    assert there[1] == "True"
    assert here[1] == str(os.stat("/proc/self/ns/pid").st_ino != 0xEFFFFFFC)


def test_a_process_of_one_s_own_namespace_is_in_no_other(tmp_path: Path) -> None:
    assert other_space(Path("/proc/self")) == ""
    assert other_space(tmp_path) == ""


def test_a_space_of_which_nobody_lives_is_another_and_one_s_own_has_no_name(tmp_path: Path) -> None:
    spaces = Spaces(3)
    assert spaces.name(3, tmp_path) == ""
    assert spaces.name(4, tmp_path) == OTHER


def test_a_name_once_learned_is_that_of_the_dead_too(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"/proc/7": "web", "/proc/8": ""}
    monkeypatch.setattr(namespaces, "other_space", lambda process: told[str(process)])
    spaces = Spaces(3)
    assert [spaces.name(4, Path(f"/proc/{pid}")) for pid in (8, 7, 8)] == [OTHER, "web", "web"]


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("ip")
@pytest.mark.tool("unshare")
def test_another_namespace_has_its_name_or_its_number() -> None:
    with pair("spaces") as hosts:
        for before, wanted in ((["ip", "netns", "exec", hosts.a], hosts.a), (["unshare", "--net"], None)):
            with subprocess.Popen([*before, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
                assert child.stdin is not None
                assert child.stdout is not None
                child.stdin.write(b"ready\n")
                child.stdin.flush()
                assert child.stdout.readline() == b"ready\n"
                folder = Path(f"/proc/{child.pid}")
                assert other_space(folder) == (wanted or str(os.stat(folder / "ns" / "net").st_ino))
                child.stdin.close()
