"""An engine's place taken by a clerk who trusts nobody: every buffer and offset must lie where the contract says.

How far it gets in each block is the test's choice, also not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class BoundSink:
    """A `capture.source.Sink`."""

    def __init__(self, progress: Callable[[int, int], int]) -> None:
        """`progress(off, end)`: the offset to stop at."""
        self._progress = progress
        self.calls = 0

    def _walk(self, buf: Any, off: int, limit: int) -> int:
        view = memoryview(buf)
        assert view.contiguous
        assert view.format == "B"
        assert 0 <= off < limit <= len(view)
        self.calls += 1
        reached = self._progress(off, len(view))
        assert off <= reached <= len(view)
        return reached

    def feed_pcap(self, buf: Any, off: int, limit: int, variant: int, linktype: int, iface: int) -> int:
        assert variant in range(8)
        assert 0 <= linktype < 1 << 28
        assert iface == 0
        return self._walk(buf, off, limit)

    def feed_pcapng(self, buf: Any, off: int, limit: int, big_endian: bool, interfaces: Any) -> int:
        view = memoryview(interfaces)
        assert view.format == "q"
        assert view.shape is not None
        assert view.shape[0] >= 1
        assert view.shape[1] == 8
        table: Any = view.tolist()
        for link, units, offset, snap, number, fcs, *rest in table:
            assert 0 <= link < 1 << 16
            assert 1 <= units <= 1 << 62
            assert abs(offset) < 1 << 63
            assert 0 <= snap < 1 << 32
            assert 0 <= number < 1 << 16
            assert 0 <= fcs <= 8
            assert rest == [0, 0]
        return self._walk(buf, off, limit)

    def feed_ring(self, ring: Any, off: int, size: int, linktype: int, iface: int, skip_outgoing: bool) -> int:
        assert 0 <= off <= off + size <= len(ring)
        return 0

    def feed_frame(self, frame: Any, wire: int, ts: int, linktype: int, iface: int) -> None:
        assert wire >= 0
