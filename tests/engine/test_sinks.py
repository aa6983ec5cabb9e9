from __future__ import annotations

from threading import Event, Lock
from typing import Any

from ratop_py.capture.kept import Kept
from ratop_py.engine.sinks import KeepingSink, LockedSink, PacedSink
from tests.helpers import frames as f


class Tape:
    """A sink of one-byte records: record n happened at n seconds."""

    def __init__(self, lock: Lock | None = None) -> None:
        self.time = 0
        self.lock = lock
        self.locked: list[bool] = []
        self.asked: list[int] = []

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        self.locked.append(bool(self.lock and self.lock.locked()))
        self.asked.append(limit - off)
        reached = min(len(buf), limit)
        self.time = reached * 1_000_000_000
        return reached

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        return self.feed_pcap(buf, off, limit, 0, 1, 0)

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        self.locked.append(bool(self.lock and self.lock.locked()))
        return 1

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        self.locked.append(bool(self.lock and self.lock.locked()))


def test_every_way_in_holds_the_lock_and_gives_it_back() -> None:
    lock = Lock()
    tape = Tape(lock)
    sink = LockedSink(tape, lock)
    sink.feed_pcap(b"abc", 0, 9, 0, 1, 0)
    sink.feed_pcapng(b"abc", 0, 9, False, None)
    sink.feed_ring(b"", 0, 0, 1, 0, False)
    sink.feed_frame(b"", 0, 0, 1, 0)
    assert tape.locked == [True] * 4
    assert not lock.locked()


def test_what_a_wire_gives_is_kept_and_goes_on_its_way() -> None:
    tape, kept = Tape(), Kept(1 << 20)
    sink = KeepingSink(tape, kept)
    block = f.ring_block([(5, b"a" * 60), (6, b"b" * 60)])
    assert sink.feed_ring(block, 0, len(block), 1, 0, False) == 1
    sink.feed_frame(b"c" * 60, 1500, 7, 1, 0)
    assert [(frame.ts, frame.data[:1]) for frame in kept.frames()] == [(5, b"a"), (6, b"b"), (7, b"c")]
    assert len(tape.locked) == 2


class Waits(Event):
    """An Event whose wait moves a clock instead of waiting."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def wait(self, timeout: float | None = None) -> bool:
        self.now += (timeout or 0) * 1e9
        return self.is_set()


def test_a_packet_is_not_fed_before_its_time() -> None:
    tape, stop = Tape(), Waits()
    sink = PacedSink(tape, lambda: tape.time, lambda: stop.now, stop)
    for reached in range(5):
        assert sink.feed_pcap(b"x" * 5, reached, 5, 0, 1, 0) == reached + 1  # the source knows where it is
    assert stop.now >= 4e9  # the fifth waited for the time of the fourth


def test_a_replay_that_is_behind_catches_up_packet_by_packet() -> None:
    tape, stop = Tape(), Waits()
    stop.now = 1e12
    sink = PacedSink(tape, lambda: tape.time, lambda: stop.now, stop)
    assert sink.feed_pcap(b"x" * 200, 0, 200, 0, 1, 0) == 200
    assert tape.asked == [1] * 200
    assert stop.now == 1e12


def test_stopping_ends_a_replay_at_once() -> None:
    tape, stop = Tape(), Waits()
    stop.set()
    assert PacedSink(tape, lambda: tape.time, lambda: stop.now, stop).feed_pcap(b"xx", 0, 2, 0, 1, 0) == 0


def test_a_source_that_gives_nothing_does_not_spin() -> None:
    tape, stop = Tape(), Waits()
    assert PacedSink(tape, lambda: tape.time, lambda: stop.now, stop).feed_pcap(b"", 0, 9, 0, 1, 0) == 0
