"""Panes side by side, and a frame around lines.

Promise: every line is exactly as wide as asked. Does not know: widgets, what the lines say.
"""

from __future__ import annotations

from collections.abc import Sequence

from ratop_py.tui.lines import Line, cut, fill, length


def beside(panes: Sequence[list[Line]], widths: Sequence[int], height: int) -> list[Line]:
    """Panes next to each other, a line between them."""
    rows: list[Line] = []
    for y in range(height):
        row: Line = []
        for number, (pane, width) in enumerate(zip(panes, widths, strict=True)):
            row.append((" │ " if number else " ", "line"))
            row.extend(fill(pane[y] if y < len(pane) else [], width))
        rows.append(row)
    return rows


def rule(title: Line, note: Line, width: int) -> Line:
    """A line across, with a title in it."""
    room = max(0, width - length(note) - 5)  # the title is cut before the keys are
    head = cut([("─ ", "line"), *cut(title, room), ("  ", "text"), *note, (" ", "text")], width)
    return [*head, ("─" * (width - length(head)), "line")]


def framed(title: str, body: Sequence[Line], foot: str, width: int, height: int) -> list[Line]:
    """A box of exactly this size around as many lines as fit."""
    inner = width - 4
    top: Line = cut([("╭─ ", "line"), (f" {title} ", "strong"), (" ", "text")], width - 1)
    bottom: Line = cut([(f" {foot} ", "dim"), ("─╯", "line")], width - 1)
    rows = [[*top, ("─" * (width - 1 - length(top)) + "╮", "line")]]
    for y in range(height - 2):
        line = body[y] if y < len(body) else []
        rows.append([("│ ", "line"), *fill(line, inner), (" │", "line")])
    rows.append([("╰" + "─" * (width - 1 - length(bottom)), "line"), *bottom])
    return rows
