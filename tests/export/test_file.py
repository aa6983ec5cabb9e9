"""Export files are new, private, and whole or not there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from ratop_py.errors import RatopError
from ratop_py.export.file import create, invoker


def test_what_is_written_is_there_afterwards(tmp_path: Path) -> None:
    with create(tmp_path / "out", {}) as out:
        out.write(b"data")
    assert (tmp_path / "out").read_bytes() == b"data"


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    with create(tmp_path / "out", {}):
        pass
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600


def test_a_file_that_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("old")
    with pytest.raises(RatopError, match="there already"), create(tmp_path / "out", {}):
        pass
    assert (tmp_path / "out").read_text() == "old"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(RatopError), create(tmp_path / "link", {}):
        pass
    assert not (tmp_path / "target").exists()


def test_a_failure_leaves_no_half_file(tmp_path: Path) -> None:
    def fail() -> None:
        with create(tmp_path / "out", {}) as out:
            out.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_an_error_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RatopError, match="cannot write"), create(tmp_path / "out", {}):
        raise OSError(28, "No space left on device")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(RatopError, match="cannot write"), create(tmp_path / "no" / "out", {}):
        pass


def test_the_invoker_of_sudo_is_known_by_both_numbers() -> None:
    assert invoker({"SUDO_UID": "1000", "SUDO_GID": "100"}) == (1000, 100)
    assert invoker({"SUDO_UID": "1000"}) is None
    assert invoker({"SUDO_UID": "-1", "SUDO_GID": "x"}) is None


@pytest.mark.root
def test_under_sudo_the_file_belongs_to_the_person(tmp_path: Path) -> None:
    with create(tmp_path / "out", {"SUDO_UID": "12345", "SUDO_GID": "12346"}):
        pass
    found = os.stat(tmp_path / "out")
    assert (found.st_uid, found.st_gid) == (12345, 12346)


@pytest.mark.root
@pytest.mark.system
def test_under_sudo_the_file_belongs_to_the_person_also_after_privileges_were_given_up(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom ratop_py.export.file import create\n"
        "from ratop_py.privilege import give_up\nassert give_up()\n"
        "with create(Path(sys.argv[1]), {'SUDO_UID': '12345', 'SUDO_GID': '12346'}): pass\n"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "out")], check=True)
    assert os.stat(tmp_path / "out").st_uid == 12345
