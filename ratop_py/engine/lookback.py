"""A reader looks back: flows and meters of a moment instead of those of now.

Promise: the moment asked for is held between the oldest and the newest that are kept; where nothing is kept the answer
is what there is now, and its state says so. A moment that is looked at again and again is made once.
Does not know: views, how moments are kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ratop_py.engine.meters import coverage, levels, rates
from ratop_py.engine.past import Past
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Life
from ratop_py.view import Coverage, Meters

SECOND = 1_000_000_000
FINEST = 1_000
"""ns that seconds since the epoch cannot tell apart as floats: who asks for a moment gets that, not the one before."""


class Lookback:
    """Over one past; any reader's thread may ask."""

    def __init__(self, past: Past | None, tables: Callable[[], Flows]) -> None:
        """`tables`: what notes count that is never renumbered, as it is when a moment is looked at: of what was held,
        or published, a moment that is newer could know more."""
        self.past, self._tables = past, tables
        self._last: tuple[int, Flows] | None = None
        """A moment, and what there was."""

    def seen(self, at: float | None, flows: Flows, meters: Meters) -> tuple[Flows, Meters]:
        """What there was at a time of the data clock, s; None: `flows`, those of now. `meters`: of now."""
        if at is None or self.past is None or self.past.oldest is None:
            self._last = None  # nobody looks back any more
            return flows, meters
        when = round(at * SECOND) + FINEST
        moment = self.past.moment(when)
        found = self._last
        if found is None or found[0] != moment:
            sight = self.past.sight()
            found = self._last = sight.moment(when), sight.at(when, self._tables())
        return found[1], then(meters, found[1], found[0] / SECOND, self.past)


def then(meters: Meters, flows: Flows, clock: float, past: Past) -> Meters:
    """What the meters can say of a moment; packets and losses are those of now."""
    share, share_bytes, owners = coverage(flows)
    rx, tx = rates(flows)
    newest = (past.newest or 0) / SECOND
    return replace(
        meters,
        state="history",
        reason="",
        clock=min(clock, newest),
        flows=len(flows),
        live_flows=int((flows.rows["life"] == Life.LIVE).sum()),
        rx_bps=rx,
        tx_bps=tx,
        attributed=share,
        attributed_bytes=share_bytes,
        coverage=Coverage(),
        owners=owners,
        levels=levels(flows),
    )
