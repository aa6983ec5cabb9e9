"""Scrollbars where only ASCII can be shown: whole cells, which are spaces with a colour, instead of parts of cells.

Does not know: what is scrolled.
"""

from __future__ import annotations

from typing import ClassVar

from textual.scrollbar import ScrollBar, ScrollBarRender


class Plain(ScrollBarRender):
    """Without eighths of cells."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def choose(*, ascii_only: bool) -> None:
    """How scrollbars of this process are drawn from now on."""
    ScrollBar.renderer = Plain if ascii_only else ScrollBarRender
