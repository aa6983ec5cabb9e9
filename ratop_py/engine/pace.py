"""How fast a file is played: which packet time may be reached by now.

Promise: a change of speed, or a stop, moves no packet: what was reached stays reached, and time goes on from there.
Packets never run far ahead of who looks at them.
Does not know: packets, threads; the clock is handed in.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ratop_py.errors import Exit, RatopError

SECOND = 1_000_000_000
SLOWEST, FASTEST = 0.01, 1000.0
"""Packet seconds a second; 0 is as fast as can be."""
QUICKEST = 0.05
"""Seconds between two ticks, at least."""
AHEAD = 60 * SECOND
"""Packet time that may pass between two ticks: what comes and goes meanwhile would hardly be seen."""


class Pace:
    """Of one replay. The tick's thread, the readers' and those that feed may call."""

    def __init__(
        self, speed: float, skip: float, clock: Callable[[], int], reached: Callable[[], int], first: Callable[[], int]
    ) -> None:
        """`speed`: 0 where nothing is played. `skip`: seconds that are read at once. `clock`: any steady clock, ns;
        `reached`, `first`: packet time of the last packet and of the first, ns, 0 before it."""
        self.speed, self.played = speed, speed > 0
        self._clock, self._reached, self._first = clock, reached, first
        self._skip = int(skip * SECOND)
        self._held = False
        self._from: tuple[int, float] | None = None
        """(time of the clock, packet time) since which the speed holds."""
        self._looked = 0

    def due(self) -> float:
        """Packet time that may be reached now, ns."""
        if self._held:
            return -math.inf
        first = self._first()
        if not first:
            return math.inf
        return min(self._played(first), max(self._looked, first) + AHEAD)

    def rest(self, tick: float, cost: float) -> float:
        """Seconds until the next tick, which costs so many: what is played faster is looked at more often, as far as
        that is cheap."""
        if not self.played or self.speed == 1.0 or self._held:
            return tick
        return min(tick, max(QUICKEST, 4 * cost, tick / self.speed if self.speed else 0.0))

    def looked(self, now: int) -> None:
        """A tick saw all up to this packet time."""
        self._looked = now

    def change(self, speed: float) -> None:
        """Go on at this speed. RatopError: there is none such, or nothing is being played."""
        if not self.played:
            raise RatopError("no file is being played", hint="ratop -r FILE --speed 1", exit_code=Exit.USAGE)
        if speed and not SLOWEST <= speed <= FASTEST:
            words = f"a file is played {SLOWEST:g} to {FASTEST:g} times as fast as it was recorded, or 0: at once"
            raise RatopError(words, exit_code=Exit.USAGE)
        self._rest()
        self.speed = speed

    def hold(self, held: bool) -> None:
        """Stand still, or go on."""
        if held != self._held:
            self._rest()
            self._held = held

    def passed(self, packets: float, seconds: float) -> float:
        """Seconds of the data clock between two ticks: what was skipped passed, too, and so did what was to be played
        in so many of the clock's; where a file is read at once there are none."""
        if not self.played:
            return 0.0
        return max(packets, 0.0 if self._held else seconds * self.speed)

    def _played(self, first: int) -> float:
        if not self.speed:
            return math.inf
        if self._from is None:
            self._from = self._clock(), first + self._skip
        since, packets = self._from
        return packets + (self._clock() - since) * self.speed

    def _rest(self) -> None:
        """From here on: not from where the clock alone would be, if packets could not keep up with it."""
        first = self._first()
        if first and not self._held:
            self._from = self._clock(), min(self._played(first), float(self._reached()))
        elif self._from is not None:
            self._from = self._clock(), self._from[1]
