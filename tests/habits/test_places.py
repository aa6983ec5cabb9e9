"""Where the files of a person are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py.habits.configfile import LARGEST
from ratop_py.habits.places import Place, places, text_of

HOMES = {0: "/root", 1000: "/home/ada"}


def home(uid: int) -> str:
    return HOMES.get(uid, "")


def test_a_person_has_files_below_home() -> None:
    found = places({"HOME": "/home/ada"}, 1000, home)
    assert found.configs == (Place(Path("/home/ada/.config/ratop/config.toml"), 1000),)
    assert found.state == Path("/home/ada/.local/state/ratop/state.json")


def test_xdg_says_otherwise() -> None:
    found = places({"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/s"}, 1000, home)
    assert [place.path for place in found.configs] == [Path("/c/ratop/config.toml")]
    assert found.state == Path("/s/ratop/state.json")


def test_a_relative_folder_is_not_believed() -> None:
    assert places({"HOME": "/h", "XDG_CONFIG_HOME": "c"}, 1000, home).configs[0].path == Path(
        "/h/.config/ratop/config.toml"
    )


def test_without_home_the_system_knows_one() -> None:
    assert places({}, 1000, home).state == Path("/home/ada/.local/state/ratop/state.json")


def test_who_has_no_home_has_no_files() -> None:
    assert places({}, 77, home) == places({"HOME": "nowhere"}, 77, home)
    assert places({}, 77, home).state is None
    assert places({}, 77, home).configs == ()


def test_under_sudo_the_configuration_is_the_persons_and_lent_and_then_roots() -> None:
    found = places({"SUDO_UID": "1000", "HOME": "/home/ada"}, 0, home)
    assert found.configs == (
        Place(Path("/home/ada/.config/ratop/config.toml"), 1000, lent=True),
        Place(Path("/root/.config/ratop/config.toml"), 0),
    )


@pytest.mark.parametrize("more", [{}, {"HOME": "/home/ada"}, {"XDG_STATE_HOME": "/home/ada/.local/state"}])
def test_under_sudo_nothing_is_remembered_in_the_persons_home(more: dict[str, str]) -> None:
    found = places({"SUDO_UID": "1000", **more}, 0, home)
    assert found.state == Path("/root/.local/state/ratop/state.json")


@pytest.mark.parametrize("person", ["", "0", "x", "-1", "١"])
def test_a_sudo_that_is_none_is_root_alone(person: str) -> None:
    found = places({"SUDO_UID": person, "HOME": "/root"}, 0, home)
    assert found.configs == (Place(Path("/root/.config/ratop/config.toml"), 0),)


def test_who_is_not_root_is_not_believed_to_be_another() -> None:
    assert not places({"SUDO_UID": "1000", "HOME": "/h"}, 1001, home).configs[0].lent


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "c"
    path.write_text("rate = 3\n")
    assert text_of(Place(path, os.getuid())) == "rate = 3\n"


def test_a_file_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert text_of(Place(tmp_path / "c", 0)) is None
    assert text_of(Place(tmp_path / "c" / "d", 0)) is None


def test_a_file_of_somebody_else_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "c"
    path.write_text("")
    with pytest.raises(ValueError, match="belongs to somebody else"):
        text_of(Place(path, os.getuid() + 1, lent=True))


def test_a_lent_link_to_a_file_of_roots_is_not_followed_into_it(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    with pytest.raises(ValueError, match="belongs to somebody else"):
        text_of(Place(tmp_path / "link", 12345, lent=True))


@pytest.mark.parametrize(
    ("raw", "why"), [(b"x" * (LARGEST + 1), "larger than"), (b"\xff\xfe", "no UTF-8")], ids=["large", "bytes"]
)
def test_what_is_no_short_text_is_refused(tmp_path: Path, raw: bytes, why: str) -> None:
    path = tmp_path / "c"
    path.write_bytes(raw)
    with pytest.raises(ValueError, match=why):
        text_of(Place(path, os.getuid()))


def test_a_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "c")
    with pytest.raises(ValueError, match="no regular file"):
        text_of(Place(tmp_path / "c", os.getuid()))
