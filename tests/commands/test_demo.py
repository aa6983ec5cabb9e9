"""The demo: a recording, on the screen or as lines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ratop_py import cli
from ratop_py.commands import demo
from ratop_py.commands.print_options import PrintOptions
from ratop_py.commands.sources import Sources
from ratop_py.errors import Exit, RatopError

ROOT = Path(cli.__file__).resolve().parents[1]
RECORDED = Sources(files=("demo.pcapng",), context="demo.json")


def note(seen: list[Any], what: object) -> Exit:
    seen.append(what)
    return Exit.OK


def test_the_recording_comes_with_what_its_host_knew() -> None:
    sources = demo.recording()
    assert not sources.live
    assert sources.owners
    assert all(Path(name).is_file() for name in (*sources.files, str(sources.context)))


def test_an_installation_without_the_recording_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "RECORDING", "nowhere.pcapng")
    with pytest.raises(RatopError, match="not installed"):
        demo.recording()


def test_on_paper_it_is_what_print_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("ratop_py.commands.print.run", lambda options, out, tell: note(seen, options))
    monkeypatch.setattr(demo, "recording", lambda: RECORDED)
    assert (
        CliRunner().invoke(demo.command, ["--print", "risk", ">", "0"], standalone_mode=False).return_value is Exit.OK
    )
    assert seen == [PrintOptions(sources=RECORDED, filter="risk > 0")]


def test_on_the_screen_it_plays_at_the_speed_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr("ratop_py.commands.screen.open_desk", seen.append)
    monkeypatch.setattr("ratop_py.commands.screen.show", lambda desk, options: note(seen, options))
    assert demo.play(PrintOptions(sources=RECORDED, filter="tcp"), 4.0, printed=False) is Exit.OK
    assert (seen[0].speed, seen[0].files, seen[1].filter) == (4.0, RECORDED.files, "tcp")


@pytest.mark.system
def test_the_demo_prints_flows_with_owners_and_a_risk_without_any_privilege() -> None:
    command = [sys.executable, "-m", "ratop_py", "print", "--format", "jsonl"]
    sources = demo.recording()
    done = subprocess.run(
        [*command, "-r", sources.files[0], "--context", str(sources.context)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(row["program"] for row in rows)
    assert any(row["level"] in {"medium", "high"} for row in rows)
