"""What an event source tells: sockets with their owners, at a time.

Promise: plain values. `Socket.local`/`remote` are 128-bit numbers, IPv4 as v4-mapped, so they compare with flow rows.
Does not know: flows, matching, or which program made the listing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from ratop_py.events.fact import Facts
from ratop_py.flow.flows import Owner


class SocketState(StrEnum):
    """As lsof names them, spelled one way (Linux and macOS differ)."""

    LISTEN = "LISTEN"
    ESTABLISHED = "ESTABLISHED"
    SYN_SENT = "SYN_SENT"
    SYN_RECV = "SYN_RECV"
    FIN_WAIT1 = "FIN_WAIT1"
    FIN_WAIT2 = "FIN_WAIT2"
    CLOSE_WAIT = "CLOSE_WAIT"
    CLOSING = "CLOSING"
    LAST_ACK = "LAST_ACK"
    TIME_WAIT = "TIME_WAIT"
    CLOSED = "CLOSED"
    NONE = ""


CLOSING = frozenset(
    {SocketState.TIME_WAIT, SocketState.FIN_WAIT1, SocketState.FIN_WAIT2, SocketState.LAST_ACK, SocketState.CLOSING}
)
"""States in which the process may have let go of the socket."""


@dataclass(frozen=True, slots=True)
class Socket:
    """One socket and everybody who holds it."""

    proto: int
    """IP protocol number: 6, 17, 1, 58, 132 …"""
    family: int
    """4 or 6, as the socket was made; a 6 with local 0 also takes IPv4."""
    local: int
    """Local address; 0: any."""
    lport: int
    """Local port; 0: not bound."""
    remote: int
    """Remote address; 0: not connected."""
    rport: int
    state: SocketState
    owners: tuple[Owner, ...]
    """All holders, lowest pid first. Empty: the source saw the socket, not who holds it."""
    cookie: int = 0
    """Its number (SO_COOKIE); 0: not told."""
    since: float | None = None
    """No other socket had its port from then on, s; before, another may have. None: not told."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All sockets that a source saw in one look."""

    source: str
    """`lsof`, `psutil`, `file` …"""
    began: float
    """Seconds since the epoch when the look began…"""
    ended: float
    """…and when it was over: what is listed lived at some time between."""
    complete: bool
    """True when nothing was hidden: seen as root, no deadline hit, no `permission denied`."""
    sockets: tuple[Socket, ...]
    why_not: str = ""
    """Why it is incomplete, in words."""
    partial: bool = False
    """Only some kinds of socket were looked at, and those without an owner are left out: what is not listed may be all
    the same."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does."""

    name: str
    ok: bool
    words: str
    """One line for the top bar and `doctor`: what it does, or why not and what would help."""
    listings: int = 0
    failures: int = 0
    cost: float = 0.0
    """CPU seconds spent, children included."""
    dropped: int = 0
    """Listings that were replaced before anybody took them."""
    standby: tuple[tuple[str, str], ...] = ()
    """Better sources that are not taken, and why: (name, words)."""


class EventSource(Protocol):
    """A source of listings or facts, with a thread of its own."""

    def start(self) -> None:
        """Begin to look."""
        ...

    def take(self) -> Sequence[Listing | Facts]:
        """What it told since the last call, oldest first. Never waits."""
        ...

    def health(self) -> Health:
        """How it does now."""
        ...

    def stop(self) -> None:
        """End within a second, children included."""
        ...
