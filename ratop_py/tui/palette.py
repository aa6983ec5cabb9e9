"""All that can be done, found by typing a part of its name.

Promise: the list is the key table; the keys of each, if it has any, stand beside it.
Does not know: how a thing is done.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.tui.fit import fit
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Key, Place, sign, spoken, worn
from ratop_py.tui.lineedit import Typed, edit, insert
from ratop_py.tui.lines import Line
from ratop_py.tui.overlay import Overlay

APART = 1000
"""Added to the place of letters that do not stand together."""


def wanted(text: str) -> list[Key]:
    """Deeds whose words hold the text; if there are none, those that hold its letters in order."""
    text = text.lower().strip()
    known = [key for key in worn() if key.section]
    found = [(place, number, key) for number, key in enumerate(known) if (place := _place(text, key)) is not None]
    whole = [entry for entry in found if entry[0] < APART]
    return [key for _, _, key in sorted(whole or found, key=lambda entry: entry[:2])]


def _place(text: str, key: Key) -> int | None:
    words = f"{key.deed} {key.does}".lower()
    if text in words:
        return words.index(text)
    at = -1
    for letter in text:
        at = words.find(letter, at + 1)
        if at < 0:
            return None
    return APART + at


class Palette(Overlay):
    """The box."""

    place = Place.PALETTE
    widest, highest = 70, 24

    def __init__(self, ink: Ink, take: Callable[[str], object]) -> None:
        super().__init__(ink)
        self.take = take
        self.line = Typed()
        self.at = 0

    def heading(self) -> str:
        """What this is."""
        return "Everything that can be done"

    def foot(self) -> str:
        """The keys."""
        return spoken("type to find   {take} do it   {close} close", self.place)

    def content(self, width: int) -> list[Line]:
        """What is typed, and what it finds."""
        text = self.line.text + " "
        at = self.line.at
        keys = wanted(self.line.text)
        self.at = max(0, min(self.at, len(keys) - 1))
        lines: list[Line] = [[("› ", "key"), (text[:at], "text"), (text[at], "caret"), (text[at + 1 :], "text")], []]
        for number, key in enumerate(keys):
            name = fit(" ".join(map(sign, key.keys)), 16, right=True)
            tone = "picked" if number == self.at else "text"
            lines.append([(name, "key"), ("  ", "text"), (fit(key.does, width - 18), tone)])
        return lines if keys else [*lines, [("nothing is called so", "dim")]]

    def do(self, deed: str) -> bool:
        """Choose, and carry out."""
        if deed in ("scroll-down", "scroll-up"):
            self.at += 1 if deed == "scroll-down" else -1
        elif deed == "take":
            keys = wanted(self.line.text)
            self.dismiss()
            if keys:
                self.app.call_later(self.take, keys[self.at].deed)
            return True
        else:
            return super().do(deed)
        self.redraw()
        line, height = max(0, self.at) + 2, self.inner_height
        self.top = max(line - height + 1, min(self.top, line if self.at else 0))
        self.redraw()
        return True

    def clicked(self, line: int) -> None:
        """A deed was clicked."""
        if 0 <= line - 2 < len(wanted(self.line.text)):
            self.at = line - 2
            self.do("take")

    def typed(self, key: str, character: str | None) -> bool:
        """A letter of the name."""
        line = edit(self.line, key, character)
        if line is None:
            return False
        self.line, self.at, self.top = line, 0, 0
        self.redraw()
        return True

    def pasted(self, text: str) -> None:
        """A name from the clipboard."""
        self.line = insert(self.line, text)
        self.redraw()
