"""TOML into preferences."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.habits.configfile import Config, line_of, read
from ratop_py.habits.preferences import Preferences

SAID = """\
theme = "light"
rate = 4

[filters]
web = "port 80"

[keys]
pause = "p f5"
[keys.help]
close = ["x"]
"""


def told(source: str) -> list[str]:
    return [str(trouble) for trouble in read(source, "/c.toml").troubles]


def test_what_is_said_holds_and_the_rest_is_as_it_is() -> None:
    config = read(SAID, "/c.toml")
    keys: dict[str, Any] = {"pause": ("p", "f5"), "help": {"close": ("x",)}}
    assert config.preferences == replace(Preferences(), theme="light", rate=4.0, filters={"web": "port 80"}, keys=keys)
    assert config.given == {"theme", "rate", "filters", "keys"}
    assert config.troubles == ()


def test_an_empty_file_says_nothing() -> None:
    assert read("", "/c.toml") == Config(path="/c.toml")


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("rat = 3", ["/c.toml:1: there is no setting “rat”; did you mean “rate”?"]),
        ("\n\nrate = 30", ["/c.toml:3: “rate” has to be a number from 0.1 to 10; the default holds"]),
        ("[filters]\nweb = 3", ["/c.toml:2: “filters.web” has to be a filter in quotes; the default holds"]),
        ("filters.web = 3", ["/c.toml:1: “filters.web” has to be a filter in quotes; the default holds"]),
        ('[columns]\nfows = ["pid"]', [
            "/c.toml:2: “columns.fows” has to be a view: flows, programs, hosts, users, risks, ports, networks, interfaces,"
                " tree, rates; the default holds"
        ]),
        ('theme = "drak"', ["/c.toml:1: there is no theme “drak”; did you mean “dark”?"]),
        ("a = [1\n", ["/c.toml:2: this is no TOML: unclosed array; the defaults hold"]),
        ("rate = 3\nrate = 4", ["/c.toml:2: this is no TOML: cannot overwrite a value; the defaults hold"]),
        ("x = " + "[" * 30_000, ["/c.toml: it is nested too deep; the defaults hold"]),
        ("zz = 1\nrate = 0", [
            "/c.toml:1: there is no setting “zz”",
            "/c.toml:2: “rate” has to be a number from 0.1 to 10; the default holds",
        ]),
    ],
    ids=lambda value: str(value)[:20],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(source: str, sentences: list[str]) -> None:
    assert told(source) == sentences


def test_one_wrong_setting_leaves_the_others() -> None:
    config = read("rate = 99\nascii = true\n", "/c.toml")
    assert (config.preferences.rate, config.preferences.ascii) == (Preferences().rate, True)
    assert config.given == {"ascii"}


def test_a_theme_of_ones_own_can_be_chosen() -> None:
    assert read('theme = "mine"\n[themes.mine]\naccent = "#112233"\n', "/c").troubles == ()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200) | st.text(alphabet='a=[]{}"\n.1#rate', max_size=60))
def test_no_text_whatever_fails_or_writes_an_escape(source: str) -> None:
    for sentence in told(source):
        assert sentence.isprintable()


@pytest.mark.parametrize(
    ("key", "line"),
    [(("theme",), 1), (("filters", "web"), 5), (("filters",), 4), (("keys", "help", "close"), 10), (("keys", "z"), 7)],
)
def test_a_key_is_found_on_its_line(key: tuple[str, ...], line: int) -> None:
    assert line_of(SAID, key) == line


def test_a_key_that_is_nowhere_has_no_line() -> None:
    assert line_of(SAID, ("sort",)) == 0
