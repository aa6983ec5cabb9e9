"""What the screen knows about itself at one moment: all bars are drawn from it.

Promise: a frozen value; drawing it twice gives the same.
Does not know: widgets, clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ratop_py.errors import Exit
from ratop_py.tui.keymap import Place
from ratop_py.tui.look import Look
from ratop_py.view import Meters

if TYPE_CHECKING:
    from ratop_py.tui.app import RatopApp

LOSSES = ("kernel_drops", "full")
"""Counters of packets that are missing from what is shown."""
UNHEARD = ("events_dropped", "owners_evicted")
"""Counters of what is missing from what owners are found by."""
REFUSED = {Exit.NOT_PERMITTED: "not capturing", Exit.NO_SOURCE: "no such source"}
"""Why the source could not be opened, in a word for the top line."""
TORN = ("cut", "broken", "skipped")
"""Counters of what a file holds and could not be read."""
LOST = {
    "cut": "records, file torn",
    "broken": "records, contradict themselves",
    "skipped": "blocks, unknown kind",
    "kernel_drops": "packets, ring full",
    "full": "packets, table full",
    "events_dropped": "events",
    "owners_evicted": "sockets forgotten",
}
"""Everything that may be missing, in a word or two."""
LOSS_WORDS = {
    "cut": "cut short: the file is torn",
    "broken": "broken records",
    "skipped": "unknown blocks",
    "kernel_drops": "lost, ring full",
    "full": "refused, table full",
    "events_dropped": "events lost",
    "owners_evicted": "sockets forgotten",
}
"""The same for the line below the top, which has no titles."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that the bars say."""

    meters: Meters = field(default_factory=Meters)
    look: Look = field(default_factory=Look)
    place: Place = Place.FLOWS
    matched: int = 0
    total: int = 0
    cursor: int | None = None
    """Rank of the chosen flow."""
    paused: float | None = None
    """Seconds since the pause began."""
    at: float | None = None
    """Moment of the past that is looked at, data clock."""
    newest: float = 0.0
    """The latest moment that was seen."""
    octets: bool = False
    """Rates in bytes."""
    held: bool = False
    """The order stands still because a key was just pressed."""
    age: float = 0.0
    """Seconds since the last answer came."""
    waited: float = 0.0
    """Seconds since the start, while there is no answer yet."""
    rate: float = 2.0
    ticked: int = 0
    """Rows that a person marked."""
    rx: tuple[float, ...] = ()
    tx: tuple[float, ...] = ()
    refused: str = ""
    """The source could not be opened: word for the top line."""
    answered: bool = False
    message: str = ""
    message_tone: str = "text"

    @property
    def drops(self) -> int:
        """Packets that are missing from what is shown."""
        return sum(self.meters.counters.get(name, 0) for name in LOSSES)

    @property
    def unheard(self) -> int:
        """Events and sockets that are missing from what owners are found by."""
        return sum(self.meters.counters.get(name, 0) for name in UNHEARD)

    @property
    def late(self) -> bool:
        """The newest answer is older than three periods."""
        return self.answered and self.paused is None and self.at is None and self.age > max(3 / self.rate, 1.0)


def of(app: RatopApp) -> Status:
    """What is true now."""
    snapshot, now = app.snapshot, app.clock()
    return Status(
        meters=snapshot.meters if snapshot is not None else Meters(),
        look=app.look,
        place=app.place,
        matched=snapshot.matched if snapshot is not None else 0,
        total=snapshot.total if snapshot is not None else 0,
        cursor=app.table.cursor.row if app.table.cursor.chosen else None,
        paused=None if app.paused_at is None else now - app.paused_at,
        at=app.at,
        newest=app.newest,
        octets=app.habit.octets,
        held=app.held and not app.paused and app.at is None,
        age=now - app.answered_at,
        waited=now - app.began_at,
        rate=app.rate,
        ticked=len(app.ticked),
        rx=tuple(app.rx),
        tx=tuple(app.tx),
        refused=REFUSED.get(app.refusal.exit_code, "not running") if app.refusal else "",
        answered=snapshot is not None,
        message=app.message[0],
        message_tone=app.message[1],
    )
