"""What stands between a source and the compiled engine: the lock, a copy to keep, and the pace of a replay.

Promise: the table's lock is held for one block at a time, never while waiting.
Does not know: where frames come from, what the engine makes of them.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from threading import Event, Lock
from typing import Any

from ratop_py.capture.kept import Kept
from ratop_py.capture.source import Sink

LONGEST_WAIT = 0.02
"""Seconds between two looks at whether the next packet is due."""
BURST = 256
"""Packets after which it is looked again what is due, where many are."""


class LockedSink:
    """Takes the lock for each block."""

    def __init__(self, inner: Sink, lock: Lock) -> None:
        self._inner = inner
        self._lock = lock

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        """As `Sink.feed_pcap`, locked."""
        with self._lock:
            return self._inner.feed_pcap(buf, off, limit, variant, linktype, iface)

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        """As `Sink.feed_pcapng`, locked."""
        with self._lock:
            return self._inner.feed_pcapng(buf, off, limit, big_endian, interfaces)

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        """As `Sink.feed_ring`, locked."""
        with self._lock:
            return self._inner.feed_ring(ring, off, size, linktype, iface, skip_outgoing)

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """As `Sink.feed_frame`, locked."""
        with self._lock:
            self._inner.feed_frame(frame, wire, ts, linktype, iface)


class KeepingSink:
    """Keeps a copy of what a wire gives, before the table's lock is asked for."""

    def __init__(self, inner: Sink, kept: Kept) -> None:
        self._inner = inner
        self._kept = kept
        self.feed_pcap, self.feed_pcapng = inner.feed_pcap, inner.feed_pcapng
        """Files are there to be read again."""

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        """A block, whole."""
        self._kept.add_block(ring, off, size, linktype, iface, skip_outgoing=skip_outgoing)
        return self._inner.feed_ring(ring, off, size, linktype, iface, skip_outgoing)

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """One frame."""
        self._kept.add_frame(frame, wire, ts, linktype, iface)
        self._inner.feed_frame(frame, wire, ts, linktype, iface)


class PacedSink:
    """Feeds a file's packets one by one, each when its time has come; those that may come at once in one call, but not
    many, so that the source knows how far it is while the next one waits."""

    def __init__(self, inner: Sink, clock: Callable[[], int], due: Callable[[], float], stop: Event) -> None:
        """`clock`: packet time reached, ns. `due`: packet time that may be reached now, ns."""
        self._inner = inner
        self._clock = clock
        self._due = due
        self._stop = stop

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        """As `Sink.feed_pcap`, at the pace."""

        def some(start: int, stop: int) -> int:
            return self._inner.feed_pcap(buf, start, stop, variant, linktype, iface)

        return self._paced(some, off, limit)

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        """As `Sink.feed_pcapng`, at the pace."""

        def some(start: int, stop: int) -> int:
            return self._inner.feed_pcapng(buf, start, stop, big_endian, interfaces)

        return self._paced(some, off, limit)

    def _paced(self, some: Callable[[int, int], int], off: int, limit: int) -> int:
        due = self._wait()
        for _ in range(BURST):
            if off >= limit or self._stop.is_set():
                break
            reached = some(off, off + 1)  # one record: what comes next may be seconds away
            if reached == off or not self._clock() <= due < inf:  # before the first packet nothing is known
                return reached
            off = reached
        return off

    def _wait(self) -> float:
        """Packet time that may be reached, once it may."""
        while (early := self._clock() - (due := self._due())) > 0 and not self._stop.is_set():
            self._stop.wait(min(early / 1e9, LONGEST_WAIT))
        return due

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        """A ring is live: it has its own pace."""
        return self._inner.feed_ring(ring, off, size, linktype, iface, skip_outgoing)

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """One frame, when its time has come."""
        self._wait()
        self._inner.feed_frame(frame, wire, ts, linktype, iface)
