"""What ratop remembers of the last time."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.habits.remembered import (
    LARGEST,
    LINES,
    Recollection,
    Remembered,
    dump,
    joined,
    load,
    save,
    understood,
)

FULL = Remembered(
    view="hosts",
    sort={"hosts": (("bytes", True), ("peer", False))},
    columns={"flows": ("pid", "program")},
    habits={"full": True, "names": "both"},
    theme="dark",
    rate=4.0,
    filters={"web": "tcp and port 80"},
    history={"filter": ("udp", "tcp"), "mark": ("x",)},
    export={"format": "csv", "all_fields": False},
    filter="udp",
    beside={"theme": "'light'"},
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(["view", "sort", "columns", "habits", "theme", "rate", "filters", "history", "export", "x"])


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "state.json"
    assert save(path, FULL, os.getuid()) == ""
    assert load(path) == Recollection(FULL)


def test_the_file_and_its_folder_are_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "ratop" / "state.json"
    save(path, FULL, os.getuid())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_file_is_replaced_as_a_whole_and_a_link_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("mine")
    path = tmp_path / "state.json"
    path.symlink_to(other)
    save(path, FULL, os.getuid())
    assert other.read_text() == "mine"
    assert not path.is_symlink()
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".state")] == []


def test_nothing_is_written_in_a_folder_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "home" / ".local" / "state.json"
    (tmp_path / "home").mkdir()
    assert "cannot write in" in (told := save(path, FULL, os.getuid() + 1)) or "somebody else" in told
    assert list((tmp_path / "home").iterdir()) == []


def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "state.json"
    save(path, FULL, os.getuid())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert save(path, Remembered(), os.getuid()) == f"cannot write {path}: No space left on device"
    assert load(path).remembered == FULL
    assert [each.name for each in tmp_path.iterdir()] == ["state.json"]


def test_nowhere_to_write_is_said() -> None:
    assert save(None, FULL, 0) == "there is no home to remember things in"


def test_no_file_is_nothing_remembered(tmp_path: Path) -> None:
    assert load(None) == load(tmp_path / "state.json") == Recollection()


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff", b"[" * 100_000, b" " * (LARGEST + 1)], ids=len)
def test_garbage_is_no_error_and_said(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(raw)
    found = load(path)
    assert found.remembered == Remembered()
    assert "makes no sense" in found.trouble


@pytest.mark.parametrize(
    ("said", "left_out"),
    [
        ({"view": 3}, 1),
        ({"view": "flows", "nonsense": 3}, 1),
        ({"rate": -1}, 1),
        ({"sort": {"flows": [["pid", True], ["pid"], 3]}}, 2),
        ({"columns": {"flows": ["pid", 3], "": ["x"]}}, 2),
        ({"history": {"filter": ["x"] * (LINES + 7)}}, 7),
        ({"filters": {"a b": "tcp"}}, 1),
        ([], 1),
    ],
)
def test_what_makes_no_sense_is_counted(said: object, left_out: int) -> None:
    assert understood(said).left_out == left_out


def test_text_comes_out_clean() -> None:
    found = understood({"history": {"filter": ["a\x1b[2Jb"]}, "filters": {"x": "\u202etcp"}}).remembered
    assert found.history == {"filter": ("a·[2Jb",)}
    assert found.filters == {"x": "·tcp"}


@given(st.dictionaries(NAMES, VALUES, max_size=5) | VALUES)
def test_whatever_stands_in_the_file_something_plain_comes_out(said: object) -> None:
    found = understood(said).remembered
    assert understood(json.loads(dump(found))).left_out == 0


def test_the_file_is_bounded_and_the_oldest_lines_leave_first() -> None:
    lines = tuple(f"{number:04}" + "x" * 4000 for number in range(100))
    raw = dump(Remembered(history=dict.fromkeys(("filter", "command", "mark"), lines)))
    kept = json.loads(raw)["history"]["filter"]
    assert len(raw) <= LARGEST
    assert kept == list(lines[-len(kept) :])
    assert len(kept) > 5


def test_two_histories_become_one_without_doubles() -> None:
    assert joined(["a", "b", "c"], ["b", "d"]) == ("a", "c", "b", "d")
    assert len(joined(map(str, range(300)), [])) == LINES
