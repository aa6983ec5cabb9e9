"""Who held which socket, from when to when.

Promise: bounded in size, evictions counted; a holder that changed begins a new span, so a reused port does not inherit.
`exact` answers for a 5-tuple, `open` for sockets that take packets from anybody. Independent of the source that told.
Does not know: flows, rows, processes beyond their owner facts.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TypeVar

from ratop_py.correlate.beside import Beside
from ratop_py.correlate.cookies import Cookies
from ratop_py.correlate.looks import Looks
from ratop_py.events.fact import Facts
from ratop_py.events.socket import CLOSING, Listing, Socket, SocketState
from ratop_py.flow.flows import Holders, Owner
from ratop_py.flow.key import V4, Key, key

MOST = 200_000
"""Sockets remembered."""
KEEP = 600.0
"""Seconds a socket that is gone is remembered, live."""
SPANS = 4
"""Spans remembered of one socket."""
TCP = 6


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
    """The last that was seen; before it closed, if that was seen."""
    hidden: bool = False
    """Nobody holds it, as far as one could see; the look was not complete."""
    born: float = float("-inf")
    """Start of the youngest holder, s."""
    cookie: int = 0
    """The socket's number; 0: not told, or several sockets."""
    alone: bool = False
    """Before `first` another socket may have had its port."""


Spans = tuple[Span, ...]
OpenPlace = tuple[int, int, int, int]
"""Protocol, family, local address (0: any), local port."""
Place = TypeVar("Place")


class Owners:
    """Learns listings and facts; answers for a socket's whole known past."""

    def __init__(self) -> None:
        self._exact: OrderedDict[Key, Spans] = OrderedDict()
        self._open: OrderedDict[OpenPlace, Spans] = OrderedDict()
        self._looks = Looks()
        self.cookies = Cookies()
        """What the kernel told at the time."""
        self.beside = Beside()
        """What explains flows without a socket."""
        self.evicted = 0
        """Sockets forgotten because there were too many."""
        self.began: float | None = None
        """Start of the first look of all."""
        self.denied = False
        """The last look was incomplete."""

    def learn(self, news: Listing | Facts) -> None:
        """Take in what a source told."""
        if isinstance(news, Facts):
            self.cookies.learn(news)
        else:
            self._learn(news)

    def _learn(self, listing: Listing) -> None:
        self.began = listing.began if self.began is None else self.began
        if self.cookies.since is not None:  # who tells of all sockets has no listings beside it: another took over
            self.cookies.quiet(listing.began)
        if not listing.partial:
            self.denied = not listing.complete
            ports = {socket.proto << 16 | socket.lport for socket in listing.sockets}
            self._looks.add(listing.began, listing.ended, listing.complete, ports)
        exact: dict[Key, Socket] = {}
        free: dict[OpenPlace, Socket] = {}
        for socket in listing.sockets:
            if socket.rport or socket.remote:
                ends = key(socket.proto, (socket.local, socket.lport), (socket.remote, socket.rport))
                exact[ends] = _both(exact.get(ends), socket)
            elif socket.lport:
                place = (socket.proto, _family(socket), socket.local, socket.lport)
                free[place] = _both(free.get(place), socket)
        _note(self._exact, exact, listing)
        _note(self._open, free, listing)
        self._bound()

    def _bound(self) -> None:
        for table in (self._exact, self._open):
            while len(table) > MOST:
                table.popitem(last=False)  # the one longest unseen
                self.evicted += 1

    def forget(self, before: float) -> None:
        """What was last seen before this time, s."""
        self._looks.forget(before)
        self.cookies.forget(before)
        for table in (self._exact, self._open):
            while table and next(iter(table.values()))[-1].last < before:
                table.popitem(last=False)

    def exact(self, ends: Key) -> Spans:
        """Spans of the socket with this key."""
        return self._exact.get(ends, ())

    def open(self, proto: int, local: int, lport: int) -> tuple[tuple[Spans, bool], ...]:
        """(spans, whether by any address) of the sockets that take what comes to this address and port, the closest
        first. IPv6 sockets take IPv4, too, where no IPv4 socket does."""
        places = ((4, local), (4, 0), (6, 0)) if local >> 32 == V4 else ((6, local), (6, 0))
        found = []
        for family, address in places:
            if spans := self._open.get((proto, family, address, lport)):
                found.append((spans, address == 0))
        return tuple(found)

    @property
    def looked(self) -> float:
        """End of the last look, s; -inf before it."""
        return self._looks.over

    def looked_since(self, when: float) -> bool:
        """Whether sockets were looked at after this time."""
        return self._looks.since(when)

    def without(self, proto: int, lport: int, first: float, last: float) -> int:
        """Complete looks between these times that saw no socket with this local port; 0 as soon as one did."""
        return self._looks.without(proto << 16 | lport, first, last)


def _family(socket: Socket) -> int:
    if socket.local == 0:
        return socket.family
    return 4 if socket.local >> 32 == V4 else 6


def _both(known: Socket | None, socket: Socket) -> Socket:
    """Several sockets at one place (SO_REUSEPORT, a fork in another state) are all its holders'."""
    if known is None:
        return socket
    owners = {owner.pid: owner for owner in (*known.owners, *socket.owners)}
    since = None if None in (known.since, socket.since) else max(known.since or 0.0, socket.since or 0.0)
    return replace(socket, owners=tuple(owners[pid] for pid in sorted(owners)), cookie=0, since=since)


def _note(table: OrderedDict[Place, Spans], seen: dict[Place, Socket], listing: Listing) -> None:
    for place, socket in seen.items():
        spans = table.pop(place, ())
        table[place] = _longer(spans, socket, listing) if spans else (_begun(socket, listing),)


def _longer(spans: Spans, socket: Socket, listing: Listing) -> Spans:
    """The spans, when the socket is seen once more."""
    last = spans[-1]
    another = bool(last.cookie and socket.cookie and last.cookie != socket.cookie)
    if another or (holders := _same(last.holders, socket)) is None:
        return (*spans[1 - SPANS :], _begun(socket, listing))
    born = last.born if holders is last.holders else _born(holders)
    hidden = last.hidden and not holders
    state = last.state if socket.state in CLOSING else socket.state
    grown = Span(holders, last.first, listing.ended, listing.source, state, hidden, born, last.cookie, last.alone)
    return (*spans[:-1], grown)


def _begun(socket: Socket, listing: Listing) -> Span:
    hidden = not socket.owners and not listing.complete
    born = _born(socket.owners)
    first, alone = listing.began if socket.since is None else socket.since, socket.since is not None
    return Span(socket.owners, first, listing.ended, listing.source, socket.state, hidden, born, socket.cookie, alone)


def _born(holders: Holders) -> float:
    return max((owner.started for owner in holders if owner.started is not None), default=float("-inf"))


def _same(before: Holders, socket: Socket) -> Holders | None:
    """What is known by now of the same processes; None: others hold the socket.

    A TCP connection that nobody holds any more was its last holder's: its 5-tuple is not free yet.
    """
    now = socket.owners
    if now == before or (not now and socket.proto == TCP and socket.remote):
        return before
    if len(now) != len(before) or not all(_one_life(*pair) for pair in zip(before, now, strict=True)):
        return None
    return before if any(owner.started is None for owner in now) else now


def _one_life(before: Owner, now: Owner) -> bool:
    return before.pid == now.pid and (before.started == now.started or None in (before.started, now.started))
