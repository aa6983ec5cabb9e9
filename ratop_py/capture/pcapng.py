"""The sections and interfaces of a pcapng file (draft-ietf-opsawg-pcapng).

Promise: section headers and interface descriptions are read here, packet blocks are walked by the engine, everything
else is passed over; a block whose lengths contradict each other ends the reading, counted.
Does not know: frames, files.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from ratop_py.capture.names import Names
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
ROOM = 8 * COLUMNS * 8
"""Bytes of the rows of eight interfaces."""
SMALLEST = 12
"""Bytes of a block without a body, and of what tells a block from another."""
MOST_UNITS = 1 << 62
HEADER_MOST = 1 << 20
"""No section header or interface description is longer."""
LARGEST = 1 << 24
"""No packet block is longer; the engine says the same."""
STEP = 1 << 22
"""Bytes given to the engine at once."""
MOST_INTERFACES = 1 << 16
"""Interfaces of a section; packets of further ones are left out."""


class Sections:
    """Reads a pcapng file block by block."""

    def __init__(self, supply: Supply, names: Names) -> None:
        self._supply, self._names = supply, names
        self._big = False
        self._described, self._interfaces = array("q", bytes(ROOM)), 0
        """A row for each interface of the section, and room for more; how many there are."""
        self._cut = self._skipped = 0

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed a run of packet blocks, or read one other block; False: the end."""
        if not self._supply.want(SMALLEST, wait):
            return True
        head = bytes(self._supply.peek(SMALLEST))
        if len(head) < SMALLEST:
            return self._end()
        kind, length = self._measure(head)
        if kind in PACKETS and self._interfaces and self._feed(sink):
            return True
        if length < SMALLEST or length % 4:
            return self._end()
        if kind in (SECTION, INTERFACE) and length <= HEADER_MOST:
            return self._describe(kind, length, wait)
        return self._pass_over(kind, length, wait)

    def _measure(self, head: bytes) -> tuple[int, int]:
        """(type, length) of the block; a section header sets the byte order first. Length 0: it has none."""
        if head[:4] == b"\x0a\x0d\x0d\x0a":
            if head[8:12] not in (BIG, BIG[::-1]):
                return SECTION, 0
            self._big = head[8:12] == BIG
        kind, length = struct.unpack_from(self._order + "II", head)
        return kind, length

    @property
    def _order(self) -> str:
        return ">" if self._big else "<"

    def _feed(self, sink: Sink) -> bool:
        supply = self._supply
        count = self._interfaces
        table = memoryview(self._described)[: count * COLUMNS].cast("B").cast("q", (count, COLUMNS))
        limit = min(len(supply.buffer), supply.at + STEP)
        reached = sink.feed_pcapng(supply.buffer, supply.at, limit, self._big, table)
        moved = reached > supply.at
        supply.at = reached
        return moved

    def _describe(self, kind: int, length: int, wait: float) -> bool:
        if not self._supply.want(length, wait):
            return True
        block = bytes(self._supply.peek(length))
        if len(block) < length or struct.unpack_from(self._order + "I", block, length - 4)[0] != length:
            return self._end()
        self._supply.skip(length)
        if kind == SECTION:
            self._described, self._interfaces = array("q", bytes(ROOM)), 0
        elif length >= 20:
            self._interface(block)
        return True

    def _interface(self, block: bytes) -> None:
        if self._interfaces >= MOST_INTERFACES:
            self._skipped += 1
            return
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
        self._add((link, units, bounded, snaplen, self._names.add(name), fcs, 0, 0))

    def _add(self, row: tuple[int, ...]) -> None:
        """Another interface. Sinks hold on to the array they were given: it is filled or replaced, never resized."""
        at = self._interfaces * COLUMNS
        if at == len(self._described):
            self._described = self._described + array("q", bytes(at * 8))
        self._described[at : at + COLUMNS] = array("q", row)
        self._interfaces += 1

    def _pass_over(self, kind: int, length: int, wait: float) -> bool:
        """Leave a block out; a packet block that is only cut is given another chance when more has come."""
        supply = self._supply
        if kind in PACKETS and supply.left < length <= LARGEST:
            if supply.over:
                return self._end()
            supply.want(length, wait)
            return True
        self._skipped += kind not in QUIET
        supply.skip(length)
        return True

    def _end(self) -> bool:
        """Whatever is left cannot be read."""
        supply = self._supply
        self._cut = int(supply.left > 0 or supply.owed > 0 or bool(supply.torn))
        return False

    def losses(self) -> Losses:
        """Blocks cut at the end, blocks not understood."""
        return Losses(cut=self._cut, skipped=self._skipped)


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
