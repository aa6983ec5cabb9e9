"""The choice of fields: which columns, in which order.

Promise: nothing changes until it is taken; a search by typing finds by name and by what a field is.
Does not know: values.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.fields import FIELDS
from ratop_py.tui.columns import SHAPES, column
from ratop_py.tui.fit import fit
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place, spoken
from ratop_py.tui.lineedit import Typed, edit
from ratop_py.tui.lines import Line, fold
from ratop_py.tui.overlay import Overlay

DOCS = {
    "load": "a bar: bits/s both ways now, log scale",
    "past": "rates of the last minute, each second a step; the greatest is a whole cell",
    "process": "the program, at its place in the tree",
    "way": "↓ a peer began it, ↑ this machine, ⇅ both ends are here",
}


def doc(name: str) -> str:
    """What a column shows."""
    return DOCS.get(name) or (FIELDS[name].doc if name in FIELDS else "")


class Chooser(Overlay):
    """The box: chosen columns first, in their order, then the rest."""

    place = Place.FIELDS
    widest = 92

    def __init__(
        self, ink: Ink, chosen: tuple[str, ...], standard: tuple[str, ...], take: Callable[[tuple[str, ...]], None]
    ) -> None:
        super().__init__(ink)
        self.chosen = list(chosen)
        self.standard = standard
        self.take = take
        self.at = 0
        self.sought: Typed | None = None
        """Text that is looked for; None: nothing is."""
        self.others = [name for name in dict.fromkeys((*SHAPES, *FIELDS)) if name not in self.chosen]

    @property
    def names(self) -> list[str]:
        """All that are looked for, as they stand in the box."""
        return [name for name in (*self.chosen, *self.others) if self._meant(name)]

    def _meant(self, name: str) -> bool:
        text = self.sought.text.lower().strip() if self.sought is not None else ""
        return text in name or text in doc(name).lower()

    def heading(self) -> str:
        """What is chosen."""
        return "Fields: columns and their order"

    def foot(self) -> str:
        """The keys."""
        if self.place is Place.FIND:
            keys = "type to find   {scroll-up} {scroll-down} move   {find-take} to this field   {find-drop} all fields"
            return spoken(keys, self.place)
        keys = "{tick} on/off   {later} {earlier} move   {find} find   {defaults} reset   {take} take   {close} leave"
        return spoken(keys, self.place)

    def content(self, width: int) -> list[Line]:
        """One line a field."""
        needed = sum(column(name).width + 1 for name in self.chosen) - 1
        lines: list[Line] = [
            *fold(
                [(f"{len(self.chosen)} columns need {needed} cells, the window has {self.app.size.width}", "dim")],
                width,
            ),
            self._search() or [("      field        width  what it is", "dim")],
        ]
        first = True
        for number, name in enumerate(self.names):
            if name not in self.chosen and first:
                lines.append([(f"───── not shown: {len(self.others)} more ─────", "dim")])
                first = False
            lines.append(self._line(number, name, width))
        return lines if self.names else [*lines, [("no field is called so, or means that", "dim")]]

    def _search(self) -> Line:
        if self.sought is None:
            return []
        text, at = self.sought.text + " ", self.sought.at
        caret = "caret" if self.place is Place.FIND else "text"
        return [("find › ", "key"), (text[:at], "text"), (text[at], caret), (text[at + 1 :], "text")]

    def _line(self, number: int, name: str, width: int) -> Line:
        shown = name in self.chosen
        text = fit(f" {'[x]' if shown else '[ ]'} {name:<14} {column(name).width:>4}   {doc(name)}", width)
        return [(text, "picked" if number == self.at else "text" if shown else "dim")]

    def do(self, deed: str) -> bool:
        """Move, tick, take."""
        moves = {"scroll-down": 1, "scroll-up": -1, "scroll-page-down": 10, "scroll-page-up": -10}
        if deed in moves:
            self.at += moves[deed]
        elif deed in ("scroll-top", "scroll-end"):
            self.at = 0 if deed == "scroll-top" else len(self.names)
        elif deed == "tick":
            self._tick()
        elif deed in ("find", "find-take", "find-drop"):
            self._find(deed)
        elif deed in ("earlier", "later"):
            self._shift(-1 if deed == "earlier" else 1)
        elif deed == "defaults":
            self._reset()
        elif deed == "take":
            self.take(tuple(self.chosen))
            self.dismiss()
            return True
        else:
            return super().do(deed)
        self._show()
        return True

    def _find(self, deed: str) -> None:
        """Begin to look for a field; go to the one that was found; or see all again."""
        name = self.names[self.at] if self.at < len(self.names) else ""
        self.place = Place.FIND if deed == "find" else Place.FIELDS
        self.sought = Typed() if deed == "find" else None
        self.at = self.names.index(name) if name else 0

    def typed(self, key: str, character: str | None) -> bool:
        """A letter of what is looked for."""
        line = edit(self.sought, key, character) if self.sought is not None and self.place is Place.FIND else None
        if line is None:
            return False
        self.sought, self.at = line, 0
        self._show()
        return True

    def clicked(self, line: int) -> None:
        """A field was clicked: on or off."""
        shown = [name for name in self.names if name in self.chosen]
        number = line - 2 - (1 if line - 2 >= len(shown) else 0)
        if line >= 2 and line - 2 != len(shown) and 0 <= number < len(self.names):
            self.at = number
            self._tick()
            self._show()

    def _show(self) -> None:
        """Keep the line in sight."""
        self.at = max(0, min(self.at, len(self.names) - 1))
        line = self.at + 2 + (1 if self.at < len(self.names) and self.names[self.at] not in self.chosen else 0)
        height = self.inner_height
        self.top = max(line - height + 1, min(self.top, line if self.at else 0))
        self.redraw()

    def _tick(self) -> None:
        if self.at >= len(self.names):
            return
        name = self.names[self.at]
        if name not in self.chosen:
            self.others.remove(name)
            self.chosen.append(name)
        elif len(self.chosen) > 1:
            self.chosen.remove(name)
            self.others.insert(0, name)

    def _shift(self, step: int) -> None:
        to = self.at + step
        if self.sought is None and self.at < len(self.chosen) and 0 <= to < len(self.chosen):
            self.chosen[self.at], self.chosen[to] = self.chosen[to], self.chosen[self.at]
            self.at = to

    def _reset(self) -> None:
        self.chosen = list(self.standard)
        self.others = [name for name in dict.fromkeys((*SHAPES, *FIELDS)) if name not in self.chosen]
        self.at = 0
