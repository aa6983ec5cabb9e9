"""`top`: the screen, or print without a terminal, or the demo."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from ratop_py.commands import top
from ratop_py.commands.print_options import PrintOptions
from ratop_py.engine.settings import Settings
from ratop_py.errors import Exit, RatopError
from ratop_py.tui.options import Options
from ratop_py.view import Order

REFUSED = RatopError("not permitted to capture", hint="sudo ratop", exit_code=Exit.NOT_PERMITTED)


class Theatre:
    """Plays the parts that `top` calls, and notes the order."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, failure: RatopError | None) -> None:
        self.called: list[str] = []
        self.failure = failure
        monkeypatch.setattr("ratop_py.commands.print.run", self.run)
        monkeypatch.setattr("ratop_py.commands.demo.play", self.play)
        monkeypatch.setattr("ratop_py.commands.demo.recording", lambda: PrintOptions().sources)
        monkeypatch.setattr(top, "open_desk", self.open)
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

    def open(self, settings: Settings) -> Theatre:
        self.settings = settings
        return self

    def start(self) -> None:
        self.called.append("start")
        if self.failure:
            raise self.failure

    def begin(self) -> None:
        self.called.append("begin")

    def stop(self) -> None:
        self.called.append("stop")

    def show(self, desk: Any, options: Options) -> Exit:
        self.called.append(f"show {options.filter}".rstrip())
        self.options = options
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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "config" / "ratop").mkdir(parents=True)
    return tmp_path


def configure(home: Path, text: str) -> None:
    (home / "config" / "ratop" / "config.toml").write_text(text)


def remember(home: Path, **state: Any) -> None:
    (home / "state" / "ratop").mkdir(parents=True)
    (home / "state" / "ratop" / "state.json").write_text(json.dumps(state))


def begun(monkeypatch: pytest.MonkeyPatch, *words: str) -> Theatre:
    theatre = Theatre(monkeypatch, None)
    result = invoke(*words, terminal=True, monkeypatch=monkeypatch)
    assert result.exception is None or result.exit_code == 0, result.exception
    return theatre


def test_the_command_line_goes_before_what_is_remembered_and_that_before_the_configuration(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, 'theme = "light"\nrate = 1\nview = "hosts"\nkeep_ended = 9\n')
    remember(home, theme="dark", view="users", beside={"theme": "'light'", "view": "'hosts'"})
    options = begun(monkeypatch, "--theme", "ansi").options
    assert (options.theme, options.view, options.rate, options.keep_ended) == ("ansi", "users", 1.0, 9.0)


def test_a_configuration_that_was_changed_goes_before_what_is_remembered(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, 'theme = "light"\n')
    remember(home, theme="dark", beside={"theme": "'ansi'"})
    assert begun(monkeypatch).options.theme == "light"


def test_columns_and_order_of_the_command_line_are_of_the_first_view(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = begun(monkeypatch, "--view", "hosts", "-s", "peer,bytes", "--sort", "-bytes,peer").options
    assert options.columns == {"hosts": ("peer", "bytes")}
    assert options.fields == ("peer", "bytes")
    assert options.orders == {"hosts": (Order("bytes", False), Order("peer", False))}


def test_a_field_that_is_none_is_a_usage_error_that_names_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, None)
    result = invoke("-s", "bites", terminal=True, monkeypatch=monkeypatch)
    assert isinstance(result.exception, RatopError)
    assert "bytes" in result.exception.hint


def test_the_filter_of_the_last_time_comes_back_only_when_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(home, filter="udp")
    assert begun(monkeypatch).called == ["begin", "show"]
    assert begun(monkeypatch, "--last").called == ["begin", "show udp"]
    assert begun(monkeypatch, "--last", "tcp").called == ["begin", "show tcp"]


def test_a_saved_filter_is_shown_by_name_and_captured_by_meaning(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(home, '[filters]\nweb = "tcp and port 80"\n')
    theatre = begun(monkeypatch, "@web", "and", "host", "10.0.0.1")
    assert theatre.options.filter == "@web and host 10.0.0.1"
    assert theatre.settings.filter == "(tcp and port 80) and host 10.0.0.1"
    assert theatre.options.filters == {"web": "tcp and port 80"}


def test_interfaces_and_events_of_the_configuration_are_for_live_traffic(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, 'interfaces = ["lo"]\nevents = "none"\nkeep_packets = "64M"\n')
    assert begun(monkeypatch).settings.keep_packets == 64 << 20
    assert begun(monkeypatch, "--keep-packets", "1M").settings.keep_packets == 1 << 20
    assert begun(monkeypatch).settings.interfaces == ("lo",)
    assert begun(monkeypatch).settings.events == "none"
    assert begun(monkeypatch, "-i", "eth0", "--events", "lsof").settings.interfaces == ("eth0",)
    assert begun(monkeypatch, "--events", "lsof").settings.events == "lsof"
    assert begun(monkeypatch, "-r", "x.pcap").settings.interfaces == ()


def test_a_wrong_configuration_is_told_on_stderr_and_on_the_screen_and_stops_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(home, "rat = 3\n")
    theatre = Theatre(monkeypatch, None)
    result = invoke(terminal=True, monkeypatch=monkeypatch)
    path = home / "config" / "ratop" / "config.toml"
    sentence = f"{path}:1: there is no setting “rat”; did you mean “rate”?"
    assert result.stderr == f"ratop: {sentence}\n"
    assert theatre.options.notices == (sentence,)
    assert theatre.called == ["begin", "show"]


def test_without_config_and_state_nothing_of_them_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configure(home, 'theme = "light"\n')
    remember(home, view="users")
    options = begun(monkeypatch, "--no-config", "--no-state").options
    assert (options.theme, options.view, options.remember) == ("auto", "flows", None)


def test_a_theme_that_is_none_is_a_usage_error(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, None)
    result = invoke("--theme", "drak", terminal=True, monkeypatch=monkeypatch)
    assert isinstance(result.exception, RatopError)
    assert result.exception.hint == "did you mean “dark”?"


def test_without_a_terminal_view_columns_and_order_are_those_of_print(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    asked: list[PrintOptions] = []
    monkeypatch.setattr("ratop_py.commands.print.run", lambda options, out, tell: asked.append(options))
    invoke("--view", "hosts", "-s", "peer", "--sort", "bytes", "tcp", terminal=False, monkeypatch=monkeypatch)
    assert [(each.view, each.columns, each.sort, each.filter) for each in asked] == [
        ("hosts", ("peer",), "bytes", "tcp")
    ]
    assert theatre.called == []


def test_a_file_is_played_at_a_speed_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    theatre = Theatre(monkeypatch, None)
    invoke("-r", "x.pcap", "--speed", "4", terminal=True, monkeypatch=monkeypatch)
    assert theatre.settings.speed == 4.0
    invoke("-r", "x.pcap", terminal=True, monkeypatch=monkeypatch)
    assert theatre.settings.speed == 0.0


def test_what_is_live_has_no_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    Theatre(monkeypatch, None)
    told = invoke("--speed", "4", terminal=True, monkeypatch=monkeypatch)
    assert told.exit_code == Exit.USAGE
    assert "-r" in told.output
