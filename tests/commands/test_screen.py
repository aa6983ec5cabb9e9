"""The desk between screen and engine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from ratop_py.commands import screen
from ratop_py.commands.screen import Desk
from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.errors import Exit, RatopError
from ratop_py.tui.options import Options
from ratop_py.view import Snapshot, View
from tests.helpers.tables import story


class FakeEngine:
    """Notes what it is asked."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.called: list[str] = []

    def start(self) -> None:
        self.called.append("start")

    def ask(self, view: View) -> Snapshot:
        self.called.append("ask")
        return story()

    def hold(self, held: bool) -> None:
        self.called.append(f"hold {held}")

    def pace(self, speed: float) -> None:
        self.called.append(f"pace {speed}")

    def answer(self, view: View) -> FakeEngine:
        return self

    def snapshots(self, rows_each: int) -> Iterator[Snapshot]:
        yield story()

    def stop(self) -> None:
        self.called.append("stop")


def desk() -> tuple[Desk, FakeEngine]:
    engine = FakeEngine()
    return Desk(cast("Any", engine)), engine


def test_a_file_is_played_as_fast_as_a_person_says() -> None:
    made, engine = desk()
    made.pace(8.0)
    assert engine.called == ["pace 8.0"]


def test_sources_are_opened_once_however_often_the_screen_starts() -> None:
    made, engine = desk()
    made.start()
    made.start()
    assert engine.called == ["start"]


def test_sources_that_are_open_before_the_screen_are_not_opened_again() -> None:
    made, engine = desk()
    made.begin()
    made.start()
    assert engine.called == ["start"]


def test_a_refusal_waits_for_the_screen_and_then_it_may_try_again() -> None:
    made, engine = desk()
    refusal = RatopError("not permitted")

    def refuse() -> None:
        raise refusal

    engine.start = refuse  # type: ignore[method-assign]
    made.begin()
    del engine.start
    with pytest.raises(RatopError) as raised:
        made.start()
    assert raised.value is refusal
    made.start()
    assert engine.called == ["start"]


def test_questions_and_pauses_go_to_the_engine() -> None:
    made, engine = desk()
    assert len(made.ask(View())) == 2
    made.hold(True)
    made.stop()
    assert engine.called == ["ask", "hold True", "stop"]


def test_an_export_writes_all_rows_to_a_new_file(tmp_path: Path) -> None:
    made, _ = desk()
    assert made.export(View(), str(tmp_path / "out.jsonl"), "jsonl", frozenset(), lambda done: True) == 2
    assert json.loads((tmp_path / "out.jsonl").read_text().splitlines()[0])["proto"] == "tcp"


def test_an_export_finds_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    desk()[0].export(View(), "~/out.csv", "csv", frozenset(), lambda done: True)
    assert desk()[0].draw("<svg/>", "~/out.svg") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"out.csv", "out.svg"}


def test_where_packets_are_not_kept_it_says_how_they_would_be() -> None:
    there, words = Desk(Engine(Settings())).packets()
    assert not there
    assert "--keep-packets 64M" in words
    assert Desk(Engine(Settings(keep_packets=1 << 20))).packets() == (True, "")


def test_packets_of_a_file_are_written_by_reading_it_again(tmp_path: Path) -> None:
    demo = str(Path(screen.__file__).resolve().parents[1] / "assets/demo.pcap.gz")
    engine = Engine(Settings(files=(demo,), events="none"))
    engine.run_to_end()
    made = Desk(engine)
    assert made.packets() == (True, "")
    count = made.export(View(filter="udp"), str(tmp_path / "out"), "pcapng", frozenset(), lambda done: True)
    assert count == engine.answer(View(filter="udp", fields=("pkts",))).snapshot().columns["pkts"].sum()  # type: ignore[union-attr]


@pytest.mark.parametrize("failure", [None, RuntimeError("torn")])
def test_the_engine_is_stopped_however_the_screen_ends(
    failure: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []

    def run(feed: Desk, options: Any) -> int:
        seen.append(options)
        if failure:
            raise failure
        return 0

    monkeypatch.setattr("ratop_py.tui.run.run", run)
    made, engine = desk()
    if failure:
        with pytest.raises(RuntimeError):
            screen.show(made, Options())
    else:
        assert screen.show(made, Options(filter="tcp")) is Exit.OK
        assert seen == [Options(filter="tcp")]
    assert engine.called == ["stop"]
