"""Decode and table alone: how fast the engine walks a capture in memory, compiled and not."""

from __future__ import annotations

import struct
import time
from collections.abc import Iterator
from functools import partial

from ratop_py.flow.table import Table
from tests.bench.figures import RUNS, Spread, in_turn, spread
from tests.bench.inputs import made
from tests.bench.tables import Row

TITLE = "Decode and flow table alone"
ABOUT = (
    "The engine over packets in memory (5 M packets, 200,000 flows), one thread; the same file uncompiled over "
    "the first 40,000 packets, and compiled over the same, in turn."
)
HEADER, RECORD = 24, 16
FEW = 40_000


def rows() -> Iterator[Row]:
    """Both modes."""
    data = made("mix").path.read_bytes()
    part, packets = beginning(data, FEW), made("mix").truth["packets"]
    if not Table(16).compiled:
        yield Row("compiled", "not measured: the engine is not compiled here")
    else:
        yield Row("compiled", mpps([feed(data, packets, pure=False) for _ in range(RUNS)]).words(" Mpps"))
        deaf, hearing = in_turn(
            partial(feed, data, packets, pure=False), partial(feed, data, packets, pure=False, names=True)
        )
        cost = spread(100 * (1 - b / a) for a, b in zip(deaf, hearing, strict=True))
        yield Row("slower when payloads that may carry names are kept", cost.words(" %", 1))
    pure, fast = in_turn(partial(feed, part, FEW, pure=True), partial(feed, part, FEW, pure=False), 3)
    yield Row("uncompiled", mpps(pure).words(" Mpps", 3))
    ratio = spread(b / a for a, b in zip(pure, fast, strict=True))
    yield Row("times faster when compiled", ratio.words("", 0))


def mpps(rates: list[float]) -> Spread:
    """Millions of packets a second."""
    return spread(rate / 1e6 for rate in rates)


def feed(data: bytes, packets: int, *, pure: bool, names: bool = False) -> float:
    """Packets a second into a new table."""
    table = Table(1 << 18, seed=1, pure=pure)
    table.engine.listen(1 << 20 if names else 0)
    begun = time.perf_counter()
    table.engine.feed_pcap(data, HEADER, len(data), 0, 1, 0)
    taken = time.perf_counter() - begun
    assert table.counters()["packets"] == packets
    return packets / taken


def beginning(data: bytes, count: int) -> bytes:
    """A capture's first packets."""
    at = HEADER
    for _ in range(count):
        at += RECORD + struct.unpack_from("<I", data, at + 8)[0]
    return data[:at]
