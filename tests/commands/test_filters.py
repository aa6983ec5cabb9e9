"""`filters`: what is saved."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py import cli


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "ratop").mkdir()
    return tmp_path / "ratop"


def test_saved_filters_of_configuration_and_screen_are_listed(
    home: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    (home / "config.toml").write_text('[filters]\nweb = "port 80"\n')
    (home / "state.json").write_text('{"filters": {"names": "port 53"}}')
    assert cli.main(["filters"]) == 0
    assert capfdbinary.readouterr() == (b"@names  port 53\n@web    port 80\n", b"")
    assert cli.main(["filters", "--names"]) == 0
    assert capfdbinary.readouterr() == (b"@names\n@web\n", b"")


def test_where_nothing_is_saved_it_says_how_to(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["filters"]) == 0
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert b":save NAME" in err
    cli.main(["filters", "--names"])
    assert capfdbinary.readouterr() == (b"", b"")
