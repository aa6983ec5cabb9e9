"""The root of the cgroup2 hierarchy, mounted or not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ratop_py.events.bpf.cgroup import mounted, open_root

V1 = "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"


def test_it_is_found_beside_the_groups_of_v1() -> None:
    line = "41 31 0:38 / /sys/fs/cgroup/the\\040unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n"
    assert list(mounted(V1 + line)) == [Path("/sys/fs/cgroup/the unified")]


def test_a_name_of_any_letters_is_read() -> None:
    assert list(mounted("41 31 0:38 / /mnt/grüße\\134x rw - cgroup2 cgroup2 rw\n")) == [Path("/mnt/grüße\\x")]


def test_a_part_of_it_mounted_in_a_container_is_not_its_root() -> None:
    line = "41 31 0:38 /../.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
    assert list(mounted(V1 + line + "broken\n - cgroup2 x\n")) == []


@pytest.mark.root
@pytest.mark.system
def test_where_it_is_mounted_nowhere_it_is_opened_and_mounted_nowhere(tmp_path: Path) -> None:
    (tmp_path / "mountinfo").write_text(V1)
    before = Path("/proc/self/mountinfo").read_text()
    root = open_root(tmp_path / "mountinfo")
    assert "cgroup.procs" in os.listdir(root)
    assert stat.S_ISDIR(os.fstat(root).st_mode)
    assert Path("/proc/self/mountinfo").read_text() == before
    os.close(root)
