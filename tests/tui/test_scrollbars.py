from __future__ import annotations

from collections.abc import Iterator

import pytest
from rich.color import Color
from textual.scrollbar import ScrollBar

from ratop_py.tui import scrollbars


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = ScrollBar.renderer
    yield
    ScrollBar.renderer = before


def drawn() -> str:
    bar = ScrollBar.renderer.render_bar(
        size=20,
        virtual_size=97,
        window_size=20,
        position=13,
        back_color=Color.parse("black"),
        bar_color=Color.parse("red"),
    )
    return "".join(segment.text for segment in bar.segments)


def test_with_ascii_alone_a_scrollbar_is_whole_cells() -> None:
    scrollbars.choose(ascii_only=True)
    assert drawn().isascii()


def test_else_it_is_textual_s_own() -> None:
    before = ScrollBar.renderer
    scrollbars.choose(ascii_only=False)
    assert ScrollBar.renderer is before
