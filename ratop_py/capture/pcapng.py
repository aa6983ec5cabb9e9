"""The sections and interfaces of a pcapng file (draft-ietf-opsawg-pcapng).

Promise: section headers and interface descriptions are read here, packet blocks are walked by the engine, everything
else is passed over; a block whose lengths contradict each other ends the reading, counted.
Does not know: frames, files.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from ratop_py.capture.source import Losses, Sink
from ratop_py.capture.supply import Supply
from ratop_py.safetext import decode

SECTION, INTERFACE = 0x0A0D0D0A, 1
PACKETS = frozenset({2, 3, 6})
"""Obsolete, simple and enhanced packet blocks."""
QUIET = frozenset({4, 5, 0xA, 0x80000001, 0xBAD, 0x40000BAD})
"""Name resolution, statistics, secrets, custom: no packets, and nothing is lost with them."""
BIG = b"\x1a\x2b\x3c\x4d"
IF_NAME, IF_TSRESOL, IF_FCSLEN, IF_TSOFFSET = 2, 9, 13, 14
COLUMNS = 8
MOST_UNITS = 1 << 62
HEADER_MOST = 1 << 20
"""No section header or interface description is longer."""


class Sections:
    """Reads a pcapng file block by block."""

    def __init__(self, supply: Supply) -> None:
        self._supply = supply
        self._big = False
        self._described = array("q")
        self.names: tuple[str, ...] = ()
        """Interface names over all sections, by number."""
        self._cut = self._skipped = 0

    def step(self, sink: Sink, most: int, largest: int) -> bool:
        """Feed a run of packet blocks, or read one other block; False: the end."""
        head = self._supply.head(12)
        if len(head) < 12:
            return self._end()
        kind, length = self._measure(head)
        if kind in PACKETS and self._described and self._feed(sink, most):
            return True
        if length < 12 or length % 4:
            return self._end()
        if kind in (SECTION, INTERFACE) and length <= HEADER_MOST:
            return self._describe(kind, length)
        return self._pass_over(kind, length, largest)

    def _measure(self, head: bytes) -> tuple[int, int]:
        """(type, length) of the block; a section header sets the byte order first."""
        if head[:4] == b"\x0a\x0d\x0d\x0a":
            self._big = head[8:12] == BIG
        kind, length = struct.unpack_from(self._order + "II", head)
        return kind, length

    @property
    def _order(self) -> str:
        return ">" if self._big else "<"

    def _feed(self, sink: Sink, most: int) -> bool:
        supply = self._supply
        table = memoryview(self._described).cast("B").cast("q", (len(self._described) // COLUMNS, COLUMNS))
        limit = min(len(supply.buffer), supply.at + most)
        reached = sink.feed_pcapng(supply.buffer, supply.at, limit, self._big, table)
        moved = reached > supply.at
        supply.at = reached
        return moved

    def _describe(self, kind: int, length: int) -> bool:
        block = self._supply.take(length)
        if len(block) < length:
            return self._end(1)
        if kind == SECTION:
            self._described = array("q")
        elif length >= 20:
            self._interface(block)
        return True

    def _interface(self, block: bytes) -> None:
        link, _, snaplen = struct.unpack_from(self._order + "HHI", block, 8)
        units, offset, fcs, name = 1_000_000, 0, 0, ""
        for code, value in options(block[16:-4], self._order):
            if code == IF_NAME:
                name = decode(value, 64)
            elif code == IF_TSRESOL and value:
                units = _units(value[0])
            elif code == IF_TSOFFSET and len(value) == 8:
                (offset,) = struct.unpack(self._order + "q", value)
            elif code == IF_FCSLEN and value:
                fcs = value[0] if value[0] <= 8 else 0
        bounded = max(-(1 << 32), min(offset, 1 << 32)) * 1_000_000_000
        self._described.extend((link, units, bounded, snaplen, len(self.names), fcs, 0, 0))
        self.names = (*self.names, name)

    def _pass_over(self, kind: int, length: int, largest: int) -> bool:
        """Leave a block out; a packet block that is only cut is given another chance when more has come."""
        supply = self._supply
        if kind in PACKETS and supply.left < min(length, largest) and supply.more():
            return True
        self._skipped += kind not in QUIET
        return supply.skip(length) or self._end(1)

    def _end(self, cut: int = 0) -> bool:
        self._cut += cut or self._supply.left > 0 or bool(self._supply.torn)
        return False

    def losses(self) -> Losses:
        """Blocks cut at the end, blocks not understood."""
        return Losses(cut=int(self._cut), skipped=self._skipped)


def options(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """(code, value) of a block's options, as far as their lengths hold."""
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from(order + "HH", data, at)
        if code == 0 or at + 4 + size > len(data):
            return
        yield code, data[at + 4 : at + 4 + size]
        at += 4 + (size + 3) // 4 * 4


def _units(resolution: int) -> int:
    """Time units a second of if_tsresol: a power of ten, or of two with the top bit set."""
    power = resolution & 0x7F
    return min(2**power if resolution & 0x80 else 10 ** min(power, 19), MOST_UNITS)
