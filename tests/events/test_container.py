"""Containers by the names of their groups."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.container import LEAST, Groups, of_lines, of_path

LONG = "a1b2c3d4e5f6" + "07" * 26


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (f"/system.slice/docker-{LONG}.scope", "a1b2c3d4e5f6"),
        (f"/docker/{LONG}", "a1b2c3d4e5f6"),
        (f"/kubepods.slice/kubepods-pod1.slice/cri-containerd-{LONG}.scope", "a1b2c3d4e5f6"),
        (f"/machine.slice/libpod-{LONG}.scope/container", "a1b2c3d4e5f6"),
        ("/lxc/web1", "web1"),
        ("/lxc.payload.web1/init.scope", "web1"),
        ("/machine.slice/machine-deb\\x2d12.scope", "deb-12"),
        ("/machine.slice/systemd-nspawn@deb.service/payload", "deb"),
        ("/user.slice/user-1000.slice/session-2.scope", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_a_group_s_path_names_its_container(path: str, name: str) -> None:
    assert of_path(path) == name


def test_the_first_line_that_names_one_counts() -> None:
    assert of_lines(f"9:name=systemd:/\n4:memory:/docker/{LONG}\n0::/\n") == "a1b2c3d4e5f6"
    assert of_lines("0::/init.scope\nbroken") == ""


@given(st.text(max_size=60))
def test_any_path_gives_a_clean_word(path: str) -> None:
    assert of_path(path).isprintable()


def test_a_group_s_number_is_its_folder_s(tmp_path: Path) -> None:
    folder = tmp_path / "docker" / LONG
    folder.mkdir(parents=True)
    groups = Groups(tmp_path, lambda: 0.0)
    assert groups.name(folder.stat().st_ino) == "a1b2c3d4e5f6"
    assert groups.name(tmp_path.stat().st_ino) == ""
    assert groups.name(1) is None


def test_groups_that_come_later_are_found_after_a_moment(tmp_path: Path) -> None:
    now = [0.0]
    groups = Groups(tmp_path, lambda: now[0])
    groups.name(1)
    folder = tmp_path / LONG
    folder.mkdir()
    assert groups.name(folder.stat().st_ino) is None
    now[0] = LEAST
    assert groups.name(folder.stat().st_ino) == "a1b2c3d4e5f6"


def test_where_no_groups_are_mounted_nothing_is_known() -> None:
    assert Groups(None, lambda: 0.0).name(1) is None
