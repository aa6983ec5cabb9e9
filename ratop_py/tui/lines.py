"""A line of the screen as pieces of text with tones, and the widget that shows such lines.

Promise: a line is drawn exactly as wide as its widget; text that could move the cursor is never drawn; only lines that
changed are painted again.
Does not know: what the lines say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ratop_py.tui.fit import fit, size_of
from ratop_py.tui.ink import Ink

Span = tuple[str, str]
"""Text and its tone."""
Line = list[Span]


def span(text: str, tone: str = "text") -> Span:
    """One piece of text."""
    return text, tone


def length(line: Line) -> int:
    """Cells of a line."""
    return sum(size_of(text) for text, _ in line)


def cut(line: Line, size: int) -> Line:
    """The line in at most so many cells."""
    out: Line = []
    for text, tone in line:
        taken = size_of(text)
        if taken >= size:
            if size > 0:
                out.append((fit(text, size), tone))
            return out
        out.append((text, tone))
        size -= taken
    return out


def fill(line: Line, size: int, tone: str = "text") -> Line:
    """The line in exactly so many cells."""
    short = cut(line, size)
    gap = size - length(short)
    return [*short, (" " * gap, tone)] if gap > 0 else short


def spread(left: Line, right: Line, size: int) -> Line:
    """Left part at the left, right part at the right; the left one is cut first."""
    right = cut(right, size)
    room = size - length(right)
    return fill(left, room) + right


def join(parts: Sequence[Line], gap: str = "  ") -> Line:
    """Parts side by side with a gap between those that are not empty."""
    out: Line = []
    for part in parts:
        if part:
            out.extend([(gap, "text"), *part] if out else part)
    return out


def paint(line: Line, size: int, ink: Ink, ground: str = "bg") -> Strip:
    """Draw a line, exactly `size` cells wide."""
    safe = [(ink.write(text), tone) for text, tone in line]
    segments = [Segment(ink.write(text), ink.style(tone, ground)) for text, tone in fill(safe, size)]
    return Strip(segments, size).simplify()


def joined(runs: list[tuple[str, Style]], width: int, gap: Style) -> Strip:
    """Runs as one line of exactly this width; neighbours in the same style become one segment."""
    segments: list[Segment] = []
    text, style = "", gap
    for piece, its in runs:
        if its is style:
            text += piece
            continue
        if text:
            segments.append(Segment(text, style))
        text, style = piece, its
    segments.append(Segment(text, style))
    return Strip(segments).adjust_cell_length(width, gap)


def drawn(widget: Widget, crop: Region) -> list[Strip]:
    """A widget's lines as they were made: they have their colours, and nothing stands around them.

    Textual's own way puts border, padding and shade around each line of each paint; here that would be most of a paint.
    """
    first, last = crop.column_span
    strips = [widget.render_line(y).crop(first, last) for y in crop.line_range]
    for each in widget.get_line_filters():
        strips = [strip.apply_filter(each, widget.background_colors[1]) for strip in strips]
    return strips


class Lines(Widget):
    """A widget that shows lines; give it new ones with `show`."""

    DEFAULT_CSS = "Lines { height: 1; width: 100%; }"
    ALLOW_SELECT = False

    class Clicked(Message):
        """A place in the lines was clicked."""

        def __init__(self, lines: Lines, x: int, y: int) -> None:
            super().__init__()
            self.lines = lines
            self.x = x
            self.y = y

        @property
        def control(self) -> Lines:
            """Where."""
            return self.lines

    def __init__(self, ink: Ink, ground: str = "bg", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ink = ink
        self.ground = ground
        self.lines: list[Line] = []
        self._strips: dict[int, Strip] = {}

    def show(self, lines: list[Line]) -> None:
        """Replace the lines; what is the same is not painted again."""
        before, self.lines = self.lines, lines
        for y in range(max(len(before), len(lines))):
            if _at(before, y) != _at(lines, y):
                self._strips.pop(y, None)
                if y < self.size.height:
                    self.refresh(Region(0, y, self.size.width, 1))

    def recolour(self, ink: Ink) -> None:
        """Draw with another theme."""
        self.ink = ink
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Textual says that colours or sizes changed."""
        super().notify_style_update()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        strip = self._strips.get(y)
        if strip is None or strip.cell_length != self.size.width:
            strip = paint(_at(self.lines, y) or [], self.size.width, self.ink, self.ground)
            self._strips[y] = strip
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that Textual wants to paint."""
        return drawn(self, crop)

    def on_click(self, event: Any) -> None:
        """Tell where."""
        self.post_message(self.Clicked(self, event.x, event.y))


def _at(lines: list[Line], y: int) -> Line | None:
    return lines[y] if y < len(lines) else None


def fold(line: Line, size: int, indent: int = 0) -> list[Line]:
    """A long line over several, broken between words; later lines are indented."""
    out: list[Line] = []
    row: Line = []
    taken = 0
    for text, tone in line:
        for piece in _pieces(text):
            if taken > indent and taken + size_of(piece.rstrip()) > size:
                out.append(_trimmed(row))
                row, taken = [(" " * indent, tone)], indent
                piece = piece.lstrip()
            row.append((piece, tone))
            taken += size_of(piece)
    return [*out, _trimmed(row)] if row else out


def _trimmed(row: Line) -> Line:
    """Without the blanks at its end."""
    *before, (text, tone) = row
    return [*before, (text.rstrip(), tone)]


def _pieces(text: str) -> list[str]:
    """Words, each with the blanks that follow it."""
    *most, last = text.split(" ")
    return [piece for piece in (*(part + " " for part in most), last) if piece]
