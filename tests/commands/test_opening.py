"""How the screen begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.commands import opening
from ratop_py.commands.habits import Habits, gather
from ratop_py.errors import RatopError
from ratop_py.habits.configfile import read
from ratop_py.tui.options import Options
from ratop_py.view import Order


def said(tmp_path: Path, source: str, **typed: object) -> Habits:
    (tmp_path / "ratop").mkdir(exist_ok=True)
    (tmp_path / "ratop" / "config.toml").write_text(source)
    return gather(typed, environ={"XDG_CONFIG_HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)})


def test_without_habits_the_options_are_the_usual_ones() -> None:
    options = opening.options(Habits(), "tcp")
    usual = Options(filter="tcp", command=options.command, habits=options.habits)
    assert options == usual
    assert options.habits == {"full": False, "octets": False, "port_numbers": False, "names": "names"}


def test_order_and_columns_are_those_of_each_view(tmp_path: Path) -> None:
    source = '[sort]\nflows = ["-pid", "load"]\n[columns]\nhosts = ["peer"]\n'
    options = opening.options(said(tmp_path, source, view="hosts"), "")
    assert options.orders == {"flows": (Order("pid", True), Order("load", True))}
    assert options.order == options.orders["flows"]
    assert options.columns == {"hosts": ("peer",)}
    assert options.fields == ("peer",)


def test_keys_themes_and_notices_are_handed_over(tmp_path: Path) -> None:
    source = 'theme = "mine"\nx = 1\n[keys]\npause = "f5"\n[themes.mine]\nbase = "light"\n'
    options = opening.options(said(tmp_path, source), "")
    assert options.theme == "mine"
    assert options.themes["mine"].light
    assert options.keys is not None
    assert next(key for key in options.keys if key.deed == "pause").keys == ("f5",)
    assert len(options.notices) == 1


def test_filters_of_the_configuration_are_told_apart_from_those_saved_on_the_screen(tmp_path: Path) -> None:
    opening.options(said(tmp_path, ""), "").remember({"filters": {"dns": "port 53"}})  # type: ignore[misc]
    options = opening.options(said(tmp_path, '[filters]\nweb = "port 80"\n'), "")
    assert set(options.filters) == {"dns", "web"}
    assert options.configured == {"web"}


def test_what_the_screen_tells_at_its_end_is_written(tmp_path: Path) -> None:
    options = opening.options(said(tmp_path, ""), "")
    assert options.remember is not None
    options.remember({"view": "users"})
    assert said(tmp_path, "").last.view == "users"


def test_who_wants_nothing_remembered_gets_nothing_to_remember_with(tmp_path: Path) -> None:
    assert opening.options(said(tmp_path, "remember = false\n"), "").remember is None


def test_fields_of_a_command_line_are_read_and_checked() -> None:
    assert opening.named(["pid,user", "load"]) == ("pid", "user", "load")
    with pytest.raises(RatopError, match="there is no field `usre`") as caught:
        opening.named(["usre"])
    assert caught.value.hint == "did you mean “user”?"


def test_what_is_wrong_with_the_files_is_said_before_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    opening.warn(Habits(config=read("x = 1", "c")))
    assert capsys.readouterr().err == "ratop: c:1: there is no setting “x”\n"
