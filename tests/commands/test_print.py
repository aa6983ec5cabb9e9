"""`print` with an engine that is played by a list of answers."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from ratop_py import cli
from ratop_py.commands.answering import plan
from ratop_py.commands.print import follow
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.sources import Sources
from ratop_py.errors import Exit, RatopError
from ratop_py.view import Meters, Snapshot, View
from tests.helpers.tables import rows_of, story

ROOT = Path(cli.__file__).resolve().parents[1]
FILE = Sources(files=("x.pcap",))


class FakeAnswer:
    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def snapshots(self, rows_each: int) -> Iterator[Snapshot]:
        assert rows_each > 0
        for start in range(len(self.snapshot)):
            yield rows_of(self.snapshot, start, start + 1)


class FakeEngine:
    """Remembers what was called; answers with a story."""

    def __init__(self, meters: Meters | None = None, failure: RatopError | None = None, records: int = 3) -> None:
        self.called: list[str] = []
        self.left = records
        self._meters = meters or Meters()
        self._failure = failure

    def start(self) -> None:
        self.called.append("start")
        if self._failure:
            raise self._failure

    def run_to_end(self) -> None:
        self.called.append("run_to_end")
        if self._failure:
            raise self._failure

    def answer(self, view: View) -> FakeAnswer:
        assert view.fields
        return FakeAnswer(story())

    def records(self, view: View, interval: float, waiting: object) -> Iterator[FakeAnswer]:
        while self.left:
            self.left -= 1
            self.called.append(f"records {interval}")
            yield FakeAnswer(story())

    def meters(self) -> Meters:
        return self._meters

    def stop(self) -> None:
        self.called.append("stop")


def printed(engine: FakeEngine, **options: Any) -> tuple[list[dict[str, Any]], Sequence[str]]:
    out, said = BytesIO(), list[str]()
    asked = PrintOptions(**{"sources": FILE, "format": "jsonl", **options})
    assert follow(engine, plan(asked), asked, out, said.append) is Exit.OK  # type: ignore[arg-type]
    return [json.loads(line) for line in out.getvalue().splitlines()], said


def test_a_file_is_read_to_its_end_and_printed_once() -> None:
    engine = FakeEngine()
    rows, said = printed(engine)
    assert [row["proto"] for row in rows] == ["tcp", "arp"]
    assert engine.called == ["run_to_end", "stop"]
    assert said == []


def test_live_records_are_printed_as_they_come() -> None:
    engine = FakeEngine()
    rows, _ = printed(engine, sources=Sources(), interval=0.5)
    assert len(rows) == 6
    assert engine.called == ["start", "records 0.5", "records 0.5", "records 0.5", "stop"]


def test_live_ends_after_so_many_rows_as_asked() -> None:
    engine = FakeEngine()
    rows, _ = printed(engine, sources=Sources(), count=3)
    assert len(rows) == 3
    assert engine.called.count("records 5.0") == 2


def test_once_ends_after_one_interval() -> None:
    rows, _ = printed(FakeEngine(), sources=Sources(), once=True)
    assert len(rows) == 2


def test_ctrl_c_in_the_middle_of_a_start_ends_it_well() -> None:
    engine = FakeEngine()

    def start() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        engine.called.append("start")

    engine.start = start  # type: ignore[method-assign]
    printed(engine, sources=Sources())
    assert engine.called[0] == "start"
    assert engine.called[-1] == "stop"


def test_losses_are_said_without_being_asked_for() -> None:
    _, said = printed(FakeEngine(Meters(counters={"cut": 1}, notices=("the engine is not compiled",))))
    assert said[0] == "the engine is not compiled"
    assert "cut short" in said[1]


def test_a_summary_is_said_when_asked_for() -> None:
    _, said = printed(FakeEngine(Meters(source="x.pcap", packets=7)), summary=True)
    assert any("x.pcap" in line for line in said)


@pytest.mark.parametrize("sources", [FILE, Sources()])
def test_a_failure_stops_the_engine(sources: Sources) -> None:
    engine = FakeEngine(failure=RatopError("no"))
    with pytest.raises(RatopError):
        printed(engine, sources=sources)
    assert engine.called[-1] == "stop"


def exchange(port: socket.socket, size: int) -> None:
    """A connection over loopback that carries `size` bytes one way."""
    with socket.create_connection(port.getsockname()) as client, port.accept()[0] as server:
        client.sendall(b"x" * size)
        left = size
        while left:
            left -= len(server.recv(left))


@pytest.mark.root
@pytest.mark.system
def test_live_records_add_up_and_the_last_ones_come_with_ctrl_c() -> None:
    port = socket.create_server(("127.0.0.1", 0))
    number = port.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "ratop_py",
        "print",
        "-i",
        "lo",
        "--events",
        "none",
        "--interval",
        "1s",
        "--format",
        "jsonl",
    ]
    with subprocess.Popen(
        [*command, "port", str(number)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        while True:  # until it listens, and its first record says so
            exchange(port, 100)
            if select.select([process.stdout], [], [], 0.5)[0]:
                break
        exchange(port, 5000)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    port.close()
    assert (process.returncode, err) == (0, b"")
    sizes = Counter[int]()
    for row in map(json.loads, out.splitlines()):
        sizes[row["sport"]] += row["sappbytes"]
    assert 5000 in sizes.values()
    assert set(sizes.values()) <= {100, 5000}
