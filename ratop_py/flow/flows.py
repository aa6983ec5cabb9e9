"""A set of flows, as readers get it: rows, notes, and the words and holders that the notes point to.

Promise: immutable once made. `Flows.take(index)` is the same set, smaller or in another order.
Does not know: how rows came about, which fields exist, what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.layout import note_dtype, row_dtype

Rows = NDArray[np.void]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Owner:
    """A process that held a socket. All text has passed `safetext.clean`."""

    pid: int
    """As the sensor's pid namespace counts; identifies nobody without `started`."""
    started: float | None
    """Seconds since the epoch; None: the source does not tell."""
    uid: int
    """-1: not told."""
    user: str
    """Login name, or the uid as text."""
    program: str
    """The name a person knows it by."""
    exe: str = ""
    cmdline: str = ""
    ppid: int = 0
    parent: str = ""
    """Its program."""
    container: str = ""
    netns: str = ""
    """Its network namespace, if it is another than that of who looks."""
    forebears: tuple[tuple[int, str], ...] = field(default=(), compare=False)
    """(pid, program) of the parent's parent, its parent, and so on, as far as known: no part of who it is."""


@dataclass(frozen=True, slots=True)
class Name:
    """What an end was called on the wire. The text has passed `names.spelling`."""

    text: str
    how: str
    """As `names.book` says: dns, or a claim."""
    at: float
    """When it was first heard, seconds since the epoch; 0: in the flow itself."""

    @property
    def verified(self) -> bool:
        """More than a claim: this machine asked for the name, and was told the address."""
        return self.how == "dns"


Names = tuple[Name, ...]
"""All names of one end, the surest first; empty: none was heard."""
Holders = tuple[Owner, ...]
"""Everybody who held one socket, the best one first; empty: nobody."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Flows:
    """Rows (`layout.ROW`) with their notes (`layout.NOTE`), side by side."""

    rows: Rows
    notes: NDArray[np.void]
    holders: Sequence[Holders] = ((),)
    """What `s_holder`, `d_holder` count; 0 is nobody."""
    whys: Sequence[tuple[str, ...]] = ((),)
    """What `why` counts: evidence codes, strongest first."""
    sources: Sequence[str] = ("",)
    """What `s_source`, `d_source` count: event sources."""
    interfaces: Sequence[str] = ("",)
    """Names by `iface`."""
    srcid: str = ""
    findings: Mapping[int, Any] = field(default_factory=dict)
    """flow id → tuple of `assess.evidence.Finding`; flows without findings are absent."""
    silent: tuple[str, ...] = ()
    """Rules of suspicion that cannot be applied here, and why: sentences."""
    names: Sequence[Names] = ((),)
    """What `s_name`, `d_name`, `sni` count; 0 is none."""

    def __len__(self) -> int:
        """Number of flows."""
        return len(self.rows)

    def take(self, index: Index | slice) -> Flows:
        """The flows at these places, in this order."""
        return replace(self, rows=pick(self.rows, index), notes=pick(self.notes, index))


def pick(rows: NDArray[np.void], index: Any) -> NDArray[np.void]:
    """Copies of structured rows. Taken as plain bytes: numpy copies structures field by field, 50 times slower."""
    if isinstance(index, slice):
        return rows[index]
    return rows.view(np.dtype((np.void, rows.dtype.itemsize)))[index].view(rows.dtype)


def copied(rows: NDArray[np.void]) -> NDArray[np.void]:
    """A copy of all rows, as plain bytes for the same reason."""
    return rows.view(np.dtype((np.void, rows.dtype.itemsize))).copy().view(rows.dtype)


def empty() -> Flows:
    """No flows at all."""
    return Flows(np.zeros(0, row_dtype()), np.zeros(0, note_dtype()))


def sides(rows: Rows, name: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """A pair column of rows as (source, destination): `init` says which side began."""
    of_a, of_b = rows[name].T
    turned = rows["init"] == 1
    return np.where(turned, of_b, of_a), np.where(turned, of_a, of_b)
