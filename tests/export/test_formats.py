"""Formats by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.errors import Exit, RatopError
from ratop_py.export.formats import FORMATS, only, save, save_packets, save_text
from ratop_py.view import View, answer
from tests.helpers.fakefeed import CLOCK
from tests.helpers.flowsfeed import flows
from tests.helpers.tables import story

DEMO = str(Path(__file__).resolve().parents[2] / "ratop_py/assets/demo.pcap.gz")


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


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_stop_leaves_no_file(name: str, tmp_path: Path) -> None:
    told: list[int] = []

    def going(done: int) -> bool:
        told.append(done)
        return done < 4

    with pytest.raises(RatopError, match="stopped") as caught:
        save([story()] * 10, tmp_path / "out", name, going)
    assert caught.value.exit_code is Exit.INTERRUPTED
    assert told == [0, 2, 4]
    assert list(tmp_path.iterdir()) == []


def test_a_text_is_a_file_like_the_others(tmp_path: Path) -> None:
    assert save_text("<svg/>", tmp_path / "out.svg") == 1
    assert (tmp_path / "out.svg").stat().st_mode & 0o777 == 0o600
    with pytest.raises(RatopError, match="is there already"):
        save_text("<svg/>", tmp_path / "out.svg")


def test_marked_rows_keep_the_order_of_the_view() -> None:
    found = answer(flows(20), View(fields=("flowid",)), CLOCK)
    assert only(found, frozenset({15, 3, 99})).snapshot().ids.tolist() == [3, 15]
    assert only(found, frozenset()).matched == 20


def test_packets_of_marked_rows_are_those_of_their_flows(tmp_path: Path) -> None:
    engine = Engine(Settings(files=(DEMO,), events="none"))
    engine.run_to_end()
    found = engine.answer(View())
    ids = frozenset(found.ids[:3].tolist())
    count = save_packets(only(found, ids), engine.packets(), tmp_path / "out", inner=False)
    assert count == found.flows.rows["pkts"][:3].sum()


def test_packets_that_are_stopped_leave_no_file(tmp_path: Path) -> None:
    engine = Engine(Settings(files=(DEMO,), events="none"))
    engine.run_to_end()
    with pytest.raises(RatopError, match="stopped"):
        save_packets(engine.answer(View()), engine.packets(), tmp_path / "out", lambda done: done < 4096, inner=False)
    assert list(tmp_path.iterdir()) == []


def test_marked_rows_that_are_gone_are_an_error_and_no_empty_file() -> None:
    with pytest.raises(RatopError, match="not there any more"):
        only(answer(flows(20), View(), CLOCK), frozenset({99}))
