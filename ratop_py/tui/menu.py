"""A short list to choose from: what can be done with a cell, as what a flow is copied.

Promise: what it offers works; choosing closes it first.
Does not know: what the choices do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ratop_py.tui.fit import fit, size_of
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place, spoken
from ratop_py.tui.lines import Line
from ratop_py.tui.overlay import Overlay


@dataclass(frozen=True, slots=True)
class Choice:
    """One line."""

    text: str
    do: Callable[[], None]
    key: str = ""
    """A letter that takes it."""


class Menu(Overlay):
    """The box."""

    place = Place.MENU
    widest = 80

    def __init__(self, ink: Ink, title: str, choices: Sequence[Choice]) -> None:
        super().__init__(ink)
        self.title_line, self.choices = title, tuple(choices)
        self.at = 0
        widths = [size_of(each.text) + 8 for each in choices]
        self.widest = max(30, min(90, max([size_of(title) + 8, *widths])))

    def heading(self) -> str:
        """What it is about."""
        return self.title_line

    def foot(self) -> str:
        """The keys."""
        return spoken("{take} do it   {close} close", self.place)

    def content(self, width: int) -> list[Line]:
        """One line a choice."""
        return [
            [
                (f" {each.key or ' '} ", "key"),
                (fit(each.text, width - 3), "picked" if number == self.at else "text"),
            ]
            for number, each in enumerate(self.choices)
        ]

    def do(self, deed: str) -> bool:
        """Choose."""
        if deed in ("scroll-down", "scroll-up"):
            self.at = (self.at + (1 if deed == "scroll-down" else -1)) % len(self.choices)
            self.top = max(self.at - self.inner_height + 1, min(self.top, self.at))
            self.redraw()
        elif deed == "take":
            self._take(self.at)
        else:
            return super().do(deed)
        return True

    def typed(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - the letter decides
        """A letter takes its choice."""
        found = [number for number, each in enumerate(self.choices) if each.key and each.key == character]
        if found:
            self._take(found[0])
        return bool(found)

    def clicked(self, line: int) -> None:
        """A line of the box was clicked."""
        if 0 <= line < len(self.choices):
            self._take(line)

    def _take(self, number: int) -> None:
        self.dismiss()
        self.app.call_later(self.choices[number].do)
