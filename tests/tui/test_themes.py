"""A person's own themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ratop_py.tui import ink
from ratop_py.tui.ink import DARK, LIGHT, Ink, textual_theme
from ratop_py.tui.languages import check_command
from ratop_py.tui.themes import made, put_on
from tests.helpers.piloted import playing


@pytest.fixture
def mine() -> Iterator[str]:
    put_on({"mine": made("mine", {"base": "light", "accent": "#004080"})[0]})
    yield "mine"
    del ink.PALETTES["mine"]


def test_what_is_not_named_is_as_in_the_base() -> None:
    palette, told = made("mine", {"base": "light", "accent": "#004080"})
    assert told == ()
    assert palette.inks == {**LIGHT.inks, "accent": "#004080"}
    assert palette.grounds == LIGHT.grounds
    assert palette.light


def test_without_a_base_it_is_dark() -> None:
    assert made("mine", {})[0] == DARK


@pytest.mark.parametrize(
    ("colours", "key", "sentence"),
    [
        ({"acent": "#ffffff"}, "acent", "a theme has no colour “acent”; did you mean “accent”?"),
        ({"accent": "dark"}, "accent", "“themes.mine.accent” has to be a colour as #rrggbb"),
        ({"base": "#000000"}, "base", "“themes.mine.base” has to be dark or light"),
    ],
)
def test_what_means_nothing_is_said_and_left_out(colours: dict[str, str], key: str, sentence: str) -> None:
    palette, told = made("mine", colours)
    assert told == ((key, sentence),)
    assert palette == DARK


def test_an_ink_that_is_hard_to_read_is_said_and_taken() -> None:
    palette, told = made("mine", {"accent": "#303030"})
    assert palette.inks["accent"] == "#303030"
    assert [key for key, _ in told] == ["accent"]
    assert "theme “mine”: accent on" in told[0][1]


def test_a_ground_on_which_text_is_hard_to_read_is_said() -> None:
    assert "bg" in {key for key, _ in made("mine", {"bg": "#808080"})[1]}


def test_lines_and_bars_are_no_text() -> None:
    assert made("mine", {"line": "#111111"})[1] == ()


def test_a_theme_that_is_put_on_writes_its_colours(mine: str) -> None:
    colour = Ink(mine).style("accent").color
    assert colour is not None
    assert colour.name == "#004080"
    assert mine in ink.themes()
    assert not textual_theme(mine).dark


async def test_a_theme_of_ones_own_can_be_chosen_on_the_screen(mine: str) -> None:
    async with playing() as screen:
        await screen.press("colon")
        await screen.type("theme mine")
        await screen.press("enter")
        await screen.settle()
        assert screen.app.ink.theme == mine
        assert screen.app.kept.theme == mine


def test_a_theme_that_is_none_names_the_nearest(mine: str) -> None:
    trouble = check_command("theme mien")
    assert trouble is not None
    assert trouble.sentence == "dark, light, ansi, none or mine is expected"
    assert trouble.nearest == "mine"
