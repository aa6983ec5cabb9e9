"""Themes: contrast, and what each writes."""

import itertools

import pytest

from ratop_py.tui import ink
from ratop_py.tui.ink import GROUNDS, PALETTES, QUIET, THEMES, TONES, Ink, contrast

TEXT = [tone for tone in TONES if tone not in QUIET]


def test_contrast_is_as_wcag_defines_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "tone", "ground"), itertools.product(PALETTES, TEXT, GROUNDS))
def test_all_text_reads_at_four_and_a_half(theme: str, tone: str, ground: str) -> None:
    style = Ink(theme).style(tone, ground)
    assert style.color is not None
    assert style.bgcolor is not None
    assert contrast(style.color.name, style.bgcolor.name) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_every_token_has_a_style_on_every_ground(theme: str) -> None:
    for tone, ground in itertools.product(TONES, GROUNDS):
        Ink(theme).style(tone, ground)


def test_without_colour_nothing_has_a_colour() -> None:
    for tone, ground in itertools.product(TONES, GROUNDS):
        style = Ink("none").style(tone, ground)
        assert style.color is None
        assert style.bgcolor is None


def test_ansi_writes_only_the_terminals_own_colours() -> None:
    for tone, ground in itertools.product(TONES, GROUNDS):
        color = Ink("ansi").style(tone, ground).color
        assert color is None or color.is_default or (color.number is not None and color.number < 16)


@pytest.mark.parametrize("theme", ["ansi", "none"])
def test_the_cursor_row_has_one_style_where_there_are_no_colours_to_spare(theme: str) -> None:
    assert len({Ink(theme).style(tone, "cursor") for tone in TONES}) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_cursor_and_alarm_differ_from_text_by_more_than_colour(theme: str) -> None:
    written = Ink(theme)
    assert written.style("high").bold
    assert written.style("text", "cursor").reverse or written.style("text", "cursor").bold


def test_nothing_unprintable_is_written() -> None:
    assert Ink("dark").write("a\x1b[31mb\u202ec").isprintable()


def test_ascii_writes_ascii_in_as_many_cells() -> None:
    written = Ink("dark", ascii=True)
    for sign in "↓↑▲△●━╸·–…“”⏎▁█─╭ ✓ ü":
        assert written.write(sign).isascii()
        assert len(written.write(sign)) == 1
    assert written.write("日本") == "????"


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_gives_the_stylesheet_its_names(theme: str) -> None:
    assert set(ink.VARIABLES) <= set(ink.textual_theme(theme).variables)
