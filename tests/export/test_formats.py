"""Formats by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ratop_py.errors import RatopError
from ratop_py.export.formats import FORMATS, save
from tests.helpers.tables import story


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_writes_a_file_and_counts_its_rows(name: str, tmp_path: Path) -> None:
    assert save([story()], tmp_path / "out", name) == 2
    assert (tmp_path / "out").stat().st_size > 0


def test_the_file_holds_what_the_format_says(tmp_path: Path) -> None:
    save([story()], tmp_path / "out.jsonl", "jsonl")
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["program"] == 'a "b", c'


def test_an_unknown_format_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(RatopError, match="no format"):
        save([story()], tmp_path / "out", "xml")
    assert not (tmp_path / "out").exists()
