"""Who had which socket, by its cookie, and whose packets had which ends.

Promise: a flow's ends lead to the socket that lived at the flow's time, and the socket to all who had it: who used it
before who only held it, the earlier before the later. Never joined by ports and nearest time. Bounded, evictions
counted. Independent of the source that told.
Does not know: flows, rows, listings.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from ratop_py.correlate.sock import SLACK, TCP, Hold, Sock, of_all
from ratop_py.events.fact import Ended, Fact, Facts, Held, Missed, Tied
from ratop_py.flow.flows import Holders
from ratop_py.flow.key import Key

MOST = 200_000
"""Sockets remembered, and ends of their packets."""
PEERS = 4_096
"""Ends remembered with a socket: what is told of it later concerns these."""
REUSED = 16
"""Sockets that ended, remembered for the same ends."""
SWEEP = 1_000
"""Sockets looked at by one `forget`."""
LOOKED_AT = 64
"""Sockets among which one that ended is sought before one that lives is forgotten."""
TOLD = 3.0
"""Seconds in which it is told that ends have no socket any more."""
HOLES = 1_000
"""Times remembered at which facts were missed."""
TOGETHER = 1.0
"""Seconds within which two living sockets with the same ends are of one flow (UDP: several receivers)."""


class Found(NamedTuple):
    """The answer for one end of a flow."""

    holders: Holders
    source: str
    distance: float
    """Seconds from the flow's start to the first that was known of this socket; 0: known by then."""
    listener: bool = False
    """The socket is the one that listens: who accepted, or will, is not known."""


class Cookies:
    """Learns facts; answers for flows."""

    def __init__(self) -> None:
        self._socks: OrderedDict[int, Sock] = OrderedDict()
        self._ties: OrderedDict[Key, list[tuple[float, int]]] = OrderedDict()
        self.touched: set[Key] = set()
        """Ends of which something is new since `settle`."""
        self._over: dict[Key, float] = {}
        """Ends of which no socket lives any more → since when."""
        self.since: float | None = None
        """From then on the source missed nothing; None: there is none."""
        self._until: float | None = None
        """When the watch stopped; None: it goes on."""
        self.lost = 0
        self.evicted = 0
        self._space, self._complete = 0, False
        self._hole = float("-inf")
        """Of what was told before this time something may be missing."""
        self._turn = 0
        """How often facts were missed."""
        self._holes: OrderedDict[int, float] = OrderedDict()
        """From when on, by how often before."""
        self._forgot = False
        """A socket that lived was forgotten."""
        self._source = ""
        self._through = float("inf")
        """What happened later is not told yet."""
        self.watched = False
        """A source of facts is at work, whether it tells of all sockets or not."""

    def learn(self, facts: Facts) -> None:
        """Take facts in, in their order."""
        if self._until is not None:
            self._interrupted(self._until)
        if facts.stepped:
            self._shift(facts.stepped)
        if facts.lost > self.lost:
            self._hole = facts.at
        self.since, self.lost, self._source = facts.since if facts.whole else None, facts.lost, facts.source
        self._space, self._complete = facts.space, facts.complete
        self._through, self.watched = facts.through, True
        for fact in facts.facts:
            self._take(fact)
        self._bound(facts.at)
        if facts.until is not None:
            self.quiet(facts.until)

    def _take(self, fact: Fact) -> None:
        if isinstance(fact, Tied):
            self._tie(fact)
        elif isinstance(fact, Held):
            self._hold(fact)
        elif isinstance(fact, Ended):
            self._end(fact)
        else:
            self._miss(fact)

    def __contains__(self, ends: object) -> bool:
        """Whether a socket with these ends is known."""
        return ends in self._ties

    @property
    def known(self) -> bool:
        """Whether any socket's ends are known, told of by a source of facts."""
        return bool(self._ties)

    def quiet(self, at: float) -> None:
        """From now on nobody watches: of flows that begin later nothing is known here."""
        self._through = float("inf")
        if self.watched:
            self.since, self._until, self.watched = None, at, False

    def _interrupted(self, at: float) -> None:
        """The watch begins anew: what lived when it stopped may have ended since; what lives is told again."""
        self._until = None
        for sock in self._socks.values():
            sock.ended = sock.ended or at

    def _shift(self, by: float) -> None:
        """The clock was set: what is remembered happened as long ago as before."""
        for sock in self._socks.values():
            sock.ended = sock.ended + by if sock.ended else 0.0
            sock.holds = [hold._replace(since=hold.since + by) for hold in sock.holds]
        self._ties = OrderedDict(
            (ends, [(at + by, cookie) for at, cookie in ties]) for ends, ties in self._ties.items()
        )
        self._over = {ends: at + by for ends, at in self._over.items()}
        self._hole += by
        self._holes = OrderedDict((turn, at + by) for turn, at in self._holes.items())

    def settle(self) -> None:
        """What is new was looked at."""
        self.touched.clear()

    def _sock(self, cookie: int) -> Sock:
        sock = self._socks.get(cookie)
        if sock is None:
            sock = self._socks[cookie] = Sock(self._turn)
        return sock

    def _miss(self, fact: Missed) -> None:
        self._holes[self._turn] = fact.at
        self._turn += 1
        self._hole = max(self._hole, fact.at + fact.seconds)
        if len(self._holes) > HOLES:
            self._holes.popitem(last=False)

    def _doubted(self, sock: Sock, when: float) -> bool:
        """Whether it may have ended unseen before this time."""
        return not sock.ended and sock.turn < self._turn and when > self._holes.get(sock.turn, float("-inf"))

    def _tie(self, fact: Tied) -> None:
        ends = fact.ends
        ties = self._ties.get(ends)
        if ties is None:
            ties = self._ties[ends] = []
        sock = self._sock(fact.cookie)
        sock.turn = self._turn
        sock.space = fact.space or sock.space
        sock.listens |= fact.listens
        if all(cookie != fact.cookie for _, cookie in ties):
            ties.append((fact.at, fact.cookie))
            self._over.pop(ends, None)
            if len(ties) > REUSED:
                ties[:-REUSED] = [tie for tie in ties[:-REUSED] if not self._ended(tie[1])]
            if len(sock.ends) < PEERS:
                sock.ends.append(ends)
            self.touched.add(ends)

    def _hold(self, fact: Held) -> None:
        sock = self._sock(fact.cookie)
        sock.turn = self._turn
        sock.space = fact.space or sock.space
        sock.hold(fact)
        sock.ended = 0.0 if fact.at > sock.ended else sock.ended
        self.touched.update(sock.ends)

    def _end(self, fact: Ended) -> None:
        sock = self._sock(fact.cookie)
        sock.ended = fact.at
        if not sock.holds and fact.owner is not None:  # accepted, and never seen to be used: whoever closed it
            sock.holds.append(Hold(fact.owner, fact.at, used=False))
            sock.answer = None
        self.touched.update(sock.ends)
        for ends in sock.ends:
            if all(self._ended(cookie) for _, cookie in self._ties.get(ends, ())):
                self._over[ends] = fact.at

    def _ended(self, cookie: int) -> bool:
        sock = self._socks.get(cookie)
        return sock is None or sock.ended > 0 or sock.turn < self._turn

    def over(self, before: float) -> frozenset[Key]:
        """Ends of which the last socket ended before this time, and not long before."""
        for ends in [ends for ends, at in self._over.items() if at < before - TOLD]:
            del self._over[ends]
        return frozenset(ends for ends, at in self._over.items() if at < before)

    def _bound(self, now: float) -> None:
        while len(self._socks) > MOST:
            self._forget_one()
        while len(self._ties) > MOST:
            self._ties.popitem(last=False)
            self.evicted, self._hole = self.evicted + 1, now

    def _forget_one(self) -> None:
        """The longest known one, of the first few one that ended, if there is any."""
        for _ in range(LOOKED_AT):
            cookie, sock = self._socks.popitem(last=False)
            if sock.ended:
                break
            self._socks[cookie] = sock
        else:
            _, sock = self._socks.popitem(last=False)
            self._forgot = True
        self._drop(sock)
        self.evicted += 1

    def _drop(self, sock: Sock) -> None:
        for ends in sock.ends:
            left = [tie for tie in self._ties.get(ends, ()) if tie[1] in self._socks]
            if left:
                self._ties[ends] = left
            else:
                self._ties.pop(ends, None)

    def forget(self, before: float) -> None:
        """Sockets that ended before this time; some are looked at each time."""
        for _ in range(min(len(self._socks), SWEEP)):
            cookie, sock = self._socks.popitem(last=False)
            if 0 < sock.ended < before:
                self._drop(sock)
            else:
                self._socks[cookie] = sock

    def missed(self, began: float, ends: Key = b"") -> bool:
        """Whether the source may have lost, or this forgot, what it told of a flow that began then."""
        if self._forgot or began <= self._hole:
            return True
        socks = (self._socks.get(cookie) for _, cookie in self._ties.get(ends, ()))
        return any(sock is not None and self._doubted(sock, began) for sock in socks)

    def behind(self, began: float) -> bool:
        """Whether what happened then is still to be told."""
        return began > self._through + SLACK

    def nobody(self, ends: Key) -> bool:
        """A socket has these ends, and no process ever had it, as far as was told."""
        socks = [self._socks[cookie] for _, cookie in self._ties.get(ends, ()) if cookie in self._socks]
        return bool(socks) and not any(sock.holds for sock in socks)

    def all_told(self, ends: Key) -> bool:
        """Whether whoever had the sockets with these ends would have been told, also of what was there before."""
        socks = [self._socks[cookie] for _, cookie in self._ties.get(ends, ()) if cookie in self._socks]
        return self._complete and all(sock.space in (0, self._space) for sock in socks)

    def closing(self, ends: Key) -> bool:
        """Whether the sockets with these ends were over before anybody was seen to have them."""
        socks = [self._socks[cookie] for _, cookie in self._ties.get(ends, ()) if cookie in self._socks]
        return bool(socks) and all(sock.ended and not sock.holds for sock in socks)

    def find(self, ends: Key, began: float, proto: int, *, here: bool, heard: float = 0.0) -> Found | None:
        """Who had the socket with these ends when a flow began; None: no socket is known, or nobody had it, or one in
        each of several network namespaces could be meant. `here`: the address is this namespace's own; `heard`: when
        the flow's last packet came: whoever had a datagram socket with these ends until then has a part in it."""
        if (self._until is not None and began > self._until) or self.behind(began):
            return None
        fitting = [
            (at, sock)
            for at, cookie in self._ties.get(ends, ())
            if (sock := self._socks.get(cookie)) is not None and not 0 < sock.ended < began - SLACK
            if not self._doubted(sock, began - SLACK) and not (0 < heard < at - SLACK and began <= self._hole)
        ]
        if here and self._space:
            fitting = [(at, sock) for at, sock in fitting if sock.space in (0, self._space)]
        elif len({sock.space for _, sock in fitting if sock.space}) > 1:
            return None
        if not fitting:
            return None
        begun = sum(at <= began + SLACK for at, _ in fitting)
        first = last = max(0, begun - 1)
        while last + 1 < len(fitting) and (
            self._goes_over(fitting[last], fitting[last + 1], proto) or (proto != TCP and fitting[last + 1][0] <= heard)
        ):
            last += 1
        while first and self._goes_over(fitting[first - 1], fitting[first], proto):
            first -= 1
        at = fitting[first][0]
        socks = [sock for _, sock in fitting[first : last + 1]]
        holders = of_all(socks, proto, began)
        if not holders:
            return None
        listener = proto == TCP and next(sock for sock in reversed(socks) if sock.holds).listens
        return Found(holders, self._source, 0.0 if begun else max(0.0, at - began), listener)

    def _goes_over(self, one: tuple[float, Sock], other: tuple[float, Sock], proto: int) -> bool:
        """The second socket took the flow over from the first, which lives on: a listener's accepted one. If the first
        had ended, the second is another flow's."""
        if 0 < one[1].ended < other[0]:
            return False
        if proto == TCP:
            return one[1].listens
        return other[0] - one[0] < TOGETHER and not self._doubted(one[1], other[0])
