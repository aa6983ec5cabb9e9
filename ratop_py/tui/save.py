"""The export: a name, a format, which fields; and where it went.

Promise: nothing that exists is overwritten (whoever writes sees to that), and a refusal is shown in the box.
Does not know: formats, files.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place
from ratop_py.tui.lineedit import Typed, edit, insert, show, typed
from ratop_py.tui.lines import Line, fold
from ratop_py.tui.overlay import Overlay

FORMATS = {"csv": ".csv", "jsonl": ".jsonl", "text": ".txt"}
"""Formats and the ends of their files' names."""
SAID = {"csv": "a table for spreadsheets", "jsonl": "one JSON object a flow", "text": "as `ratop print` writes it"}


def format_of(path: str, otherwise: str = "csv") -> str:
    """The format that a name's end says."""
    return next((name for name, end in FORMATS.items() if path.endswith(end)), otherwise)


def renamed(path: str, old: str, new: str) -> str:
    """The name with the end of another format."""
    return path[: -len(FORMATS[old])] + FORMATS[new] if path.endswith(FORMATS[old]) else path


class Save(Overlay):
    """The box."""

    place = Place.EXPORT
    widest = 90

    def __init__(self, ink: Ink, path: str, what: str, take: Callable[[str, str, bool], None]) -> None:
        super().__init__(ink)
        self.line: Typed = typed(path)
        self.format = format_of(path)
        self.what = what
        self.take = take
        self.all_fields = False
        self.trouble = ""
        self.writing = False

    def heading(self) -> str:
        """What this is."""
        return "Export what you see"

    def foot(self) -> str:
        """The keys."""
        return "⏎ write   Tab format   ^A fields   Esc leave"

    def content(self, width: int) -> list[Line]:
        """Name, format, fields, and trouble if there is."""
        shown = show(self.line, width - 11)
        at = self.line.at - shown.first
        text = shown.text + " "
        lines: list[Line] = [
            [],
            [("what     ", "dim"), (self.what, "text")],
            [("fields   ", "dim"), ("all there are" if self.all_fields else "those shown", "text")],
            [("format   ", "dim"), *self._formats()],
            [],
            [("file     ", "dim"), (text[:at], "text"), (text[at], "caret"), (text[at + 1 :], "text")],
            [("         ", "text"), ("a new file that only you can read; never overwrites", "dim")],
            [],
        ]
        if self.trouble:
            lines.extend(fold([("✗ " + self.trouble, "high")], width, 2))
        elif self.writing:
            lines.append([("writing …", "warn")])
        return lines

    def _formats(self) -> Line:
        parts: Line = []
        for name in FORMATS:
            parts.extend([(f" {name} ", "picked" if name == self.format else "text"), ("  ", "text")])
        return [*parts, (SAID[self.format], "dim")]

    def do(self, deed: str) -> bool:
        """Write, or change what is written."""
        if deed in ("next-format", "previous-format"):
            self._turn(1 if deed == "next-format" else -1)
        elif deed == "all-fields":
            self.all_fields = not self.all_fields
        elif deed == "take":
            self._write()
        else:
            return super().do(deed)
        self.redraw()
        return True

    def _turn(self, step: int) -> None:
        names = list(FORMATS)
        new = names[(names.index(self.format) + step) % len(names)]
        self.line = typed(renamed(self.line.text, self.format, new))
        self.format = new

    def _write(self) -> None:
        if self.writing:
            return
        if not self.line.text.strip():
            self.trouble = "a name is needed"
            return
        self.trouble, self.writing = "", True
        self.take(self.line.text.strip(), self.format, self.all_fields)

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
        self.format = format_of(line.text, self.format)
        self.redraw()

    def refused(self, sentence: str) -> None:
        """It was not written."""
        self.trouble, self.writing = sentence, False
        self.redraw()
