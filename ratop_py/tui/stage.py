"""The one screen: its regions, and who stands in them.

Promise: drawing the same scene twice paints nothing the second time; a layout is paid for only when a region changes.
Does not know: feeds, keys, how one line is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from ratop_py.errors import RatopError
from ratop_py.tui import states
from ratop_py.tui.details import Details
from ratop_py.tui.footer import footer
from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import Line, Lines
from ratop_py.tui.look import Habit, Look
from ratop_py.tui.plot import plot
from ratop_py.tui.prompt import Prompt
from ratop_py.tui.prompt import height as prompt_height
from ratop_py.tui.prompt import lines as prompt_lines
from ratop_py.tui.regions import Regions, regions
from ratop_py.tui.status import Status
from ratop_py.tui.table import FlowTable
from ratop_py.tui.tabs import tabs
from ratop_py.tui.top import first, has_timeline, second
from ratop_py.view import Pulse


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be seen around the table."""

    status: Status
    prompt: Prompt | None = None
    refusal: RatopError | None = None
    command: str = "ratop"


class Stage(Screen[None], inherit_bindings=False):
    """Keys come from the key table, not from Textual's bindings."""

    AUTO_FOCUS = None
    BLANK = True
    """Behind the regions is nothing to paint."""

    class Ready(Message):
        """All regions are there."""

    class Resized(Message):
        """The window has another size."""

    def __init__(self, ink: Ink, look: Look, habit: Habit) -> None:
        super().__init__()
        self.top = Lines(ink, "head", id="top")
        self.tabs = Lines(ink, id="tabs")
        self.body = Lines(ink, id="body")
        self.plot = Lines(ink, id="plot")
        self.table = FlowTable(ink, look, habit, id="table")
        self.details = Details(ink, id="details")
        self.prompt = Lines(ink, "panel", id="prompt")
        self.footer = Lines(ink, "head", id="footer")
        self.drawn = Status()
        """What is seen: a click is on that, whatever is true by now."""

    def compose(self) -> ComposeResult:
        """Top to bottom."""
        yield from self.parts()

    def parts(self) -> list[Lines | FlowTable]:
        """All that is drawn."""
        return [self.top, self.tabs, self.body, self.plot, self.table, self.details, self.prompt, self.footer]

    def on_mount(self) -> None:
        """Say so."""
        self.post_message(self.Ready())

    def on_resize(self) -> None:
        """Say so."""
        self.post_message(self.Resized())

    def show(self, scene: Scene) -> None:
        """Draw all but the table, which draws itself."""
        self.drawn = status = scene.status
        width = self.size.width
        rows = self._regions(scene)
        body = self._body(scene, rows)
        self._arrange(rows, body is not None)
        self.body.show(body or [])
        self.top.show([first(status, width), second(status, width)])
        if rows.plot:
            self.plot.show(plot(pulses_until(status), width, rows.plot, status.octets))
        self.tabs.show([tabs(status, width)])
        self.footer.show([footer(status, width)])
        self.prompt.show(prompt_lines(scene.prompt, status.matched, status.total, width) if scene.prompt else [])

    def recolour(self, ink: Ink) -> None:
        """Other colours."""
        for part in self.parts():
            part.recolour(ink)

    def redraw(self) -> None:
        """Every cell again: something else wrote on the screen."""
        for part in self.parts():
            part.refresh()
        self.refresh(layout=True)

    def _regions(self, scene: Scene) -> Regions:
        details = self.details
        drawn = scene.status.look.sight == "rates" and scene.status.answered and scene.refusal is None
        prompt = prompt_height(scene.prompt)
        return regions(
            *self.size,
            details=details.open,
            zoom=details.zoomed,
            prompt=prompt,
            plot=drawn,
            past=has_timeline(scene.status),
        )

    def _arrange(self, rows: Regions, empty: bool) -> None:
        _stand(self.top, rows.top)
        _stand(self.tabs, rows.tabs)
        _stand(self.plot, rows.plot)
        _stand(self.details, rows.details)
        _stand(self.prompt, rows.prompt)
        _stand(self.footer, rows.footer)
        _appear(self.table, rows.table > 0 and not empty)
        _appear(self.body, not rows.room or (rows.table > 0 and empty))

    def _body(self, scene: Scene, rows: Regions) -> list[Line] | None:
        """What stands in the table's place; None: the table does."""
        width, height = self.size
        if not rows.room:
            return states.no_room(width, height)
        if scene.refusal is not None:
            return states.refused(scene.refusal, scene.command, width, rows.table)
        shown = scene.status.answered and (scene.status.matched or self.table.cursor.gone)
        return None if shown else states.body(scene.status, width, rows.table)


def pulses_until(status: Status) -> tuple[Pulse, ...]:
    """What was heard up to the moment that is looked at."""
    pulses = status.meters.pulse
    return pulses if status.at is None else tuple(each for each in pulses if each.at <= status.at)


def _appear(widget: Any, wanted: bool) -> None:
    if bool(widget.display) != wanted:
        widget.display = wanted


def _stand(widget: Any, height: int) -> None:
    """Give a widget so many rows."""
    _appear(widget, height > 0)
    if height and (widget.styles.height is None or widget.styles.height.value != height):
        widget.styles.height = height
