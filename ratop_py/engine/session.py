"""One engine at work: sources feed the table, a tick looks at what changed, readers ask.

Promise: one writer. The tick alone writes notes; readers get copies made under the lock, and keep them as long as
they like. Capture holds the table's lock for one block at a time and waits for nobody.
Does not know: screens, formats.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from threading import Event, Lock

import numpy as np

from ratop_py.capture.kept import Kept
from ratop_py.capture.source import Sink, Source
from ratop_py.engine.again import Again
from ratop_py.engine.answers import Answers
from ratop_py.engine.chronicle import Chronicle
from ratop_py.engine.crew import Crew
from ratop_py.engine.cuts import Cuts
from ratop_py.engine.ledger import Ledger
from ratop_py.engine.lookback import Lookback
from ratop_py.engine.meters import measure
from ratop_py.engine.minute import SECONDS
from ratop_py.engine.pace import Pace
from ratop_py.engine.pulses import Pulses
from ratop_py.engine.records import Records
from ratop_py.engine.settings import FILE_CAPACITY, LIVE_CAPACITY, TIMEOUTS, Settings
from ratop_py.engine.sinks import KeepingSink, LockedSink, PacedSink
from ratop_py.engine.wires import World, open_world
from ratop_py.errors import RatopError
from ratop_py.flow.flows import Flows, Index, Rows, copied, pick
from ratop_py.flow.layout import Cause, Life
from ratop_py.flow.table import Table
from ratop_py.privilege import give_up
from ratop_py.view import Answer, Meters, Snapshot, View, answer

SWEEP = 50_000
"""Rows that one tick looks at for idle flows."""
WAIT = 0.2
"""Seconds a capture thread waits for a block before it looks whether to stop."""
LINGER = 0.15
"""Seconds in which packets of the last moment reach the table: the ring hands its blocks over every 0.1 s."""
SECOND = 1_000_000_000
UNCOMPILED = "pure-Python engine: not compiled, about eighty times slower; `ratop doctor` tells how to compile it"


class Engine:
    """Call `start`, then `ask` as often as you like, then `stop`; or `run_to_end` for a file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        capacity = settings.capacity or (FILE_CAPACITY if settings.files else LIVE_CAPACITY)
        self.table = Table(capacity, inner=settings.inner)
        self.ledger = Ledger(capacity)
        self.chronicle = Chronicle(capacity, settings.history_bytes if self._windowed else 0)
        self._pace = Pace(settings.speed, settings.skip, time.monotonic_ns, self.table.engine.clock, self._first)
        self.world: World | None = None
        self._capacity = capacity
        self._kept = Kept(settings.keep_packets) if settings.keep_packets else None
        self._records: Records | None = None
        self._state, self._reason = "starting", ""
        self._stop = Event()
        self._crew = Crew(self._stop)
        self._desk = Lock()  # one tick, or one copy for a reader, at a time
        self._generation = 0
        self._published: tuple[int, Flows, Meters] | None = None
        self._held: tuple[int, Flows, Meters] | None = None
        self._back = Lookback(self.chronicle.past, self._tables)
        self._answers = Answers()
        self._rows: tuple[str, Rows] | None = None
        """The rows that the last tick looked at, a copy, and the state it was made in."""
        self._hand = 0
        self._running = 0
        self._began = self._ticked = self._last = self._cost = 0

    # -- life ----------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open the sources and start the threads. RatopError: nothing was opened. To be called in the first thread, if
        privileges are to be given up."""
        world = self._open()
        self._state = "live" if world.live else "replay"
        self._running = len(world.sources)
        world.events.start()
        for source in world.sources:
            self._crew.begin(f"capture {source.name}", self._capture, source)
        self._crew.begin("tick", self._tick_for_ever)

    def run_to_end(self) -> None:
        """Read all files in this thread, then correlate and assess once."""
        world = self._open()
        self._state = "replay"
        for source in world.sources:
            while source.step(self.table.engine, WAIT):
                self._hear()
        self._state = "done"
        self.tick(self.now())

    def stop(self) -> None:
        """End all threads, close all sources. Twice is fine."""
        self._crew.end()
        if self.world:
            self.world.events.stop()
            for source in self.world.sources:
                source.close()

    def _open(self) -> World:
        self.world = open_world(self.settings, self._file_clock, Cuts(self.table).told)
        if self.settings.give_up:
            give_up()
        self.table.engine.listen(self.settings.heard)
        self._began = 0 if self.settings.files else time.time_ns()
        self._ticked = time.monotonic_ns()
        return self.world

    # -- capture -------------------------------------------------------------------------------------------------------

    def _capture(self, source: Source) -> None:
        sink = self._sink(source)
        try:
            while not self._stop.is_set() and source.step(sink, WAIT):
                if not source.live:
                    self._hear()
        except RatopError as error:
            self._state, self._reason = "gone", error.message
        self._running -= 1
        if not self._stop.is_set() and not source.live and not self._running and self._state == "replay":
            self._state = "done"

    def _hear(self) -> None:
        """Read what a file says of names before more of it comes, so that nothing of it is missed."""
        assert self.world is not None
        with self._desk, self.table.lock:
            self.ledger.hear(self.table.engine.take_heard(), self.table.rows, self.world.host(self.now()))

    def _sink(self, source: Source) -> Sink:
        sink: Sink = LockedSink(self.table.engine, self.table.lock)
        if source.live and self._kept is not None:
            sink = KeepingSink(sink, self._kept)
        if source.live or not self.settings.speed:
            return sink
        return PacedSink(sink, self.table.engine.clock, self._pace.due, self._stop)

    def _first(self) -> int:
        """Packet time of the first packet; 0 before it."""
        self._began = self._began or self.table.engine.clock()
        return self._began

    # -- the tick ------------------------------------------------------------------------------------------------------

    def now(self) -> int:
        """The data clock, ns: the wall's live, the packets' in a file."""
        return time.time_ns() if not self.settings.files else self.table.engine.clock()

    def _file_clock(self) -> int:
        """Packet time for listings beside a file; 0 where the whole file is read at once: all are told."""
        return self.table.engine.clock() if self.settings.speed and self._state != "done" else 0

    def _tick_for_ever(self) -> None:
        while not self._stop.wait(self._pace.rest(self.settings.tick, self._cost / SECOND)):
            finished = self._state == "done"
            self.tick(self.now())
            if finished:
                return

    def tick(self, now: int) -> None:
        """Look at what changed since the last tick: expire, correlate, assess, rates."""
        world = self.world
        assert world is not None
        final = self._state == "done"
        elapsed = time.monotonic_ns() - self._ticked
        self._ticked += elapsed
        with self._desk:
            host = world.host(now)
            with self.table.lock:
                if world.live or self.settings.speed:
                    self._expire(now)
                epoch = self.table.engine.epoch
                index = self.table.changed(epoch)
                self.table.engine.epoch = epoch + 1
                rows = self.table.rows if final else copied(self.table.rows)
                kept = self.table.engine.take_heard()
            self.ledger.hear(kept, rows, host)
            listings = world.events.take()  # after the rows: what the kernel told is never behind its packets
            self.ledger.owners.beside.learn(world.aside(), now / 1e9)
            seconds = self._passed(elapsed, now)
            if self._windowed or not final:
                self.ledger.look(index, rows, listings, host, now, seconds)
                listings = ()
            if final:
                self.ledger.look(index, rows, listings, host, now, seconds, final=True)
            else:
                self._end(self.ledger.unsocketed(rows, now), rows)
            self.ledger.compact(len(rows))
            if self._windowed:
                self.chronicle.mark(rows, self.ledger, now, final=final)
            self._rows = None if final else (self._state, rows)
            self._generation += 1
        self.chronicle.settle()
        self._pace.looked(now)
        self._cost = time.monotonic_ns() - self._ticked

    def _end(self, over: Index, rows: Rows) -> None:
        """Flows without a socket, unless they were heard since these rows were copied."""
        with self.table.lock:
            for row in over.tolist():
                if (self.table.rows["last"][row] == rows["last"][row]).all():
                    self.table.engine.end(row, Cause.CLOSED)

    def _passed(self, elapsed: int, now: int) -> float:
        """Seconds of the data clock since the last tick."""
        packets, self._last = now - (self._last or self._began or now), now
        seconds = elapsed / SECOND
        return self._pace.passed(packets / SECOND, seconds) if self.settings.files else seconds

    def _expire(self, now: int) -> None:
        """End idle flows among the next rows under the clock hand; give back what ended long enough ago."""
        engine, used = self.table.engine, self.table.engine.used()
        if not used:
            return
        engine.idle(self._hand, min(SWEEP, used), now, TIMEOUTS)
        self._hand = (self._hand + SWEEP) if self._hand + SWEEP < used else 0
        over = self.ledger.over(self.table.rows, now, self.settings.keep_ended)
        if self._records is not None and len(over):
            over = over[self._records.told(over, self.table.rows[over])]
        self.chronicle.left(self.table.rows, self.ledger.notes, over, now)
        for row in over.tolist():
            engine.release(row)
        self.ledger.forget(over)

    # -- readers -------------------------------------------------------------------------------------------------------

    def ask(self, view: View) -> Snapshot:
        """The answer to a view, of now or of the moment that it asks for."""
        generation, flows, meters = self._seen(view)
        return self._answers.snapshot(flows, view, meters, generation, self._rates())

    def answer(self, view: View) -> Answer:
        """The whole answer, to be read piece by piece."""
        generation, flows, meters = self._seen(view)
        return answer(flows, view, meters.clock, meters, generation, self._rates())

    def _seen(self, view: View) -> tuple[int, Flows, Meters]:
        generation, flows, meters = self._held or self._publish()
        shown = replace(meters, state="paused" if self._held else meters.state)
        return generation, *self._back.seen(view.at, flows, shown)

    def _tables(self) -> Flows:
        return self.ledger.tables(self._interfaces(), self._srcid())

    def _rates(self) -> Pulses | None:
        return self.chronicle.pulses if self._windowed else None

    def packets(self) -> Again:
        """The packets of the flows, once more, where they are still there."""
        return Again(self.settings, self._kept, self._interfaces)

    def meters(self) -> Meters:
        """The state of the program."""
        return self._publish()[2]

    def hold(self, held: bool) -> None:
        """Pause: readers go on seeing what is there now, whatever they ask. Capture goes on; a file that is played
        stands still."""
        self._pace.hold(held)
        self._held = self._publish() if held else None

    def called(self, address: str, name: str, *, sure: bool) -> None:
        """An address has a name, somebody was told who asked."""
        with self._desk:
            self.ledger.naming.told(address, name, self.now(), sure=sure)

    def pace(self, speed: float) -> None:
        """Play a file at another speed from here on; 0: as fast as can be. RatopError: nothing is played."""
        self._pace.change(speed)

    def records(
        self, view: View, interval: float, waiting: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Iterator[Answer]:
        """Every interval what happened since each flow's last record; one more after `stop`, or a KeyboardInterrupt
        in the wait; `waiting` is entered for it."""
        self._records = Records(self._capacity)
        self.chronicle.minutes_only()
        going = True
        while going:
            try:
                with waiting():
                    going = not self._stop.wait(interval)
            except KeyboardInterrupt:
                going = False
            if not going and self.world is not None and self.world.live:
                time.sleep(LINGER)
            yield self._take_records(view, final=not going)

    def _take_records(self, view: View, *, final: bool) -> Answer:
        """What a tick has looked at, its owners known if they can be; at the end all there is."""
        self._crew.check()
        now = self.now()
        self.tick(now)
        assert self._records is not None
        with self._desk:
            with self.table.lock:
                rows = self.table.rows
                seen = (self.ledger.notes["id"][: len(rows)] == rows["id"]) & ~self.ledger.unripe(rows, now)
                used = np.flatnonzero((rows["life"] != Life.FREE) & (seen | final))
                index, told = self._records.take(used, pick(self.table.rows, used))
                for row in index.tolist():
                    self.table.engine.take_mark(row)
            flows = self.ledger.flows(told, pick(self.ledger.notes, index), self._interfaces(), self._srcid())
        return answer(flows, view, now / SECOND)

    def _publish(self) -> tuple[int, Flows, Meters]:
        """The flows of the last tick; copied once a generation, by the first reader who asks."""
        self._crew.check()
        with self._desk:
            if (
                self._published is None
                or self._published[0] != self._generation
                or self._published[2].state not in (self._state, "gone")
            ):
                flows = self._copy()
                self._published = (self._generation, flows, self._measure(flows))
            return self._published

    def _copy(self) -> Flows:
        """Rows and notes of all flows: the rows that the tick looked at, which nobody changes any more; of a file read
        to its end all of it is at rest and needs no copy."""
        finished = self._state == "done" and not self.settings.speed
        rows = self._at_rest(finished)
        notes = self.ledger.notes[: len(rows)]
        known = rows["life"] != Life.FREE
        if not finished:
            known &= notes["id"] == rows["id"]  # a flow that no tick has looked at yet is not shown yet
        if not known.all():
            index = np.flatnonzero(known)
            rows, notes = pick(rows, index), pick(notes, index)
        elif not finished:
            notes = copied(notes)
        return self.ledger.flows(rows, notes, self._interfaces(), self._srcid())

    def _at_rest(self, finished: bool) -> Rows:
        if self._rows is not None and self._rows[0] == self._state:
            return self._rows[1]
        with self.table.lock:
            return self.table.rows if finished else copied(self.table.rows)

    @property
    def _windowed(self) -> bool:
        """Flows come and go: what was heard is told of the last minute, not of all that was read."""
        return not self.settings.files or self.settings.speed > 0

    def _interfaces(self) -> tuple[str, ...]:
        return self.world.interfaces if self.world is not None else ()

    def _srcid(self) -> str:
        assert self.world is not None
        return self.world.host(self.now()).srcid

    def _measure(self, flows: Flows) -> Meters:
        assert self.world is not None
        troubles = self.world.troubles
        away = self._state == "live" and len(troubles) == len(self.world.sources)
        now = self.now()
        measured = measure(
            flows,
            counters={**self.table.counters(), "names_evicted": self.ledger.naming.book.evicted},
            sources=self.world.sources,
            events=self.world.events.health(),
            state="gone" if away else self._state,
            reason=self._reason or "; ".join(troubles),
            clock=now / SECOND,
            began=self._began / SECOND,
            compiled=self.table.compiled,
            notices=self.world.notices if self.table.compiled else (UNCOMPILED, *self.world.notices),
            evicted=self.ledger.owners.evicted + self.ledger.owners.cookies.evicted,
            minute=self.chronicle.minute.coverage(flows, now, SECONDS if self._windowed else 0.0),
        )
        return replace(
            measured,
            oldest=self.chronicle.oldest,
            pulse=self.chronicle.pulses.totals(),
            speed=self._pace.speed if self._state == "replay" else 0.0,
            position=self.world.position(),
        )
