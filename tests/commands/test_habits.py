"""Habits, gathered at the start and kept at the end."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from ratop_py.commands import habits
from ratop_py.commands.habits import Habits, gather
from ratop_py.filter import FilterError
from ratop_py.habits import places
from ratop_py.habits.chosen import CONFIG, STATE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".config" / "ratop").mkdir(parents=True)
    return tmp_path


def configure(home: Path, text: str) -> None:
    (home / ".config" / "ratop" / "config.toml").write_text(text)


def gathered(home: Path, typed: dict[str, object] | None = None, **more: Any) -> Habits:
    return gather(typed or {}, environ={"HOME": str(home)}, **more)


def state(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((home / ".local/state/ratop/state.json").read_text())
    return found


def test_a_new_home_has_the_defaults_and_nothing_to_say(home: Path) -> None:
    found = gathered(home)
    assert found.notices() == ()
    assert set(found.chosen.why.values()) == {"default"}


def test_what_the_screen_tells_at_its_end_is_there_the_next_time(home: Path) -> None:
    configure(home, 'theme = "light"\n')
    assert habits.keep(gathered(home), {"view": "hosts", "theme": "dark", "history": {"filter": ["udp"]}}) == ""
    found = gathered(home)
    assert (found.chosen.values["view"], found.chosen.why["view"]) == ("hosts", STATE)
    assert (found.chosen.values["theme"], found.chosen.why["theme"]) == ("dark", STATE)
    assert found.last.history == {"filter": ("udp",)}
    configure(home, 'theme = "ansi"\n')
    assert (gathered(home).chosen.values["theme"], gathered(home).chosen.why["theme"]) == ("ansi", CONFIG)


def test_an_option_that_was_not_changed_on_the_screen_does_not_become_a_habit(home: Path) -> None:
    habits.keep(gathered(home), {"theme": "dark", "columns": {"flows": ["pid"]}})
    typed: dict[str, object] = {"theme": "none", "fields": ("user",), "rate": 4.0}
    habits.keep(
        gathered(home, typed), {"theme": "none", "rate": 5.0, "columns": {"flows": ["user"], "hosts": ["peer"]}}
    )
    assert (state(home)["theme"], state(home)["rate"]) == ("dark", 5.0)
    assert state(home)["columns"] == {"hosts": ["peer"]}


def test_what_the_screen_does_not_tell_stays_as_it_was(home: Path) -> None:
    habits.keep(gathered(home), {"theme": "dark", "view": "hosts"})
    habits.keep(gathered(home), {"theme": "", "view": "users"})
    assert (state(home)["theme"], state(home)["view"]) == ("dark", "users")


def test_two_screens_at_once_both_keep_their_lines(home: Path) -> None:
    one, other = gathered(home), gathered(home)
    habits.keep(one, {"history": {"filter": ["a"]}})
    habits.keep(other, {"history": {"filter": ["b"]}})
    assert state(home)["history"] == {"filter": ["a", "b"]}


def test_filters_of_the_configuration_are_not_copied_into_the_state(home: Path) -> None:
    configure(home, '[filters]\nweb = "port 80"\n')
    habits.keep(gathered(home), {"filters": {"web": "port 80", "dns": "port 53"}})
    assert state(home)["filters"] == {"dns": "port 53"}
    assert gathered(home).filters == {"web": "port 80", "dns": "port 53"}


@pytest.mark.parametrize("more", [{"state": False}, {}])
def test_who_wants_nothing_remembered_has_nothing_remembered(home: Path, more: dict[str, Any]) -> None:
    configure(home, "" if more else "remember = false\n")
    found = gathered(home, **more)
    assert habits.keep(found, {"view": "hosts"}) == ""
    assert not (home / ".local").exists()


def test_garbage_in_the_state_is_told_in_one_sentence_and_stops_nothing(home: Path) -> None:
    path = home / ".local/state/ratop/state.json"
    path.parent.mkdir(parents=True)
    path.write_text(
        '{"view": 3, "columns": {"flows": ["no-such"], "nowhere": ["pid"]}, "sort": {"flows": [["pid", true]]}}'
    )
    found = gathered(home)
    assert found.notices() == (f"{path}: 3 things in it made no sense",)
    assert found.chosen.values["sort"] == {"flows": (("pid", True),)}
    path.write_text("{")
    assert "makes no sense" in gathered(home).notices()[0]


def test_many_troubles_are_one_sentence(home: Path) -> None:
    configure(home, "a = 1\nb = 2\nc = 3\n")
    (said,) = gathered(home).notices()
    assert said.endswith("there is no setting “a” (and 2 more: ratop config --check)")


def test_a_configuration_that_may_not_be_read_is_told_and_the_defaults_hold(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(place: places.Place) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(habits, "text_of", refused)
    found = gathered(home)
    assert found.notices() == (f"{home}/.config/ratop/config.toml: not read: Permission denied; the defaults hold",)
    assert set(found.chosen.why.values()) == {"default"}


def test_a_home_that_cannot_be_written_is_silent_and_said_when_asked(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("no folder")
    found = gathered(tmp_path / "home")
    assert found.notices() == ()
    assert habits.keep(found, {"view": "hosts"}).startswith("cannot write in ")


@pytest.mark.root
def test_under_sudo_the_persons_configuration_is_read_and_nothing_is_left_in_that_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, root = tmp_path / "ada", tmp_path / "root"
    (ada / ".config/ratop").mkdir(parents=True)
    root.mkdir()
    configure(ada, 'theme = "light"\nevents = "prog:/tmp/mine"\n')
    for path in (ada, *ada.rglob("*")):
        os.chown(path, 1000, 1000)
    before = {path: path.stat() for path in ada.rglob("*")}
    monkeypatch.setattr(places.places, "__defaults__", (lambda uid: str(root if uid == 0 else ada),))
    environ = {"SUDO_UID": "1000", "SUDO_GID": "1000", "HOME": str(ada), "XDG_STATE_HOME": str(ada / ".local/state")}
    found = gather({}, environ=environ)
    assert (found.chosen.values["theme"], found.chosen.values["events"]) == ("light", "auto")
    assert "may not name a program for root" in found.notices()[0]
    assert habits.keep(found, {"view": "hosts"}) == ""
    assert {path: path.stat().st_mtime_ns for path in ada.rglob("*")} == {
        path: seen.st_mtime_ns for path, seen in before.items()
    }
    kept = root / ".local/state/ratop/state.json"
    assert kept.stat().st_uid == 0
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert gather({}, environ=environ).chosen.values["view"] == "hosts"


@pytest.mark.root
def test_root_in_somebody_elses_home_remembers_nothing_there(tmp_path: Path) -> None:
    os.chown(tmp_path, 1000, 1000)
    assert "cannot write" in habits.keep(gathered(tmp_path), {"view": "hosts"}) or list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_filter_without_names_reads_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(habits, "gather", None)
    assert habits.expanded("tcp and port 80") == "tcp and port 80"


def test_an_error_in_a_filter_with_names_shows_what_was_typed() -> None:
    with pytest.raises(FilterError) as caught:
        habits.expanded("@web and bites > 3", {"web": "tcp"})
    assert caught.value.caret() == "@web and bites > 3\n         ^^^^^"
