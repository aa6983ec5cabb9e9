"""The seam where packets come from: an interface, a file, a list of frames in a test.

Promise: a source pushes frames into an engine block by block, and says what it lost.
Does not know: flows, or who reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol


class Sink(Protocol):
    """What a source feeds: `flow.engine.Engine`. Each call returns where it stopped, or how many frames it took."""

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        """Walk pcap records from `off` to the offset `limit`; returns that of the first record not taken (cut, or
        past `limit`)."""
        ...

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        """Walk pcapng packet blocks from `off` to the offset `limit`; stops at any other block, and at a cut one."""
        ...

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        """Walk one TPACKET_V3 block; returns the number of frames."""
        ...

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        """One frame: wire length in bytes, time in ns since the epoch."""
        ...


@dataclass(frozen=True, slots=True)
class Losses:
    """What did not reach the engine, counted since the start."""

    kernel: int = 0
    """Frames the kernel dropped because the ring was full (PACKET_STATISTICS tp_drops)."""
    freezes: int = 0
    """Times the ring was full (tp_freeze_q_cnt)."""
    cut: int = 0
    """Records cut short at the end of a file."""
    skipped: int = 0
    """Blocks of a file that are no packets and are not understood."""


class Source(Protocol):
    """Where frames come from. One thread calls `step`; `losses` may be called from any."""

    @property
    def name(self) -> str:
        """What a person calls it: `wlp2s0`, `story.pcap`."""
        ...

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Interface names by number; may grow. Files read together tell all of theirs."""
        ...

    @property
    def live(self) -> bool:
        """True when time is the wall clock's."""
        ...

    @property
    def trouble(self) -> str:
        """Why nothing comes at present, in words; empty: nothing is wrong."""
        ...

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed at most one block; wait up to `wait` seconds for it. False: there is nothing more, ever."""
        ...

    def losses(self) -> Losses:
        """What was lost so far."""
        ...

    def close(self) -> None:
        """Give back what the kernel lent. Twice is fine."""
        ...
