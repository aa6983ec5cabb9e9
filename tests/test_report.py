"""The report of a failure of our own."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from ratop_py import __version__, report


def broken() -> ValueError:
    try:
        raise ValueError("bad \x1b[31mname")
    except ValueError as error:
        return error


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_it_says_what_failed_where_and_in_what() -> None:
    text = Path(report.write(broken(), {"TERM": "xterm\x1b[2J", "SECRET": "x"})).read_text()
    assert f"ratop {__version__}, Python 3." in text
    assert "TERM=xterm·[2J" in text
    assert "SECRET" not in text
    assert "Traceback" in text
    assert "in broken" in text


def test_it_is_new_and_its_owners_alone(folder: Path) -> None:
    one, other = report.write(broken()), report.write(broken())
    assert {each.name for each in folder.iterdir()} == {Path(one).name, Path(other).name}
    assert stat.S_IMODE(os.stat(one).st_mode) == 0o600


@pytest.mark.root
def test_under_sudo_it_belongs_to_whoever_typed_that() -> None:
    assert os.stat(report.write(broken(), {"SUDO_UID": "12345", "SUDO_GID": "12346"})).st_uid == 12345


def test_numbers_that_are_none_give_it_to_nobody() -> None:
    assert os.stat(report.write(broken(), {"SUDO_UID": "-1", "SUDO_GID": "x"})).st_uid == os.geteuid()


def test_where_it_cannot_be_written_the_path_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert report.write(broken()) == ""
