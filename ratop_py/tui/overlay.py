"""A box over the screen: help, the choice of fields, the export.

Promise: the screen behind it is seen, but has no keys; the box fits the window, and what does not fit can be scrolled.
Does not know: what it says.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.screen import ModalScreen

from ratop_py.tui.frame import framed
from ratop_py.tui.ink import Ink
from ratop_py.tui.keymap import Place, spoken
from ratop_py.tui.lines import Line, Lines


class Overlay(ModalScreen[None], inherit_bindings=False):
    """Subclasses say what stands in the box, and what keys do."""

    AUTO_FOCUS = None
    place = Place.HELP
    widest, highest = 150, 60

    def __init__(self, ink: Ink) -> None:
        super().__init__()
        self.ink = ink
        self.top = 0
        self.rows: list[Line] = []

    # -- for subclasses ------------------------------------------------------------------------------------------------

    def heading(self) -> str:
        """What stands in the upper edge."""
        return ""

    def foot(self) -> str:
        """What stands in the lower edge."""
        return spoken("{close} closes", self.place)

    def content(self, width: int) -> list[Line]:  # noqa: ARG002 - for subclasses
        """The lines in the box."""
        return []

    def do(self, deed: str) -> bool:
        """Carry out a deed; False: it is not one of this box."""
        height = self.inner_height
        steps = {
            "scroll-down": 1,
            "scroll-up": -1,
            "scroll-page-down": height - 1,
            "scroll-page-up": 1 - height,
            "scroll-top": -len(self.rows),
            "scroll-end": len(self.rows),
        }
        if deed == "close":
            self.dismiss()
        elif deed in steps:
            self.top += steps[deed]
            self.redraw()
        else:
            return False
        return True

    def typed(self, key: str, character: str | None) -> bool:  # noqa: ARG002 - for subclasses
        """A key that is no deed; True: it was taken."""
        return False

    def pasted(self, text: str) -> None:
        """Text came from the clipboard."""

    def clicked(self, line: int) -> None:
        """A line of the content was clicked."""

    # -- the box -------------------------------------------------------------------------------------------------------

    @property
    def box_width(self) -> int:
        """Cells across."""
        return max(20, min(self.widest, self.app.size.width - 4))

    @property
    def inner_height(self) -> int:
        """Lines that are seen at a time."""
        return max(1, min(self.highest, self.app.size.height - 4, len(self.rows)))

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Lines(self.ink, "panel", id="box")

    def on_mount(self) -> None:
        """Draw."""
        self.redraw()

    def on_resize(self) -> None:
        """Draw in another size."""
        self.redraw()

    def on_lines_clicked(self, event: Lines.Clicked) -> None:
        """A click into the box."""
        event.stop()
        if 1 <= event.y <= self.inner_height:
            self.clicked(self.top + event.y - 1)

    def on_mouse_scroll_down(self) -> None:
        """The wheel."""
        self.top += 3
        self.redraw()

    def on_mouse_scroll_up(self) -> None:
        """The wheel."""
        self.top -= 3
        self.redraw()

    def redraw(self) -> None:
        """Draw what is true now."""
        width = self.box_width
        self.rows = self.content(width - 4)
        height = self.inner_height
        self.top = max(0, min(self.top, len(self.rows) - height))
        more = len(self.rows) - height - self.top
        foot = (f"{more} lines more   " if more > 0 else "") + self.foot()
        box = self.query_one("#box", Lines)
        box.styles.width, box.styles.height = width, height + 2
        box.show(framed(self.heading(), self.rows[self.top : self.top + height], foot, width, height + 2))
