"""Packets of wanted flows, picked out of all: what sources feed instead of a table.

Promise: a packet belongs to the flows that the engine counts it in, tunnelled ones included; later fragments go with
their first, also those that overtook it. Memory is bounded: the engine that is asked forgets a flow at once, unless
fragments of it may follow. Whoever asked may stop it at any time.
Does not know: files, formats, who wants the packets.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import numpy as np

from ratop_py.capture.kept import Frame
from ratop_py.errors import Exit, RatopError
from ratop_py.export.wanted import KEY, Wanted
from ratop_py.flow.layout import ROW_BYTES, Cause, Mark, number, row_dtype
from ratop_py.flow.table import Table

ROOM = 512
"""Flows with fragments that are remembered, and overtaking fragments that are."""
ROWS = 4 * ROOM
NOWHERE = ROWS - 1
"""A row that is never reached."""
FEW = 8
OBSOLETE, SIMPLE = 2, 3
LINKTYPE, SNAPLEN, NUMBER, CHECKSUM = 0, 3, 4, 5
"""Places in a row of the interfaces of a pcapng section."""
OFTEN = 4096
"""Packets between two looks whether to go on."""
FRAGMENTS = Mark.FRAG | Mark.FRAG_ONLY
EPOCH, PKTS, MARKS = number("epoch"), number("pkts"), number("marks")
WORDS, LONGS, HALVES = ROW_BYTES // 4, ROW_BYTES // 8, ROW_BYTES // 2
STAMPS = 1 << 31

Going = Callable[[int], bool]
"""Told how far it is; False: stop."""
Take = Callable[[Frame], None]


def always(done: int) -> bool:  # noqa: ARG001 - a Going
    """Never stop."""
    return True


def stopped() -> RatopError:
    """What a stop is told as."""
    return RatopError("stopped; nothing was written", exit_code=Exit.INTERRUPTED)


class Picker:
    """A `capture.source.Sink`."""

    def __init__(self, wanted: Wanted, take: Take, going: Going = always, *, inner: bool = False) -> None:
        """`take` gets each wanted packet; `going` is told how many were looked at."""
        self.seen = 0
        self._wanted, self._take, self._going = wanted, take, going
        table = Table(ROWS, inner=inner)
        self._engine: Any = table.engine
        self._epochs = np.frombuffer(self._engine.memory(), dtype=row_dtype())["epoch"]
        self._single = not inner
        """A packet counts in one flow only."""
        self._spare = 0
        """The row that was given back last, where the engine puts the next flow; `NOWHERE` if it holds one now."""
        self._memory = self._engine.memory()
        self._words, self._longs = self._memory.cast("I"), self._memory.cast("Q")
        self._halves = self._memory.cast("H")
        self._stamp = 0
        self._mine = False
        """Of the last packet: whether it is wanted…"""
        self._parts: list[tuple[int, bool]] = []
        """…and in which rows it was counted as a fragment, with whether these are wanted."""
        self._held: dict[int, int] = {}
        """Rows that may get fragments, with their packets."""
        self._overtaking: dict[int, list[Frame]] = {}
        """By row of fragments without a first: those that are nobody's yet."""

    # -- a Sink --------------------------------------------------------------------------------------------------------

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        """As `Sink.feed_pcap`."""
        head, length = (24 if variant & 4 else 16), struct.Struct(">I" if variant & 1 else "<I")
        while off < limit:
            self._begin()
            reached: int = self._engine.feed_pcap(buf, off, off + 1, variant, linktype, iface)
            if reached == off:
                break
            if self._asked():
                (wire,) = length.unpack_from(buf, off + 12)
                self._put(bytes(buf[off + head : reached]), wire, linktype & 0xFFFF, iface)
            off = reached
        return off

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        """As `Sink.feed_pcapng`."""
        while off < limit:
            self._begin()
            reached: int = self._engine.feed_pcapng(buf, off, off + 1, big_endian, interfaces)
            if reached == off:
                break
            if self._asked():
                at, captured, wire, place = _packet(buf, off, big_endian, interfaces)
                link, iface = interfaces[place, LINKTYPE], interfaces[place, NUMBER]
                self._put(bytes(buf[at : at + captured]), wire, link, iface)
            off = reached
        return off

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        """Blocks of a ring come frame by frame: `capture.kept` takes them apart."""
        raise NotImplementedError

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """As `Sink.feed_frame`."""
        self._begin()
        self._engine.feed_frame(frame, wire, ts, linktype, iface)
        if self._asked():
            self._put(bytes(frame), wire, linktype, iface)

    # -- which flows ---------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Another packet."""
        if self.seen % OFTEN == 0 and not self._going(self.seen):
            raise stopped()
        self.seen += 1
        self._stamp = self._stamp % STAMPS + 1
        self._engine.epoch = self._stamp

    def _touched(self) -> list[int]:
        """Rows in which the last packet was counted; those that it only marked (an ICMP error does) are none."""
        stamp, words = self._stamp, self._words
        if self._single and words[self._spare * WORDS + EPOCH] == stamp:
            return [self._spare]
        used = self._engine.used()
        if used <= FEW:
            rows = [row for row in range(used) if words[row * WORDS + EPOCH] == stamp]
        else:
            rows = np.flatnonzero(self._epochs[:used] == stamp).tolist()
        if not self._held:
            return rows
        return [row for row in rows if self._packets(row) > self._held.get(row, 0)]

    def _packets(self, row: int) -> int:
        at = row * LONGS + PKTS
        return int(self._longs[at]) + int(self._longs[at + 1])

    def _asked(self) -> bool:
        """Whether the last packet's bytes are needed: it is wanted, or it is a fragment."""
        self._mine, self._parts = False, []
        for row in self._touched():
            key = bytes(self._memory[row * ROW_BYTES : row * ROW_BYTES + KEY])
            mine = self._wanted.holds(key, self._engine.clock())
            self._mine |= mine
            if self._halves[row * HALVES + MARKS] & FRAGMENTS:
                self._parts.append((row, mine))
            else:
                self._forget(row)
        return self._mine or bool(self._parts)

    def _put(self, data: bytes, wire: int, linktype: int, iface: int) -> None:
        """The last packet, of which `_asked` was true."""
        frame = Frame(self._engine.clock(), wire, data, linktype, iface)
        for row, mine in self._parts:
            self._fragment(row, frame, mine)
        if self._mine:
            self._take(frame)

    def _forget(self, row: int) -> None:
        self._engine.end(row, Cause.SHUTDOWN)
        self._engine.release(row)
        self._spare = row

    # -- fragments -----------------------------------------------------------------------------------------------------

    def _fragment(self, row: int, frame: Frame, mine: bool) -> None:
        """A row to which more fragments may come; with a first one those that overtook it came home."""
        if self._overtaking and self._packets(row) > self._held.get(row, 0) + 1:
            for late in self._adopted():
                if mine:
                    self._take(late)
        self._held[row] = self._packets(row)
        if row == self._spare:
            self._spare = NOWHERE
        if not mine and self._halves[row * HALVES + MARKS] & Mark.FRAG_ONLY:
            self._overtaking.setdefault(row, []).append(frame)
        if len(self._held) > ROOM or sum(map(len, self._overtaking.values())) > ROOM:
            self._forget_fragments()

    def _adopted(self) -> list[Frame]:
        """Packets that were just moved from a row of fragments to the flow of their first."""
        home: list[Frame] = []
        for row, waiting in list(self._overtaking.items()):
            left = self._packets(row)
            moved = self._held[row] - left
            home.extend(waiting[:moved])
            del waiting[:moved]
            self._held[row] = left
            if not left:  # the row is free again
                del self._held[row], self._overtaking[row]
        return home

    def _forget_fragments(self) -> None:
        """All of them: what follows stands without its first."""
        for row in self._held:
            self._forget(row)
        self._held.clear()
        self._overtaking.clear()


def _packet(buf: Any, off: int, big_endian: bool, interfaces: Any) -> tuple[int, int, int, int]:
    """(where its bytes lie, how many, how many on the wire, place of its interface) of a packet block that the engine
    took."""
    order = ">" if big_endian else "<"
    kind, length, number = struct.unpack_from(order + "III", buf, off)
    if kind == SIMPLE:
        at, wire, number = off + 12, number, 0
        captured = min(wire, length - 16, interfaces[0, SNAPLEN] or wire)
    else:
        at = off + 28
        captured, wire = struct.unpack_from(order + "II", buf, off + 20)
    if kind == OBSOLETE:
        (number,) = struct.unpack_from(order + "H", buf, off + 8)
    checksum = interfaces[number, CHECKSUM]
    if 0 < checksum < min(wire, 16):
        wire -= checksum
    return at, min(captured, wire), wire, number
