"""The kernel's tracepoints as a source: TCP sockets of every network namespace at the time.

Promise: records wait in bounded rings and facts in a bounded queue; what finds no room is counted, and nothing is
concluded over such a hole. Facts are not of all sockets: what is no TCP is not told. This is one of the leaves that
read a clock. Does not know: flows.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from ratop_py.events.fact import Fact, Facts, Missed
from ratop_py.events.past import Past
from ratop_py.events.poller import suspended
from ratop_py.events.process import login
from ratop_py.events.relay import Relay
from ratop_py.events.socket import Health
from ratop_py.events.tracefs import record as told
from ratop_py.events.tracefs.place import Layout, Place
from ratop_py.events.tracefs.record import Changed, Execed, Exited, Forked, Lost, Reader, Record, Used, cut
from ratop_py.events.tracefs.rings import Ring, Rings, Tap
from ratop_py.events.tracefs.sockets import Sockets
from ratop_py.flow.flows import Owner

EVERY = 0.25
"""Seconds between two readings of the rings, at least: whoever takes facts has them read, too."""
SOON, MANY = 0.05, 200
"""Seconds, and facts of one reading after which the next is so soon: whoever asks shall not wait long."""
PATIENCE = 0.3
"""Seconds that whoever takes facts waits for the rings to be read."""
UNSETTLED = 5_000_000
"""ns in which another processor may still write a record of an earlier time."""
MOST_USES = 1 << 19
"""Bytes of one ring of uses that are looked at in one reading; the rest is left out, counted: it mostly repeats."""
TELLING = "protocol == 6 && newstate != 5 && newstate != 6 && newstate != 8 && newstate < 11"
"""Not the states of a connection's end that only its packets lead to."""
INET_ONLY = "(family == 2 || family == 10) && protocol == 6"
NAME = "tracefs"
WITHOUT = "no sock_send_length here (Linux 6.3): who accepted is known when it closes"
AT = attrgetter("at")


class Tracefs:
    """An `events.socket.EventSource`. OSError, LookupError: this kernel, or these privileges, do not allow it."""

    def __init__(self) -> None:
        state, uses, execed = _layouts()
        self._reader, self._uses = Reader(state, uses, execed), bool(uses)
        self._rings = Rings(
            (Tap(state.number, TELLING), Tap(execed.number)), tuple(Tap(each.number, INET_ONLY) for each in uses)
        )
        began = time.monotonic_ns()
        self._since = time.time()
        self._relay = Relay(NAME, self, PATIENCE)
        self.past = Past(login, lambda: self._relay.booted + suspended(), suspended)
        """Who processes were; others may tell it more."""
        self._sockets = Sockets(began, self._owner, self._wall)
        self._offset = 0.0
        """Seconds to be added to a time for one since the epoch."""
        self._owners: dict[int, Owner | None] = {}
        """Whose a number is, in one reading, after what happened with it."""
        self._moved: dict[int, int] = {}
        """Process → when something happened with it last, in one reading."""
        self._early: list[Changed | Used] = []
        """Records that are too young to be sure of their order."""
        self._heard_until = began
        self._holes: list[tuple[int, int]] = []
        """From when to when something may be missing, until they are passed."""
        self._lost = 0

    def start(self) -> None:
        """Begin to read."""
        self._relay.start()

    def take(self) -> Sequence[Facts]:
        """Facts since the last call; what the kernel told until a moment ago is among them."""
        taken = self._relay.take()
        self._since += taken.stepped
        lost, at = self._lost + self._relay.dropped, time.time()
        return (Facts(NAME, self._since, lost, taken.facts, at, stepped=taken.stepped, until=taken.ended, whole=False),)

    def health(self) -> Health:
        """How it does now."""
        lost = self._lost + self._relay.dropped
        words = ("TCP by tracepoints", "" if self._uses else WITHOUT, f"{lost:,} records lost" if lost else "")
        return Health(
            NAME,
            ok=not self._relay.failure,
            words=self._relay.failure or "; ".join(filter(None, words)),
            listings=self._relay.told,
            cost=self._relay.cost,
            dropped=lost,
        )

    def stop(self) -> None:
        """End, and take the rings out of the kernel."""
        self._relay.stop()

    # -- in the thread -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Nothing is looked at before."""

    def read(self) -> float:
        """Read the rings."""
        found = tuple(self._facts())
        if not self._relay.offer(found):
            self._sockets.doubt()
        return SOON if len(found) >= MANY else EVERY

    def close(self) -> None:
        """Take the rings out of the kernel."""
        self._rings.close()

    # -- from records to facts -----------------------------------------------------------------------------------------

    def _facts(self) -> Iterator[Fact]:
        """What was told until a moment ago, of all processors in the order of time."""
        horizon = time.monotonic_ns() - UNSETTLED
        self._offset = self._relay.booted + suspended()
        self._owners.clear()
        lives, found = list[Record](), list[Changed | Used](self._early)
        holes: list[tuple[int, int]] = []
        for ring in self._rings.lives:
            lives += self._told_by(ring, holes)
        self._of_lives(lives, sorted(last for _, last in holes))
        found += (each for each in lives if isinstance(each, Changed))
        lost, before, torn = self._lost, self._heard_until, False
        for ring in self._rings.uses:
            found += self._used_by(ring)
            torn |= ring.full
        found.sort(key=AT)
        sure = bisect_right(found, horizon, key=AT)
        self._early = found[sure:]
        self._holes = sorted(self._holes + holes)
        self._heard_until = horizon
        for record in found[:sure]:
            yield from self._passed(record.at)
            if not any(first <= record.at for first, _ in self._holes):
                yield from self._sockets.facts(record)
        yield from self._passed(horizon)
        if self._lost > lost or torn:  # the lives of sockets are known all the same, so they go on
            self._sockets.doubt()
            yield Missed(self._wall(before), (horizon + UNSETTLED - before) / 1e9)

    def _told_by(self, ring: Ring, holes: list[tuple[int, int]]) -> Iterator[Record]:
        """Records of one processor; `holes` grows by where some were lost."""
        before = self._heard_until
        for record in self._reader.records(ring.take()):
            if isinstance(record, Lost):
                self._lost += record.many
                holes.append((before, record.at))
            else:
                before = record.at
                yield record
        if ring.full:
            holes.append((before, time.monotonic_ns()))

    def _used_by(self, ring: Ring) -> Iterator[Used]:
        """Uses of one processor; what is lost or left out of them is counted."""
        data, left_out = cut(ring.take(), MOST_USES)
        self._lost += left_out
        for record in self._reader.records(data):
            if isinstance(record, Lost):
                self._lost += record.many
            elif isinstance(record, Used):
                yield record

    def _of_lives(self, records: list[Record], holes: list[int]) -> None:
        """Processes began, became other programs, ended; at the end of a hole nothing is known."""
        records.sort(key=AT)
        self._moved = {record.pid: record.at for record in records if isinstance(record, Forked | Execed)}
        for record in records:
            while holes and holes[0] < record.at:
                self.past.missed()
                del holes[0]
            at = record.at / 1e9
            if isinstance(record, Forked):
                self.past.forked(at, record.pid, record.parent)
            elif isinstance(record, Execed):
                self.past.execed(at, record.pid, record.path)
            elif isinstance(record, Exited):
                self.past.exited(at, record.pid)
        if holes:
            self.past.missed()

    def _passed(self, at: int) -> Iterator[Fact]:
        """Holes that are over by this time."""
        while self._holes and self._holes[0][1] < at:
            yield from self._sockets.missed(self._holes.pop(0)[1])

    def _owner(self, pid: int, at: int) -> Owner | None:
        if pid in self._owners:
            return self._owners[pid]
        found = self.past.owner(pid, at / 1e9, time.monotonic())
        if at > self._moved.get(pid, 0):
            self._owners[pid] = found
        return found

    def _wall(self, at: int) -> float:
        return self._offset + at / 1e9


def _layouts() -> tuple[Layout, tuple[Layout, ...], Layout]:
    """Of the tracepoints of states, of uses (Linux 6.3, else none), of programs."""
    place = Place()
    try:
        try:
            uses = tuple(place.layout(each, told.USE_FIELDS) for each in told.USES)
        except (FileNotFoundError, LookupError):
            uses = ()
        return place.layout(told.STATE, told.STATE_FIELDS), uses, place.layout(told.EXEC, told.EXEC_FIELDS)
    finally:
        place.close()
