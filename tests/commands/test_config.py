"""`config`: what is in force, and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py import cli
from ratop_py.habits.configfile import read
from ratop_py.habits.preferences import Preferences, settings


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "config" / "ratop").mkdir(parents=True)
    return tmp_path


def said(capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> tuple[int, list[str]]:
    code = cli.main(["config", *words])
    out, err = capfdbinary.readouterr()
    assert err == b""
    return code, out.decode().splitlines()


def configure(home: Path, text: str) -> Path:
    path = home / "config" / "ratop" / "config.toml"
    path.write_text(text)
    return path


def test_every_setting_is_told_with_its_reason(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = configure(home, 'theme = "light"\n[filters]\nweb = "port 80"\n')
    code, lines = said(capfdbinary)
    assert code == 0
    assert lines[:2] == [f"config  {path}", f"state   {home}/state/ratop/state.json"]
    reasons = {line.split()[0]: line.split()[1] for line in lines[3:] if not line.startswith(" ")}
    assert list(reasons) == list(settings())
    assert (reasons["theme"], reasons["filters"], reasons["rate"]) == ("config", "config", "default")
    assert '  web                   "port 80"' in lines


def test_a_file_that_is_not_there_is_named(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert said(capfdbinary)[1][0] == f"config  {home}/config/ratop/config.toml (not there)"
    assert said(capfdbinary, "--path") == (0, [f"{home}/config/ratop/config.toml"])


def test_a_check_without_trouble_says_nothing(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    configure(home, "rate = 3\n")
    assert said(capfdbinary, "--check") == (0, [])


def test_a_check_tells_every_trouble_and_fails(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = configure(home, "rat = 3\nrate = 99\n")
    code, lines = said(capfdbinary, "--check")
    assert code == 2
    assert [line.split(": ")[0] for line in lines] == [f"{path}:1", f"{path}:2"]


def test_the_default_file_means_the_defaults(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    code, lines = said(capfdbinary, "--default")
    assert code == 0
    assert read("\n".join(lines), "sample").preferences == Preferences()


def test_a_state_that_cannot_be_written_is_told(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    (home / "state").write_text("no folder")
    assert "cannot be written in: nothing is remembered)" in said(capfdbinary)[1][1]


def test_what_is_not_to_be_remembered_is_told(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    configure(home, "remember = false\n")
    assert said(capfdbinary)[1][1].endswith("(remember = false: nothing is read or written)")


def test_hostile_text_of_a_file_writes_no_escape(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    configure(home, '"\\u001b[2J" = 1\ntheme = "\\u001b]0;x"\n[filters]\nweb = "\\"\\u001b[2J\\""\n')
    code, lines = said(capfdbinary)
    assert code == 0
    assert all(line.isprintable() for line in lines)
