"""What a person chose to look at, and the way back.

Promise: frozen values. `Trail` undoes and redoes looks, not positions: the cursor is no part of a look.
Does not know: flows, the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ratop_py.view import Order

NAMES = ("names", "addresses", "both")
MOST_KEYS = 4
"""Sort keys at a time."""
MOST = 100
"""Looks that can be undone."""


@dataclass(frozen=True, slots=True)
class Look:
    """Which rows, in which order, and their columns."""

    filter: str = ""
    order: tuple[Order, ...] = (Order("load"),)
    columns: tuple[str, ...] = ()
    """Empty: a set that fits the width."""
    keys: int = 1
    """How many of the keys in `order` a person chose."""
    sight: str = "flows"
    """Name of the way flows are put together (`view.SIGHTS`)."""
    folded: frozenset[int] = frozenset()
    """Rows of the tree whose children are not shown."""
    anchor: int | None = field(default=None, compare=False)
    """The row that was chosen when this was left."""

    @property
    def place(self) -> tuple[str, str]:
        """Where one is: another order or other columns are the same place."""
        return self.sight, self.filter

    @property
    def sort(self) -> Order:
        """The key that decides first."""
        return self.order[0] if self.order else Order("stime", descending=False)

    @property
    def chosen_keys(self) -> int:
        """Keys that a person chose; those behind them only break ties."""
        return max(1, min(self.keys, len(self.order)))

    def also_by(self, name: str, descending: bool) -> Look:
        """The same look, ordered by this, too, where the chosen keys say nothing."""
        chosen = tuple(key for key in self.order[: self.chosen_keys] if key.field != name)[: MOST_KEYS - 1]
        return replace(self, order=(*chosen, Order(name, descending)), keys=len(chosen) + 1)

    def sorted_by(self, name: str, descending: bool) -> Look:
        """The same look in another order; the former key breaks ties."""
        former = tuple(key for key in self.order if key.field != name)[:2]
        return replace(self, order=(Order(name, descending), *former), keys=1)


@dataclass(frozen=True, slots=True)
class Habit:
    """How values are written. No part of what is undone."""

    full: bool = False
    """All digits."""
    octets: bool = False
    """Rates in bytes/s instead of bits/s."""
    port_numbers: bool = False
    names: str = "names"
    """How the ends of flows are written: one of `NAMES`."""
    mark: str = ""
    """Text that is highlighted wherever it stands."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A look, those before it, and those undone."""

    now: Look
    past: tuple[Look, ...] = field(default=())
    future: tuple[Look, ...] = field(default=())

    def go(self, look: Look, anchor: int | None = None) -> Trail:
        """A new look; what was undone is forgotten. `anchor`: the row that is chosen in the one that is left."""
        if look == self.now:
            return self
        return Trail(look, (*self.past, replace(self.now, anchor=anchor))[-MOST:])

    def instead(self, look: Look) -> Trail:
        """Another look in the place of this one, which could not be; of the way back nothing is lost."""
        past = self.past[:-1] if self.past and self.past[-1] == look else self.past
        return Trail(look, past, self.future)

    def back(self) -> Trail:
        """The look before."""
        if not self.past:
            return self
        return Trail(self.past[-1], self.past[:-1], (self.now, *self.future))

    def forth(self) -> Trail:
        """The look that was undone last."""
        if not self.future:
            return self
        return Trail(self.future[0], (*self.past, self.now), self.future[1:])

    def home(self) -> Trail:
        """The place before this one, as a browser's back: steps within a place are one. There is none: as it is."""
        trail = self
        while trail.past and trail.now.place == self.now.place:
            trail = trail.back()
        return trail if trail.now.place != self.now.place else self

    def onward(self) -> Trail:
        """The place that was left by `home`, as it was looked at last."""
        trail = self
        while trail.future and trail.now.place == self.now.place:
            trail = trail.forth()
        if trail.now.place == self.now.place:
            return self
        while trail.future and trail.future[0].place == trail.now.place:
            trail = trail.forth()
        return trail
