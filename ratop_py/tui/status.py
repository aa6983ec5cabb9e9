"""What the screen knows about itself at one moment: all bars are drawn from it.

Promise: a frozen value; drawing it twice gives the same.
Does not know: widgets, clocks.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ratop_py.tui.keymap import Place
from ratop_py.tui.look import Look
from ratop_py.view import Meters

LOSSES = ("kernel_drops", "full")
"""Counters of packets that are missing from what is shown."""
LOSS_WORDS = {"kernel_drops": "lost by the kernel, ring full", "full": "refused, flow table full"}


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
    held: bool = False
    """The order stands still because a key was just pressed."""
    age: float = 0.0
    """Seconds since the last answer came."""
    waited: float = 0.0
    """Seconds since the start, while there is no answer yet."""
    rate: float = 2.0
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
    def late(self) -> bool:
        """The newest answer is older than three periods."""
        return self.answered and self.paused is None and self.age > max(3 / self.rate, 1.0)
