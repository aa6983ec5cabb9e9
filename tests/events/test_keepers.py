"""Who holds which socket, remembered between looks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ratop_py.events.keepers import TURNS, Keepers

STAT = "{pid} (a b) S 1 " + "0 " * 17 + "{start} 0"


@pytest.fixture
def keepers(tmp_path: Path) -> Keepers:
    return Keepers(tmp_path)


def process(proc: Path, pid: int, start: int, *inodes: int) -> None:
    folder = proc / str(pid) / "fd"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder.parent / "stat").write_text(STAT.format(pid=pid, start=start))
    for number, inode in enumerate(inodes):
        (folder / str(number)).symlink_to(f"socket:[{inode}]")


def test_a_holder_is_a_number_and_a_start(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    process(tmp_path, 9, 200, 12)
    assert keepers.of([12, 0])[12] == ((7, 100), (9, 200))


def test_what_is_known_is_not_read_again(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12])
    process(tmp_path, 9, 200, 12)
    assert keepers.of([12])[12] == ((7, 100),)


def test_a_new_socket_has_all_read_again(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12])
    process(tmp_path, 9, 200, 13)
    assert keepers.of([12, 13])[13] == ((9, 200),)


def test_a_number_that_is_another_process_by_now_is_not_told_for_the_old_one(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12])
    process(tmp_path, 7, 300)
    assert 12 not in keepers.of([12])


def test_a_holder_that_is_gone_is_told_no_more(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12])
    shutil.rmtree(tmp_path / "7")
    assert 12 not in keepers.of([12])


def test_a_socket_that_was_passed_on_is_seen_after_some_looks(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12])
    process(tmp_path, 9, 200, 12)
    for _ in range(TURNS):
        keepers.of([12])
    assert keepers.of([12])[12] == ((7, 100), (9, 200))


def test_a_socket_that_nobody_holds_does_not_have_all_read_each_time(keepers: Keepers, tmp_path: Path) -> None:
    process(tmp_path, 7, 100, 12)
    keepers.of([12, 44])
    process(tmp_path, 9, 200, 12)
    assert keepers.of([12, 44])[12] == ((7, 100),)
