"""Tones, not colours: what a piece of text means, and how each theme writes it.

Promise: every tone has a style on every ground, in every theme; text reads at a contrast of at least 4.5 in dark and
light; `ansi` writes the terminal's own sixteen colours, `none` uses bold, reverse and underline alone.
Does not know: what is written, or where.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from rich.cells import cell_len
from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from ratop_py.config import THEMES
from ratop_py.safetext import clean
from ratop_py.tui.fit import fit

TONES = (
    "text",
    "strong",
    "dim",
    "accent",
    "key",
    "in",
    "out",
    "ok",
    "other",
    "warn",
    "high",
    "bar",
    "line",
    "badge",
    "wrong",
    "mark",
    "caret",
    "picked",
)
GROUNDS = ("bg", "panel", "head", "cursor", "tint")
BOLD = frozenset({"strong", "key", "high", "badge", "wrong", "picked"})
REVERSED = frozenset({"badge", "mark", "picked", "caret"})
QUIET = frozenset({"bar", "line"})
"""Tokens that are no text: lines and bars."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme: `inks` by tone, `grounds` by name."""

    inks: Mapping[str, str]
    grounds: Mapping[str, str]
    dim_on: Mapping[str, str]
    """What `dim` is on grounds where its own colour is too weak."""
    light: bool = False
    """Dark text on a light ground."""


DARK = Palette(
    {
        "text": "#d5dce5",
        "dim": "#8b97a6",
        "accent": "#6cb6ff",
        "out": "#7fd1b9",
        "other": "#bba7ec",
        "warn": "#f0b95b",
        "high": "#ff8577",
        "bar": "#5f7f9f",
        "line": "#33404d",
    },
    {"bg": "#0f1419", "panel": "#141a21", "head": "#1a222b", "cursor": "#24384d", "tint": "#2c1719"},
    {"cursor": "#a9b6c4"},
)
LIGHT = Palette(
    {
        "text": "#1f252c",
        "dim": "#5b6570",
        "accent": "#0b5cad",
        "out": "#0a6350",
        "other": "#6741b0",
        "warn": "#7d4a00",
        "high": "#ad1f18",
        "bar": "#6f93b8",
        "line": "#b9b9ae",
    },
    {"bg": "#fbfbf8", "panel": "#f3f3ee", "head": "#e7e7e0", "cursor": "#cfe2f6", "tint": "#fbe6e3"},
    {"cursor": "#4a545f", "head": "#555f6a", "tint": "#555f6a"},
    light=True,
)
PALETTES = {"dark": DARK, "light": LIGHT}
"""By name; a person's own are put here before the screen begins."""
SAME = {"strong": "text", "key": "accent", "in": "accent", "ok": "out", "wrong": "high", "picked": "text"}
"""Tokens that share a colour with another."""
ANSI = {
    "dim": None,
    "accent": "blue",
    "out": "green",
    "other": "magenta",
    "warn": "yellow",
    "high": "red",
    "bar": "blue",
}


def themes() -> tuple[str, ...]:
    """Every theme there is, a person's own last."""
    return (*THEMES, *(name for name in PALETTES if name not in THEMES))


ASCII = str.maketrans(
    "↓↑⇅▲△●○◌▶◀■‖✓✗━╸╍┅┄·–…“”⏎←→⇧⌥⌫│┃─╭╮╰╯├└▸›▔▁▂▃▄▅▆▇█≥×²³⁴∞",
    "v^x!*@oo><#|+x=-=-." + '.-~"">' + "<>^M<||-++++|\\>>^.:-=+*#%>x234#",
)
"""Our own signs where only ASCII can be shown; each takes one cell, as what it stands for."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A theme, ready to write with."""

    theme: str
    ascii: bool = False

    def write(self, text: str) -> str:
        """The last gate before the terminal: only what is printable passes, whatever it was."""
        if not text.isprintable():
            text = clean(text)
        if not self.ascii or text.isascii():
            return text
        text = text.translate(ASCII)
        return "".join(char if char.isascii() else "?" * cell_len(char) for char in text)

    def shaped(self, text: str, size: int, right: bool = False, middle: bool = False) -> str:
        """The text in exactly so many cells, safe to write."""
        shown = fit(self.write(text), size, right, middle)
        return self.write(shown) if self.ascii else shown  # a cut brings a sign of ours

    def style(self, tone: str, ground: str = "bg") -> Style:
        """How to write a tone on a ground."""
        return _style(self.theme, tone, ground)


@cache
def _style(theme: str, tone: str, ground: str) -> Style:
    if theme in PALETTES:
        return _coloured(PALETTES[theme], tone, ground)
    return _ansi(tone, ground) if theme == "ansi" else _plain(tone, ground)


def _coloured(palette: Palette, tone: str, ground: str) -> Style:
    under = palette.grounds[ground]
    if tone == "badge":
        return Style(color=palette.grounds["bg"], bgcolor=palette.inks["warn"], bold=True)
    if tone == "mark":
        return Style(color=palette.grounds["bg"], bgcolor=palette.inks["accent"], bold=True)
    if tone == "caret":
        return Style(color=palette.grounds["bg"], bgcolor=palette.inks["text"])
    name = SAME.get(tone, tone)
    colour = palette.dim_on.get(ground, palette.inks[name]) if name == "dim" else palette.inks[name]
    if tone == "picked":
        under = palette.grounds["cursor"]
    bold = tone in BOLD or (ground == "cursor" and tone in ("text", "in", "out"))
    return Style(color=colour, bgcolor=under, bold=bold or None, underline=tone == "wrong" or None)


def _ansi(tone: str, ground: str) -> Style:
    if ground == "cursor":  # one style for the whole row: colours under reverse become blotches
        return Style(reverse=True, bold=True)
    if tone in REVERSED:
        return Style(reverse=True, bold=True)
    name = SAME.get(tone, tone)
    return Style(
        color=ANSI.get(name) or "default",
        bgcolor="default",
        bold=(tone in BOLD or ground == "tint") or None,
        dim=(name in ("dim", "line") and ground != "tint") or None,
        underline=tone == "wrong" or None,
    )


def _plain(tone: str, ground: str) -> Style:
    if ground == "cursor":
        return Style(reverse=True)
    if tone in REVERSED:
        return Style(reverse=True, bold=True)
    return Style(bold=(tone in BOLD or ground == "tint") or None, underline=tone == "wrong" or None)


def textual_theme(name: str) -> Theme:
    """The theme as Textual wants it, for what Textual itself draws (scrollbar, palette, shade)."""
    palette = PALETTES.get(name)
    if palette is None:
        ansi = BUILTIN_THEMES["ansi-dark"]  # declares what Textual's own stylesheet needs under `ansi`
        own = dict.fromkeys(VARIABLES, "ansi_default") | {"ratop-bar": "ansi_blue"}
        return replace(ansi, name=f"ratop-{name}", variables={**ansi.variables, **own})
    return Theme(
        f"ratop-{name}",
        primary=palette.inks["accent"],
        warning=palette.inks["warn"],
        error=palette.inks["high"],
        foreground=palette.inks["text"],
        background=palette.grounds["bg"],
        surface=palette.grounds["panel"],
        panel=palette.grounds["head"],
        dark=not palette.light,
        variables={
            "ratop-bg": palette.grounds["bg"],
            "ratop-panel": palette.grounds["panel"],
            "ratop-head": palette.grounds["head"],
            "ratop-bar": palette.inks["line"],
            "ratop-shade": palette.grounds["bg"] + " 65%",
        },
    )


VARIABLES = ("ratop-bg", "ratop-panel", "ratop-head", "ratop-bar", "ratop-shade")
"""Names that the stylesheet uses; they must exist before it is parsed."""


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours `#rrggbb`."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
