"""Where the chosen flow stands, and which row is at the top of the table.

Promise: the cursor holds a flow, not a row. When the order changes the table scrolls so that the flow keeps its line;
at the ends it must move, and afterwards returns to its line. A flow that leaves the view leaves a ghost at its place
until the cursor moves. Rows are clamped, whatever shrinks.
Does not know: what rows show, Textual.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cursor:
    """A flow, its row, and the line of the screen that it keeps."""

    flow: int | None = None
    """None: nothing is chosen, or (with `wanted`) the row's flow is not known yet."""
    row: int = 0
    keep: int = 0
    """Line that the flow shall stand on; outside the window after the wheel: then nothing is pulled back."""
    top: int = 0
    """First row shown."""
    gone: bool = False
    """The flow left the view; its ghost stands at `row`."""
    wanted: bool = False
    """The cursor went to a row that no snapshot has brought yet."""

    @property
    def chosen(self) -> bool:
        """There is a cursor line to draw."""
        return self.flow is not None or self.wanted


def rows(cursor: Cursor, total: int) -> int:
    """Rows that the table has, the ghost included."""
    return total + 1 if cursor.gone else total


def follow(cursor: Cursor, rank: int | None, total: int, height: int) -> Cursor:
    """After a new order: `rank` is where the flow stands now, None where it has left."""
    if cursor.flow is None:
        return _clamped(cursor, total, height)
    gone = rank is None
    row = min(cursor.row, total) if rank is None else rank
    moved = replace(cursor, gone=gone, row=row)
    if 0 <= moved.keep < height:
        moved = replace(moved, top=row - moved.keep)
    return _clamped(moved, total, height)


def _clamped(cursor: Cursor, total: int, height: int) -> Cursor:
    count = rows(cursor, total)
    return replace(
        cursor,
        row=max(0, min(cursor.row, count - 1)),
        top=max(0, min(cursor.top, count - height)),
    )


def go(cursor: Cursor, row: int, total: int, height: int) -> Cursor:
    """Put the cursor on a row; whose row it is, `chose` says. The window moves only as far as it must."""
    if total <= 0:
        return Cursor()
    row = max(0, min(row, total - 1))
    top = min(max(cursor.top, row - height + 1), row)
    top = max(0, min(top, total - height))
    return Cursor(None, row, row - top, top, wanted=True)


def move(cursor: Cursor, step: int, total: int, height: int) -> Cursor:
    """By rows. The first step picks up the top line; rows under a ghost move up when it goes."""
    if not cursor.chosen:
        return go(cursor, cursor.top + (step if abs(step) > 1 else 0), total, height)
    at = cursor.row - 1 if cursor.gone and step > 0 else cursor.row
    return go(cursor, at + step, total, height)


def chose(cursor: Cursor, flow: int) -> Cursor:
    """The flow that stands on the cursor's row is known."""
    return replace(cursor, flow=flow, wanted=False)


def scrolled(cursor: Cursor, top: int) -> Cursor:
    """The wheel moved the window: what is seen now is where the flow shall stay."""
    return replace(cursor, top=top, keep=cursor.row - top)


def release(cursor: Cursor) -> Cursor:  # noqa: ARG001 - a state to go from, as its siblings have
    """Let go: the table shows its top again."""
    return Cursor()
