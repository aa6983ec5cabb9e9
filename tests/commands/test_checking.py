"""Whether what stands in a configuration exists."""

from __future__ import annotations

import pytest

from ratop_py.commands.checking import checked, columns_known, keys_of, still_there, themes_of
from ratop_py.fields import FIELDS
from ratop_py.habits.configfile import Config, read
from ratop_py.habits.remembered import Remembered
from ratop_py.tui.columns import SETS
from ratop_py.tui.keymap import KEYS


def check(source: str, *, lent: bool = False) -> Config:
    return checked(read(source, "c"), lent=lent)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ('[columns]\nflows = ["pid", "prgram"]', "c:2: there is no field “prgram”; did you mean “program”?"),
        ('[sort]\nflows = ["-bites"]', "c:2: there is no field “-bites”; did you mean “bytes”?"),
        ('[filters]\nweb = "port"', "c:2: the saved filter @web is wrong: a port is expected, a number or a service name"),
        ('[filters]\nweb = "@dns"\n', "c:2: the saved filter @web names another one"),
        ('[keys]\npuase = "x"', "c:1: there is no deed “puase” to give keys to; did you mean “pause”?"),
        ('[themes.mine]\nacent = "#ffffff"', "c:2: a theme has no colour “acent”; did you mean “accent”?"),
        ('[themes.dark]\naccent = "#ffffff"', "c:1: “dark” is a theme of ratop's: yours needs another name"),
        ('keep_packets = "3k"', "c:1: “keep_packets”: `3k`: from 1M to 16G"),
        ('events = "lsfo"', "c:1: “events”: no event source is called “lsfo”"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_said_with_its_line(source: str, sentence: str) -> None:
    assert [str(trouble) for trouble in check(source).troubles] == [sentence]


def test_what_is_right_beside_it_stays() -> None:
    config = check('[columns]\nflows = ["pid", "x"]\nhosts = ["peer"]\n[filters]\na = "tcp"\nb = "port"\n')
    assert config.preferences.columns == {"flows": ("pid",), "hosts": ("peer",)}
    assert config.preferences.filters == {"a": "tcp"}


def test_nothing_wrong_is_nothing_said() -> None:
    config = check(
        'events = "lsof:5s"\n[columns]\nflows = ["risk", "load"]\n[sort]\nflows = "-load, pid"\n'
        '[keys]\npause = ["f5"]\n[themes.mine]\naccent = "#ffaf5f"\n'
    )
    assert config.troubles == ()
    assert keys_of(config)[0] != KEYS
    assert themes_of(config)["mine"].inks["accent"] == "#ffaf5f"


def test_an_empty_configuration_has_the_usual_keys_and_no_themes() -> None:
    assert keys_of(Config()) == (None, ())
    assert themes_of(Config()) == {}


def test_a_lent_configuration_may_not_name_a_program() -> None:
    assert check('events = "prog:/tmp/x"').preferences.events == "prog:/tmp/x"
    config = check('events = "prog:/tmp/x"', lent=True)
    assert config.preferences.events == "auto"
    assert "may not name a program for root" in str(config.troubles[0])


def test_every_field_and_every_column_of_the_screen_is_known() -> None:
    assert columns_known() >= {*FIELDS, *SETS["flows" if "flows" in SETS else "host"]}


def test_what_is_no_more_is_left_out_and_counted() -> None:
    remembered = Remembered(
        view="nowhere",
        sort={"flows": (("pid", True), ("gone", True))},
        columns={"flows": ("pid", "gone"), "nowhere": ("pid",)},
        filters={"web": "tcp", "bad": "port"},
    )
    kept, gone = still_there(remembered)
    assert kept == Remembered(sort={"flows": (("pid", True),)}, columns={"flows": ("pid",)}, filters={"web": "tcp"})
    assert gone == 5
