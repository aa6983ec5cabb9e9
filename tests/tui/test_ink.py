"""Themes: contrast, and what each writes."""

import ast
import itertools
from pathlib import Path

import pytest

from ratop_py.config import THEMES
from ratop_py.tui import ink
from ratop_py.tui.ink import GROUNDS, PALETTES, QUIET, TONES, Ink, contrast

TUI = Path(ink.__file__).parent
SOURCES = [*sorted(TUI.glob("*.py")), TUI.parent / "view" / "tree.py"]
"""Whose words are drawn."""
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


def literals(path: Path) -> list[str]:
    """Texts of a source, without what it says of itself."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    said = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in said]
    return [node.value for node in constants if isinstance(node.value, str)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_sign_of_ours_has_another_where_only_ascii_is_shown(path: Path) -> None:
    written = Ink("dark", ascii=True)
    signs = {char for text in literals(path) for char in text if not char.isascii()}
    assert {sign: written.write(sign) for sign in signs if written.write(sign).startswith("?")} == {}


def test_signs_are_looked_for_where_they_are() -> None:
    assert {"├─", "▸"} <= {text for path in SOURCES for text in literals(path)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_tone_that_is_written_is_one_of_those_whose_contrast_is_known(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    pairs = [node for node in ast.walk(tree) if isinstance(node, ast.Tuple) and len(node.elts) == 2]
    last = [pair.elts[1] for pair in pairs if isinstance(pair.elts[0], ast.JoinedStr)]
    tones = {node.value for node in last if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    assert tones <= {*TONES}
