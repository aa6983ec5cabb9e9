"""The export: which rows, a format, which fields, a name; how far it is, and where it went.

Promise: nothing that exists is overwritten (whoever writes sees to that); a refusal is shown in the box, with another
name where the one that was typed is taken. Esc while something is written stops that, and only that.
Does not know: how a format is written, files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ratop_py.tui.choice import FORMATS, ROWS, SAID, WITHOUT_FIELDS, Choice, format_of, renamed
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place, spoken
from ratop_py.tui.lineedit import Typed, edit, insert, show, typed
from ratop_py.tui.lines import Line, fold
from ratop_py.tui.overlay import Overlay

LABEL = 9
UNITS = {"pcapng": "packets looked at", "svg": "lines"}
"""What is counted while a format is written; of the others it is rows."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be written."""

    rows: Mapping[str, str]
    """`choice.ROWS` that there are, in words."""
    packets: bool = True
    """There can be pcapng…"""
    note: str = ""
    """…and what to know about that: why not, or what is not there any more."""


class Save(Overlay):
    """The box."""

    place = Place.EXPORT
    widest = 90

    def __init__(self, ink: Ink, path: str, choice: Choice, offer: Offer, take: Callable[[str, Choice], None]) -> None:
        """`take` is called with a name and what was chosen, and says in time how it went."""
        super().__init__(ink)
        self.line: Typed = typed(path)
        self.choice = replace(choice, format=format_of(path, choice.format))
        if choice.rows not in offer.rows:
            self.choice = replace(self.choice, rows=ROWS[0])
        self.offer = offer
        self.take = take
        self.trouble = ""
        self.done: int | None = None
        """How much is written; None: nothing is being written."""
        self.stopping = False

    @property
    def format(self) -> str:
        """The format chosen."""
        return self.choice.format

    @property
    def writing(self) -> bool:
        """Whether something is being written."""
        return self.done is not None

    def heading(self) -> str:
        """What this is."""
        return "Export"

    def foot(self) -> str:
        """The keys."""
        keys = "{take} write  {next-format} format  {next-rows} rows  {all-fields} fields  {close} leave"
        return spoken("{close} stop" if self.writing else keys, self.place)

    def content(self, width: int) -> list[Line]:
        """Rows, fields, format, name, and trouble if there is."""
        shown = show(self.line, width - LABEL - 2)
        at = self.line.at - shown.first
        text = shown.text + " "
        lines: list[Line] = [
            [],
            [("rows     ", "dim"), *_choices(list(self.offer.rows), self.choice.rows)],
            [(" " * LABEL + " ", "text"), (self._rows(), "dim")],
            [("fields   ", "dim"), (" " + self._fields(), "text")],
            [("format   ", "dim"), *_choices(list(FORMATS), self.format)],
            [(" " * LABEL + " ", "text"), (SAID[self.format], "dim")],
            [],
            [("file     ", "dim"), (" " + text[:at], "text"), (text[at], "caret"), (text[at + 1 :], "text")],
            [(" " * LABEL + " ", "text"), ("a new file that only you can read", "dim")],
            [],
        ]
        return lines + self._state(width)

    def _rows(self) -> str:
        return "no rows: what is seen" if self.format == "svg" else self.offer.rows[self.choice.rows]

    def _fields(self) -> str:
        if self.format in WITHOUT_FIELDS:
            return "none: whole packets" if self.format == "pcapng" else "those shown"
        return "all there are" if self.choice.all_fields else "those shown"

    def _state(self, width: int) -> list[Line]:
        if self.done is not None:
            so_far = f"{self.done:,} {UNITS.get(self.format, 'rows')}" if self.done else ""
            return [[("stopping … " if self.stopping else "writing … ", "warn"), (so_far, "text")]]
        if self.trouble:
            return fold([("✗ " + self.trouble, "high")], width, 2)
        if self.format == "pcapng" and self.offer.note:
            return fold([(("△ " if self.offer.packets else "✗ ") + self.offer.note, "warn")], width, 2)
        return []

    def do(self, deed: str) -> bool:
        """Write, stop, or change what is written."""
        if deed == "close" and self.writing:
            self.stopping = True
        elif deed in CHANGES:
            if not self.writing:
                self._change(CHANGES[deed](self))
        elif deed == "take":
            self._write()
        else:
            return super().do(deed)
        self.redraw()
        return True

    def _change(self, choice: Choice) -> None:
        self.line = typed(renamed(self.line.text, self.format, choice.format))
        self.choice, self.trouble = choice, ""

    def _turn(self, step: int) -> Choice:
        return replace(self.choice, format=_after(list(FORMATS), self.format, step))

    def _turn_rows(self) -> Choice:
        return replace(self.choice, rows=_after(list(self.offer.rows), self.choice.rows, 1))

    def _turn_fields(self) -> Choice:
        return replace(self.choice, all_fields=not self.choice.all_fields)

    def clicked(self, line: int) -> None:
        """A click on a line is its key."""
        deed = {1: "next-rows", 2: "next-rows", 3: "all-fields", 4: "next-format", 5: "next-format"}.get(line)
        if deed:
            self.do(deed)

    def _write(self) -> None:
        if self.writing:
            return
        if not self.line.text.strip():
            self.trouble = "a name is needed"
        elif self.format == "pcapng" and not self.offer.packets:
            self.trouble = self.offer.note
        else:
            self.trouble, self.done, self.stopping = "", 0, False
            self.take(self.line.text.strip(), self.choice)

    def typed(self, key: str, character: str | None) -> bool:
        """A letter of the name."""
        line = edit(self.line, key, character)
        if line is None or self.writing:
            return False
        self._edited(line)
        return True

    def pasted(self, text: str) -> None:
        """A name from the clipboard."""
        if not self.writing:
            self._edited(insert(self.line, text))

    def _edited(self, line: Typed) -> None:
        self.line, self.trouble = line, ""
        self.choice = replace(self.choice, format=format_of(line.text, self.format))
        self.redraw()

    def progress(self, done: int) -> None:
        """So much is written."""
        if self.writing and self.is_mounted:
            self.done = done
            self.redraw()

    def refused(self, sentence: str, instead: str = "") -> None:
        """It was not written; `instead`: a name that is free."""
        self.trouble, self.done = sentence, None
        if instead:
            self.line = typed(instead)
        self.redraw()


CHANGES: Mapping[str, Callable[[Save], Choice]] = {
    "next-format": lambda box: box._turn(1),
    "previous-format": lambda box: box._turn(-1),
    "next-rows": lambda box: box._turn_rows(),
    "all-fields": lambda box: box._turn_fields(),
}


def _after(names: Sequence[str], name: str, step: int) -> str:
    """The next one, or the one before; round and round."""
    return names[(names.index(name) + step) % len(names)]


def _choices(names: Sequence[str], chosen: str) -> Line:
    """Words side by side, one of them picked."""
    return [(f" {name} ", "picked" if name == chosen else "text") for name in names]
