"""Packets as they came off the wire, the newest so many bytes of them.

Promise: whole blocks of a ring are copied, never packet by packet; what is kept never takes more than the limit, and
what left to make room is counted. `frames` sees what there was when it was called, while more is being kept.
Does not know: flows, files.
"""

from __future__ import annotations

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

WHOLE = 65_535
"""Bytes of a frame that are captured where packets are kept."""
HEAD = 48
"""Bytes of tpacket_block_desc."""
FRAME_HEAD = 68
"""Bytes of tpacket3_hdr and sockaddr_ll, as the kernel lays them out before each frame."""
OUTGOING = 4
"""PACKET_OUTGOING in sll_pkttype."""
VLAN_VALID, TPID_VALID = 0x10, 0x40
VLAN = 0x8100
ETHERNET = 1
MACS = 12
"""Bytes before the place of a VLAN tag."""
_FRAME = struct.Struct("<IIIIIIHHIIHH")
"""tpacket3_hdr: next, seconds, ns, captured, wire, status, mac, net, rxhash, vlan_tci, vlan_tpid, padding."""


class Frame(NamedTuple):
    """One packet."""

    ts: int
    """ns since the epoch."""
    wire: int
    """Bytes on the wire."""
    data: bytes
    """As far as it was captured."""
    linktype: int
    iface: int
    """Number of its interface."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a ring gave at once, or one frame of a source without a ring."""

    data: bytes
    count: int
    linktype: int
    iface: int
    skip_outgoing: bool
    lone: tuple[int, int] | None = None
    """(time, bytes on the wire) of the frame that `data` is; None: `data` is a block of a ring."""

    @property
    def size(self) -> int:
        """Bytes it takes, about."""
        return len(self.data) + 200


class Kept:
    """A few threads add, any thread reads."""

    def __init__(self, limit: int) -> None:
        """`limit`: bytes."""
        self.limit = limit
        self.size = self.packets = self.gone = 0
        """Bytes and packets there are; packets that left."""
        self._blocks: deque[Block] = deque()
        self._lock = Lock()

    def add_block(self, ring: Any, off: int, size: int, linktype: int, iface: int, *, skip_outgoing: bool) -> None:
        """A copy of a TPACKET_V3 block, as far as it is filled."""
        _, count, _, used = struct.unpack_from("<IIII", ring, off + 8)
        if count:
            data = bytes(memoryview(ring)[off : off + min(size, max(used, HEAD))])
            self._add(Block(data, count, linktype, iface, skip_outgoing))

    def add_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """A copy of one frame."""
        self._add(Block(bytes(frame), 1, linktype, iface, False, (ts, wire)))

    def _add(self, block: Block) -> None:
        with self._lock:
            self._blocks.append(block)
            self.size += block.size
            self.packets += block.count
            while self.size > self.limit:
                old = self._blocks.popleft()
                self.size -= old.size
                self.packets -= old.count
                self.gone += old.count

    def frames(self) -> Iterator[Frame]:
        """All frames, block by block; a block is let go when it is through."""
        with self._lock:
            blocks = deque(self._blocks)
        while blocks:
            yield from frames_of(blocks.popleft())


def frames_of(block: Block) -> Iterator[Frame]:
    """The frames of a block; what contradicts itself ends it."""
    if block.lone is not None:
        ts, wire = block.lone
        yield Frame(ts, wire, block.data, block.linktype, block.iface)
        return
    count, at = struct.unpack_from("<II", block.data, 12)
    for _ in range(count):
        if at < HEAD or at + FRAME_HEAD > len(block.data):
            return
        head = _FRAME.unpack_from(block.data, at)
        if not (block.skip_outgoing and block.data[at + 58] == OUTGOING):
            yield _frame(block, at, head)
        at += head[0] or len(block.data)


def _frame(block: Block, at: int, head: tuple[int, ...]) -> Frame:
    """With the VLAN tag that the kernel took off put back in its place."""
    _, seconds, rest, captured, wire, status, mac, _, _, tci, tpid, _ = head
    data = block.data[at + mac : at + mac + captured]
    if status & VLAN_VALID and block.linktype == ETHERNET:
        tag = struct.pack(">HH", tpid if status & TPID_VALID else VLAN, tci)
        data, wire = data[:MACS] + tag + data[MACS:], wire + 4
    return Frame(seconds * 1_000_000_000 + rest, wire, data, block.linktype, block.iface)
