"""`top`: the screen, or print without a terminal, or the demo."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from click.testing import CliRunner

from ratop_py.commands import top
from ratop_py.commands.print_options import PrintOptions
from ratop_py.errors import Exit, RatopError

REFUSED = RatopError("not permitted to capture", hint="sudo ratop", exit_code=Exit.NOT_PERMITTED)


class Theatre:
    """Plays the parts that `top` calls, and notes the order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failure: RatopError | None) -> None:
        self.called: list[str] = []
        self.failure = failure
        monkeypatch.setattr("ratop_py.commands.print.run", self.run)
        monkeypatch.setattr("ratop_py.commands.demo.play", self.play)
        monkeypatch.setattr("ratop_py.commands.demo.recording", lambda: PrintOptions().sources)
        monkeypatch.setattr(top, "open_desk", lambda settings: self)
        monkeypatch.setattr(top, "show", self.show)

    def run(self, options: PrintOptions, out: Any, tell: Any) -> Exit:
        assert options.once
        self.called.append("print")
        if self.failure:
            raise self.failure
        return Exit.OK

    def play(self, options: PrintOptions, speed: float, *, printed: bool) -> Exit:
        self.called.append(f"demo printed={printed}")
        return Exit.OK

    def start(self) -> None:
        self.called.append("start")
        if self.failure:
            raise self.failure

    def begin(self) -> None:
        self.called.append("begin")

    def stop(self) -> None:
        self.called.append("stop")

    def show(self, desk: Any, filter_text: str, look: Any) -> Exit:
        self.called.append(f"show {filter_text}".rstrip())
        return Exit.OK


def invoke(*words: str, terminal: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    runner = CliRunner()
    monkeypatch.setattr(top, "sys", type("Sys", (), {"stdout": Stdout(terminal), "argv": sys.argv}))
    return runner.invoke(top.command, words)


class Stdout:
    buffer = None

    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_on_a_terminal_the_screen_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    invoke("udp", "port", "53", terminal=True, monkeypatch=monkeypatch)
    assert theatre.called == ["begin", "show udp port 53"]


def test_a_file_is_opened_by_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    invoke("-r", "x.pcap", terminal=True, monkeypatch=monkeypatch)
    assert theatre.called == ["show"]


def test_without_a_terminal_it_prints_once(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    invoke(terminal=False, monkeypatch=monkeypatch)
    assert theatre.called == ["print"]


def test_or_demo_starts_live_where_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    invoke("--or-demo", terminal=True, monkeypatch=monkeypatch)
    assert theatre.called == ["start", "show"]


@pytest.mark.parametrize(
    ("terminal", "called"), [(True, ["start", "stop", "demo printed=False"]), (False, ["print", "demo printed=True"])]
)
def test_or_demo_says_in_one_line_what_is_missing_and_shows_the_demo(
    terminal: bool, called: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    theatre = Theatre(monkeypatch, REFUSED)
    result = invoke("--or-demo", terminal=terminal, monkeypatch=monkeypatch)
    assert theatre.called == called
    assert result.stderr == "ratop: not permitted to capture (sudo ratop); here is the demo instead\n"


def test_another_failure_is_not_hidden_by_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, RatopError("bad filter", exit_code=Exit.USAGE))
    result = invoke("--or-demo", terminal=True, monkeypatch=monkeypatch)
    assert isinstance(result.exception, RatopError)


def test_without_or_demo_a_refusal_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, REFUSED)
    result = invoke(terminal=False, monkeypatch=monkeypatch)
    assert result.exception is REFUSED


def test_the_screen_cannot_read_a_capture_from_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, None)
    result = invoke("-r", "-", terminal=True, monkeypatch=monkeypatch)
    assert isinstance(result.exception, RatopError)
    assert result.exception.hint == "ratop print -r -"
