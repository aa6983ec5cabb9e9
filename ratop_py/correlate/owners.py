"""Who held which socket, from when to when.

Promise: bounded in size and age, evictions counted; a holder that changed begins a new span, so a reused port does not
inherit. `exact` answers for a 5-tuple, `open` for sockets that take packets from anybody. Independent of the source
that told.
Does not know: flows, rows, processes beyond their owner facts.
"""

from __future__ import annotations

import struct
from collections import OrderedDict, deque
from dataclasses import dataclass, replace
from typing import TypeVar

from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Holders

Key = bytes
"""The first 40 bytes of a flow's row: both ends in order, ports, protocol, family, depth 0."""
MOST = 200_000
"""Sockets remembered."""
KEEP = 600.0
"""Seconds a socket that is gone is remembered."""
LOOKS = 64
"""Looks remembered whole: enough for the claim that nobody owned a socket."""
_KEY = struct.Struct("<QQQQHHBBBB")
M64 = (1 << 64) - 1
V4 = 0xFFFF


@dataclass(frozen=True, slots=True)
class Span:
    """One set of holders, for as long as it was seen."""

    holders: Holders
    first: float
    """Start of the first look that saw it, s."""
    last: float
    """End of the last."""
    source: str
    state: SocketState = SocketState.NONE
    local: int = 0
    lport: int = 0


Spans = tuple[Span, ...]
Place = TypeVar("Place")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at all sockets."""

    began: float
    ended: float
    complete: bool
    ports: frozenset[int]
    """proto * 65536 + local port of every socket seen."""


def key(proto: int, a: tuple[int, int], b: tuple[int, int]) -> Key:
    """Key of a conversation between two (address, port)."""
    (low, lport), (high, hport) = sorted((a, b))
    family = 4 if low >> 32 == V4 and high >> 32 == V4 else 6
    return _KEY.pack(low >> 64, low & M64, high >> 64, high & M64, lport, hport, proto, family, 0, 0)


class Owners:
    """Learns listings; answers for a socket's whole known past."""

    def __init__(self) -> None:
        self._exact: OrderedDict[tuple[Key, int, int], Spans] = OrderedDict()
        self._open: OrderedDict[tuple[int, int, int], Spans] = OrderedDict()
        self.evicted = 0
        self.began: float | None = None
        """Start of the first look of all."""
        self._looks: deque[Look] = deque(maxlen=LOOKS)
        self.denied = False
        """The last look was incomplete."""

    def learn(self, listing: Listing) -> None:
        """Take a listing in."""
        self.began = listing.began if self.began is None else self.began
        ports = frozenset(socket.proto << 16 | socket.lport for socket in listing.sockets)
        self._looks.append(Look(listing.began, listing.ended, listing.complete, ports))
        self.denied = not listing.complete
        for socket in listing.sockets:
            if socket.rport or socket.remote:
                ends = key(socket.proto, (socket.local, socket.lport), (socket.remote, socket.rport))
                _note(self._exact, (ends, socket.local, socket.lport), socket, listing)
            elif socket.lport:
                _note(self._open, (socket.proto, socket.local, socket.lport), socket, listing)
        self._forget(listing.ended)

    def _forget(self, now: float) -> None:
        for table in (self._exact, self._open):
            while table:
                spans = next(iter(table.values()))  # the one longest unseen stands first
                if len(table) <= MOST and spans[-1].last >= now - KEEP:
                    break
                self.evicted += len(table) > MOST
                table.popitem(last=False)

    def exact(self, ends: Key, local: int, lport: int) -> Spans:
        """Spans of the socket at (local, lport) of this conversation."""
        return self._exact.get((ends, local, lport), ())

    def open(self, proto: int, local: int, lport: int) -> tuple[Spans, bool]:
        """(spans, whether by any address) of the socket that takes what comes to this address and port."""
        if spans := self._open.get((proto, local, lport)):
            return spans, False
        return self._open.get((proto, 0, lport), ()), True

    def looked_since(self, when: float) -> bool:
        """Whether a look began after this time."""
        return bool(self._looks) and self._looks[-1].began >= when

    def without(self, proto: int, lport: int, first: float, last: float) -> int:
        """Complete looks between these times that saw no socket with this local port; 0 as soon as one did."""
        inside = [look for look in self._looks if look.complete and first <= look.began and look.ended <= last]
        return 0 if any(proto << 16 | lport in look.ports for look in inside) else len(inside)


def _note(table: OrderedDict[Place, Spans], where: Place, socket: Socket, listing: Listing) -> None:
    spans = table.pop(where, ())
    holders = socket.owners or (spans[-1].holders if spans else ())
    if spans and spans[-1].holders == holders:
        told = (*spans[:-1], replace(spans[-1], last=listing.ended, state=socket.state))
    else:
        new = Span(holders, listing.began, listing.ended, listing.source, socket.state, socket.local, socket.lport)
        told = (*spans[-3:], new)
    table[where] = told
