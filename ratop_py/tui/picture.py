"""A picture of the screen, as SVG.

Promise: it shows what stood on the screen when `taken` was called, and names no address that a viewer would fetch.
Does not know: where it goes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.segment import Segment, Segments
from textual.screen import Screen
from textual.strip import Strip

FONTS = re.compile(r"@font-face\s*\{[^}]*\}\s*")
"""Rich names a font on a server of others: whoever opened the picture would ask there."""


def taken(screen: Screen[Any]) -> list[Strip]:
    """The lines of a screen as they stand, without what lies above it."""
    return list(screen._compositor.render_strips())


def svg(strips: Sequence[Strip], title: str) -> str:
    """The picture."""
    width = max((strip.cell_length for strip in strips), default=1)
    console = Console(
        width=width,
        height=len(strips),
        file=io.StringIO(),
        force_terminal=True,
        color_system="truecolor",
        record=True,
        legacy_windows=False,
        safe_box=False,
        _environ={},
    )
    for strip in strips:
        console.print(Segments([*strip, Segment.line()]), end="")
    return FONTS.sub("", console.export_svg(title=title))
