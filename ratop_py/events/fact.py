"""What the kernel tells at the time: who holds a socket, which packets are its own, when it ended.

Promise: plain values; a socket is known by its cookie, a number the kernel gives once until the next boot (SO_COOKIE),
so nothing is joined by ports and times. Times are seconds since the epoch.
Does not know: flows, which source told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ratop_py.flow.flows import Owner
from ratop_py.flow.key import Key


class Held(NamedTuple):
    """A process had a socket. No dataclasses here: thousands are made a second."""

    at: float
    cookie: int
    owner: Owner
    used: bool
    """It moved data; else it made or connected it."""
    space: int = 0
    """Cookie of the socket's network namespace (SO_NETNS_COOKIE); 0: not told."""


class Tied(NamedTuple):
    """A packet of this socket was seen with these ends."""

    at: float
    cookie: int
    ends: Key
    space: int = 0
    """As in `Held`."""
    listens: bool = False
    """The packet opens a connection; the socket is the listener's."""


class Ended(NamedTuple):
    """The last holder let go of it."""

    at: float
    cookie: int
    owner: Owner | None
    """Who that was, if anybody."""


class Missed(NamedTuple):
    """From then on facts found no room. A socket that nothing is told of later may have ended unseen, and another may
    have its ends."""

    at: float
    seconds: float
    """How long that lasted, at most."""


OfSocket = Held | Tied | Ended
Fact = OfSocket | Missed


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts in the order of their times."""

    source: str
    since: float
    """From then on nothing is missing but what is `lost`."""
    lost: int
    """Facts so far that found no room."""
    facts: tuple[Fact, ...]
    at: float = 0.0
    """When they were taken: what is lost was lost before."""
    space: int = 0
    """Network namespace of whoever tells; 0: not told."""
    complete: bool = False
    """Of all sockets that were there before, in that namespace, it was told who had them."""
    stepped: float = 0.0
    """Seconds by which the clock was set since the last facts: what was told before is as much later now."""
    until: float | None = None
    """The source has ended, at this time."""
    through: float = float("inf")
    """What happened until then is told, as far as it is told at all; what happened later may be told with the next."""
    whole: bool = True
    """False: of some sockets nothing is told, so what is not told may be all the same; `since` promises nothing."""
