"""When ends have no socket any more, of protocols that do not say so themselves.

Promise: told as soon as the last socket with these ends is known to be over, so that whoever has the port next is told
apart; TCP tells by its own packets. Bounded: what is forgotten is not told.
Does not know: flows, processes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from ratop_py.events.fact import Ended, Fact, Tied
from ratop_py.flow.key import Key

MOST = 65_536
"""Sockets remembered."""
PEERS = 1_024
"""Ends remembered with a socket."""
PROTO = 36
"""Place of the protocol in a key."""
TCP, UDP = 6, 17


class Over(NamedTuple):
    """Since then no socket has these ends."""

    ends: Key
    at: float
    """s since the epoch."""


TellOver = Callable[[Sequence[Over], float], None]
"""Who wants to know at once; called in some thread every now and then, with what is new and the time, s."""


class Overs:
    """Learns facts in their order."""

    def __init__(self) -> None:
        self._ends: OrderedDict[int, set[Key]] = OrderedDict()
        """Socket → ends of its packets."""
        self._spaces: dict[int, int] = {}
        """Socket → its network namespace."""
        self._socks: dict[Key, set[int]] = {}
        """Ends → sockets that live."""

    def learn(self, facts: Iterable[Fact]) -> Iterator[Over]:
        """What is over by these facts."""
        for fact in facts:
            if isinstance(fact, Tied):
                if fact.ends[PROTO] != TCP:
                    self._tie(fact)
            elif isinstance(fact, Ended):
                yield from (Over(ends, fact.at) for ends in self._end(fact.cookie))

    def without(self, alive: Collection[int], space: int, at: float) -> Iterator[Over]:
        """What is over because of the sockets of this namespace only these were alive then: their ends were missed."""
        gone = [cookie for cookie, where in self._spaces.items() if where == space and cookie not in alive]
        for cookie in gone:
            yield from (Over(ends, at) for ends in self._end(cookie) if ends[PROTO] == UDP)

    def _tie(self, fact: Tied) -> None:
        ends = self._ends.setdefault(fact.cookie, set())
        self._spaces[fact.cookie] = fact.space
        if len(ends) < PEERS:
            ends.add(fact.ends)
            self._socks.setdefault(fact.ends, set()).add(fact.cookie)
        if len(self._ends) > MOST:
            for _ in self._end(next(iter(self._ends))):
                pass

    def _end(self, cookie: int) -> Iterator[Key]:
        """Ends that no other socket has."""
        self._spaces.pop(cookie, None)
        for ends in self._ends.pop(cookie, ()):
            socks = self._socks[ends]
            socks.discard(cookie)
            if not socks:
                del self._socks[ends]
                yield ends
