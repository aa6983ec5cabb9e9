"""The flow table: one line a flow, drawn only where it is seen.

Promise: what is drawn depends on the lines of the screen, not on the number of flows; only lines that changed are
painted; the cursor is on a flow, not on a row (`cursor.py` has the rules).
Does not know: where snapshots come from, what a key means.
"""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ratop_py.tui import columns, cursor, page
from ratop_py.tui.asking import which_rows
from ratop_py.tui.cells import HIGH, risk_of
from ratop_py.tui.columns import Placed
from ratop_py.tui.cursor import Cursor
from ratop_py.tui.fit import ELLIPSIS, fit, size_of
from ratop_py.tui.ink import Ink
from ratop_py.tui.lines import drawn, joined
from ratop_py.tui.look import Habit, Look
from ratop_py.tui.page import Page, Place
from ratop_py.view import Snapshot, sight_of

RIGHT_BUTTON = 3
LATER = ("", "²", "³", "⁴")
"""What stands behind the arrow of the keys after the first."""
TREE_KEYS = ("program", "pid", "ownerwhy")
SEEN = 50
"""Rows that make columns grow, at least: boxes and panes that come and go below change no column."""


class FlowTable(ScrollView):
    """Give it snapshots with `show`, and say what to look at with `present`."""

    DEFAULT_CSS = "FlowTable { overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; }"
    ALLOW_SELECT = False

    class Moved(Message):
        """The cursor is on another flow, or on none."""

    class Opened(Message):
        """A row was clicked twice."""

    class Asked(Message):
        """A cell was clicked with the right button: what can be done with it?"""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.column = name

    class TitleClicked(Message):
        """A column's title was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name_clicked = name

    class WindowWanted(Message):
        """Rows are to be seen that the page does not hold."""

    def __init__(self, ink: Ink, look: Look, habit: Habit, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.ink = ink
        self.look = look
        self.habit = habit
        self.page: Page = page.empty()
        self.cursor = Cursor()
        self.shift = 0
        self.pick = ""
        """Column being chosen; empty: none is."""
        self.pick_in_row = False
        self.placed: tuple[Placed, ...] = ()
        self.ghost: Place | None = None
        self.ghost_reason = ""
        self._laid = 0
        """Cells for which the columns are laid out."""
        self._content: dict[str, int] = {}
        """By column: cells that the longest text needed that was seen in it."""
        self.ticked: frozenset[int] = frozenset()
        """Rows that a person marked: while there are any, a sign stands before each row."""
        self._cache: dict[int, Strip] = {}
        """By line of the screen: what was painted there."""
        self._rows: dict[int, Strip] = {}
        """By rank: rows of this page, drawn; a scroll draws only those that come into sight."""

    # -- what is shown -------------------------------------------------------------------------------------------------

    @property
    def height(self) -> int:
        """Rows that are seen at a time."""
        return max(1, self.size.height - 1)

    @property
    def names(self) -> tuple[str, ...]:
        """Columns at this width, shown or dropped."""
        return columns.names_at(self._width(), self.look.columns, self.look.sight)

    @property
    def keys(self) -> tuple[str, ...]:
        """Fields that say which flows a row is of; none where it is one flow."""
        sight = sight_of(self.look.sight)
        return TREE_KEYS if sight.tree else sight.group

    def _width(self) -> int:
        return self.scrollable_content_region.width - self._margin  # self.size would count the scrollbar

    @property
    def _margin(self) -> int:
        """Cells of the sign before each row."""
        return 2 if self.ticked else 0

    def present(self, look: Look, habit: Habit) -> None:
        """Show this look."""
        if (look.columns, look.sight) != (self.look.columns, self.look.sight):
            self.shift = 0
            self._content = {}
        self.look, self.habit = look, habit
        self.place()

    def place(self) -> None:
        """Lay the columns out anew."""
        self._laid = self._width()
        self.placed = columns.place(
            self.names, self._width(), self.shift, full=self.habit.full, keys=self.keys, content=self._content
        )
        self._cache.clear()
        self._rows.clear()
        self.refresh()

    def show(self, snapshot: Snapshot, *, hold: bool = False) -> None:
        """Take an answer; with `hold` its order is not taken, only its values."""
        same = _order_of(snapshot) == _order_of(self.page.order)
        hold = hold and same and self.page.reaches(self.cursor.top, self.height)
        self.page = page.held(self.page, snapshot) if hold else Page(snapshot)
        self._rows.clear()
        self._settle()
        self._fill()

    def _fill(self) -> None:
        """Columns grow with what stands in the rows that are seen; they do not shrink again while one looks."""
        before = dict(self._content)
        for rank in range(self.cursor.top, self.cursor.top + max(SEEN, self.height)):
            place = self.page.at(rank)
            for each in self.placed if place is not None else ():
                if each.column.name in columns.BY_CONTENT and place is not None:
                    size = size_of(each.column.cell(*place, self.habit)[0])
                    self._content[each.column.name] = max(size, self._content.get(each.column.name, 0))
        if self._content != before:
            self.place()

    def _settle(self) -> None:
        chosen = self.cursor
        if chosen.wanted:
            self._choose()
        elif chosen.flow is not None:
            rank = self.page.rank_of(chosen.flow)
            if rank is not None and (seen := self.page.at(rank)) is not None:
                self.ghost = seen
            self.cursor = cursor.follow(chosen, rank, self.page.total, self.height)
        else:
            self.cursor = cursor.follow(chosen, None, self.page.total, self.height)
        self._update()

    def _choose(self) -> None:
        """The cursor went to a row: whose is it?"""
        self.cursor = cursor.go(self.cursor, self.cursor.row, self.page.total, self.height)
        flow = self.page.flow_at(self.cursor.row)
        if flow is not None and self.cursor.wanted:
            self.cursor = cursor.chose(self.cursor, flow)
            self.ghost = self.page.at(self.cursor.row)
            self.post_message(self.Moved())

    def _update(self, before: Cursor | None = None) -> None:
        """Scroll, which paints all; or paint after a step from `before` only the two lines that it changed."""
        top = self.scroll_offset.y
        size = Size(0, cursor.rows(self.cursor, self.page.total) + 1)  # + 1: the title line
        if size != self.virtual_size:  # assigning costs a layout
            self.virtual_size = size
        if top != self.cursor.top:
            self.scroll_to(y=self.cursor.top, animate=False, immediate=True, force=True)
        if self.scroll_offset.y == top:
            stepped = before is not None and not before.gone
            self.repaint((before.row - top + 1, self.cursor.row - top + 1) if stepped and before else ())
        if not self.page.reaches(self.cursor.top, self.height):
            self.post_message(self.WindowWanted())

    def repaint(self, lines: tuple[int, ...] = ()) -> None:
        """Paint those of these lines that changed; of all, if none is named."""
        top = self.scroll_offset.y
        for y in lines or range(self.size.height):
            before = self._cache.get(y)
            self._cache[y] = self._draw(y)
            if self._cache[y] != before:
                self.refresh_line(top + y)  # a virtual line number

    def recolour(self, ink: Ink) -> None:
        """Draw with another theme."""
        self.ink = ink
        self._rows.clear()
        self._cache.clear()
        self.refresh()

    # -- the cursor ----------------------------------------------------------------------------------------------------

    def move(self, step: int) -> None:
        """By rows."""
        self._go(cursor.move(self.cursor, step, self.page.total, self.height))

    def go(self, row: int) -> None:
        """To a row."""
        self._go(cursor.go(self.cursor, row, self.page.total, self.height))

    def _go(self, there: Cursor) -> None:
        before, self.cursor = self.cursor, there
        if self.cursor.wanted:
            self._choose()
        else:
            self.ghost = None
        self._update(before)

    def release(self) -> None:
        """Let go of the flow; the table shows its top."""
        self.cursor, self.ghost = cursor.release(self.cursor), None
        self._update()
        self.post_message(self.Moved())

    def tick(self, rows: frozenset[int]) -> None:
        """Show these rows as marked."""
        self.ticked = rows
        self.place()

    def seek(self, row_id: int | None) -> None:
        """Choose a row by its id, wherever it stands; None: let go."""
        self.cursor = Cursor() if row_id is None else Cursor(row_id, keep=self.height // 2)
        self.ghost = None

    def here(self) -> Place | None:
        """The values of the chosen row, a ghost's too."""
        if not self.cursor.chosen:
            return None
        return self.ghost if self.cursor.gone else self.page.at(self.cursor.row)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """The wheel or the scrollbar moved the window: the cursor stays on its flow."""
        super().watch_scroll_y(old_value, new_value)
        if round(new_value) != self.cursor.top:
            self.cursor = cursor.scrolled(self.cursor, round(new_value))
            if not self.page.reaches(self.cursor.top, self.height):
                self.post_message(self.WindowWanted())
        self._cache.clear()

    def on_resize(self) -> None:
        """Another size: other columns, another window."""
        if self.cursor.flow is None:
            self.cursor = cursor.follow(self.cursor, None, self.page.total, self.height)
        else:
            rank = None if self.cursor.gone else self.cursor.row
            keep = min(self.cursor.keep, self.height - 1)
            moved = Cursor(self.cursor.flow, self.cursor.row, keep, self.cursor.top, self.cursor.gone)
            self.cursor = cursor.follow(moved, rank, self.page.total, self.height)
        self.place()
        self._update()
        self.post_message(self.WindowWanted())  # other columns read other fields

    # -- the mouse -----------------------------------------------------------------------------------------------------

    def on_click(self, event: Any) -> None:
        """Title: sort. Row: choose it; twice: details; right button: why."""
        if event.y == 0:
            name = self.column_at(event.x)
            if name:
                self.post_message(self.TitleClicked(name))
            return
        row = self.scroll_offset.y + event.y - 1
        if row >= cursor.rows(self.cursor, self.page.total):
            return
        self.go(row - 1 if self.cursor.gone and row > self.cursor.row else row)
        if event.button == RIGHT_BUTTON:
            self.post_message(self.Asked(self.column_at(event.x)))
        elif event.chain == 2:
            self.post_message(self.Opened())

    def column_at(self, x: int) -> str:
        """Name of the column over which a cell lies."""
        x -= self._margin
        return next((each.column.name for each in self.placed if each.x <= x <= each.x + each.width), "")

    # -- drawing -------------------------------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that Textual wants to paint."""
        if self._width() != self._laid:  # a scrollbar came or went: no event tells
            self.place()
            self.post_message(self.WindowWanted())
        return drawn(self, crop)

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        strip = self._cache.get(y)
        if strip is None or strip.cell_length != self._width() + self._margin:  # a scrollbar came or went
            strip = self._cache[y] = self._draw(y)
        return strip

    def _draw(self, y: int) -> Strip:
        width = self._width() + self._margin
        return self._titles(width) if y == 0 else self._row(self.scroll_offset.y + y - 1, width)

    def _titles(self, width: int) -> Strip:
        ink, order = self.ink, {key.field: (at, key.descending) for at, key in enumerate(self.look.order)}
        runs: list[tuple[str, Style]] = [(" " * self._margin, ink.style("dim", "head"))]
        for each in self.placed:
            rank, descending = order.get(each.column.name, (-1, True))
            mark = ("↓" if descending else "↑") + LATER[rank] if 0 <= rank < self.look.chosen_keys else ""
            head = fit(each.column.head, max(0, each.width - len(mark))).rstrip() + mark
            tone = "strong" if rank == 0 else "accent" if mark else "dim"
            if each.column.name == self.pick and not self.pick_in_row:
                tone, head = "picked", head or each.column.name[: each.width]
            runs.append((ink.shaped(head, each.width, each.column.right), ink.style(tone, "head")))
            runs.append((" ", ink.style("dim", "head")))
        return joined(runs, width, ink.style("dim", "head"))

    def _row(self, row: int, width: int) -> Strip:
        if row >= cursor.rows(self.cursor, self.page.total):
            return Strip.blank(width, self.ink.style("text"))
        chosen = row == self.cursor.row and self.cursor.chosen
        if chosen and self.cursor.gone:
            return self._ghost(width)
        rank = row - 1 if self.cursor.gone and row > self.cursor.row else row
        if not chosen and rank in self._rows:
            return self._rows[rank]
        place = self.page.at(rank)
        if place is None:
            return Strip([Segment(self.ink.write(ELLIPSIS).ljust(width), self.ink.style("dim"))], width)
        strip = self._flow(place, width, chosen)
        if not chosen:
            self._rows[rank] = strip
        return strip

    def _flow(self, place: Place, width: int, chosen: bool) -> Strip:
        snapshot, at = place
        high = risk_of(snapshot, at) >= HIGH
        ground = "cursor" if chosen else "tint" if high else "bg"
        faint = snapshot.meters.state == "gone" or (bool(snapshot.ended[at]) and not high)
        ink, habit, pick = self.ink, self.habit, self.pick if chosen and self.pick_in_row else None
        gap = ink.style("text", ground)
        sign = "" if not self.ticked else "● " if int(snapshot.ids[at]) in self.ticked else "  "
        runs: list[tuple[str, Style]] = [(ink.write(sign), ink.style("accent", ground))] if sign else []
        for each in self.placed:
            column = each.column
            text, tone = column.cell(snapshot, at, habit)
            text = text[-each.width :] if column.tail else text
            tone = (
                "picked" if column.name == pick else "dim" if faint else "strong" if chosen and tone == "text" else tone
            )
            shown = ink.shaped(text, each.width, column.right, column.middle)
            if habit.mark and habit.mark.lower() in shown.lower():
                runs.extend(self._marked(shown, tone, ground))
            else:
                runs.append((shown, ink.style(tone, ground)))
            runs.append((" ", gap))
        return joined(runs, width, gap)

    def _marked(self, text: str, tone: str, ground: str) -> list[tuple[str, Style]]:
        style, mark = self.ink.style(tone, ground), self.habit.mark.lower()
        at = text.lower().index(mark)
        end = at + len(mark)
        parts = (text[:at], style), (text[at:end], self.ink.style("mark", ground)), (text[end:], style)
        return [part for part in parts if part[0]]

    def _ghost(self, width: int) -> Strip:
        style = self.ink.style("dim", "cursor")
        reason = f" {self.ghost_reason or 'it has left'} "
        text = ""
        if self.ghost is not None:
            snapshot, at = self.ghost
            cells = ((each, each.column.cell(snapshot, at, self.habit)[0]) for each in self.placed)
            shaped = self.ink.shaped
            text = " ".join(shaped(cell, each.width, each.column.right, each.column.middle) for each, cell in cells)
            text = " " * self._margin + text
        left = Segment(self.ink.shaped(text, max(0, width - size_of(reason))), style)
        return Strip([left, Segment(reason, self.ink.style("warn", "cursor"))]).adjust_cell_length(width, style)


def _order_of(snapshot: Snapshot) -> tuple[object, ...]:
    """What decides which rows stand where."""
    return *which_rows(snapshot.view), snapshot.view.order, snapshot.view.folded
