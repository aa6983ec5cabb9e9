"""A person's own themes: inks and grounds over those of dark or light.

Promise: a theme comes out whatever colours are named, with a sentence for every name that means nothing and for every
ink that is hard to read on a ground. Pure.
Does not know: where they are written down.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ratop_py.safetext import clean
from ratop_py.tui.ink import GROUNDS, PALETTES, QUIET, Palette, contrast

READABLE = 4.5
"""The least contrast of text (WCAG AA)."""
BASES = ("dark", "light")


def made(name: str, colours: Mapping[str, str]) -> tuple[Palette, tuple[tuple[str, str], ...]]:
    """(the theme, (name of a colour, what is wrong with it) …)."""
    base = colours.get("base", "dark")
    wrong = [] if base in BASES else [("base", f"“themes.{name}.base” has to be dark or light")]
    usual = PALETTES[base if base in BASES else "dark"]
    inks, grounds = dict(usual.inks), dict(usual.grounds)
    for tone, colour in colours.items():
        place = inks if tone in inks else grounds if tone in GROUNDS else None
        if tone == "base":
            continue
        if place is None:
            near = difflib.get_close_matches(tone, [*inks, *grounds], 1, 0.5)
            meant = f"; did you mean “{near[0]}”?" if near else ""
            wrong.append((tone, f"a theme has no colour “{clean(tone, 40)}”{meant}"))
        elif re.fullmatch(r"#[0-9a-fA-F]{6}", colour) is None:
            wrong.append((tone, f"“themes.{name}.{tone}” has to be a colour as #rrggbb"))
        else:
            place[tone] = colour
    dim_on = {} if "dim" in colours else usual.dim_on
    palette = replace(
        usual, inks=MappingProxyType(inks), grounds=MappingProxyType(grounds), dim_on=dim_on, light=base == "light"
    )
    return palette, (*wrong, *_faint(name, palette, colours))


def _faint(name: str, palette: Palette, colours: Mapping[str, str]) -> list[tuple[str, str]]:
    """Inks that are hard to read because of a colour that was named; of each the worst ground."""
    found = []
    for ink in palette.inks.keys() - QUIET:
        told = {ground: contrast(_ink(palette, ink, ground), under) for ground, under in palette.grounds.items()}
        mine = [ground for ground in told if ink in colours or ground in colours]
        worst = min(mine, key=told.__getitem__, default=None)
        if worst is not None and told[worst] < READABLE:
            named = ink if ink in colours else worst
            sentence = f"theme “{name}”: {ink} on {worst} has a contrast of {told[worst]:.1f}; text needs {READABLE}"
            found.append((named, sentence))
    return sorted(found)


def _ink(palette: Palette, ink: str, ground: str) -> str:
    return palette.dim_on.get(ground, palette.inks[ink]) if ink == "dim" else palette.inks[ink]


def put_on(themes: Mapping[str, Palette]) -> None:
    """Make them known to this process, before the screen begins."""
    PALETTES.update(themes)
