"""The details of one flow: panes side by side, or one page at a time where it is narrow.

Promise: opens at once, fills when the answer comes; keeps its scroll position while the same flow is shown.
Does not know: which flow is chosen, or why.
"""

from __future__ import annotations

from typing import Any

from ratop_py.tui import panes
from ratop_py.tui.frame import beside, rule
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import key_of
from ratop_py.tui.lines import Line, Lines
from ratop_py.view import Detail

THREE, TWO = 130, 100
"""Cells from which three, two panes stand side by side."""
PANES = (panes.flow, panes.who, panes.risk)
NAMES = ("Flow", "Who", "Risk")


class Details(Lines):
    """The widget."""

    def __init__(self, ink: Ink, **kwargs: Any) -> None:
        super().__init__(ink, "panel", **kwargs)
        self.open = False
        self.zoomed = False
        self.page = 0
        """Pane that is shown first where not all are."""
        self.top = 0
        self.detail: Detail | None = None

    def forget(self) -> None:
        """Another flow: what is shown is no longer it."""
        self.top = 0

    def show_detail(self, detail: Detail | None) -> None:
        """Show a flow's details."""
        if detail is not None and self.detail is not None and detail.flow_id != self.detail.flow_id:
            self.top = 0
        self.detail = detail
        self.redraw()

    def turn(self, step: int) -> None:
        """The next pane first."""
        self.page = (self.page + step) % len(PANES)
        self.top = 0
        self.redraw()

    def scroll(self, step: int) -> None:
        """Up and down."""
        self.top = max(0, self.top + step)
        self.redraw()

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.scroll(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.scroll(-3)

    def on_resize(self) -> None:
        """Other panes."""
        self.redraw()

    def redraw(self) -> None:
        """Draw what is known now."""
        width, height = self.size
        if not width or not height:
            return
        self.show([self._title(width), *self._body(width, height - 1)])

    def _title(self, width: int) -> Line:
        if self.detail is None:
            return rule([("details", "strong")], [("of the flow under the cursor", "dim")], width)
        note: Line = [
            (key_of("zoom"), "key"),
            (" zoom  ", "dim"),
            (key_of("copy"), "key"),
            (" copy  ", "dim"),
            (key_of("back"), "key"),
            (" close", "dim"),
        ]
        if width < THREE:
            turn: Line = [(key_of("next-pane"), "key"), (f" {NAMES[(self.page + 1) % 3]}  ", "dim")]
            note = [*turn, *(note if width >= TWO else note[-2:])]
        return rule(panes.title(self.detail), note, width)

    def _body(self, width: int, height: int) -> list[Line]:
        if self.detail is None:
            return [[("  asking …", "dim")]]
        chosen, widths = self._panes(width)
        made = [pane(self.detail, size) for pane, size in zip(chosen, widths, strict=True)]
        self.top = max(0, min(self.top, max(map(len, made)) - height))
        cut = [_window(rows, self.top, height) for rows in made]
        return beside(cut, widths, height)

    def _panes(self, width: int) -> tuple[list[Any], list[int]]:
        room = width - 2
        if width >= THREE:
            first = 51
            other = (room - first - 6) // 2
            return list(PANES), [first, other, room - first - 6 - other]
        if width >= TWO:
            half = (room - 3) // 2
            pair = [PANES[self.page], PANES[(self.page + 1) % 3]]
            return pair, [half, room - 3 - half]
        return [PANES[self.page]], [room - 1]


def _window(rows: list[Line], top: int, height: int) -> list[Line]:
    """The part that is seen; the last line says how much is below."""
    shown = rows[top : top + height]
    below = len(rows) - top - height
    if below > 0 and shown:
        shown = [*shown[:-1], [(f"… {below + 1} lines more", "dim")]]
    return shown
