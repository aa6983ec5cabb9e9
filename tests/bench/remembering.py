"""What it costs to remember the last minutes, and to look back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.chronicle import Chronicle
from ratop_py.engine.ledger import Ledger
from ratop_py.engine.settings import Settings
from ratop_py.flow.flows import Flows, Rows, copied
from tests.bench.figures import Spread, seconds, spread, timed
from tests.bench.tables import Row
from tests.helpers.flowsfeed import flows

TITLE = "Remembering"
ABOUT = (
    "100,000 flows, a tick each half second, two minutes of it: what the tick pays for rates by the second and for moments "
    "to look back at, and what a reader waits for. Memory is bounded by 48 MB and 64 MiB."
)
FLOWS, TICKS, RUNS = 100_000, 240, 9
SECOND = 1_000_000_000
PACKET = 1_500


class Host:
    """Many flows, some of which change."""

    def __init__(self, changing: int) -> None:
        many = flows(FLOWS)
        self.rows, self.ledger = copied(many.rows), Ledger(FLOWS)
        self.rows["id"] = np.arange(1, FLOWS + 1)
        self.ledger.notes[:] = many.notes
        self.ledger.notes["id"] = self.rows["id"]
        self.ledger.holders.sets, self.ledger.whys = list(many.holders), list(many.whys)
        self.ledger.naming.sets = list(many.names)
        self.chronicle = Chronicle(FLOWS, Settings().history_bytes)
        self.now, self._changing, self._dice = int(self.rows["last"].max()), changing, np.random.default_rng(1)
        self.rows["first"] = self.rows["last"] = self.now  # capture has just begun

    def tick(self) -> float:
        """Half a second; seconds that remembering took."""
        self.now += SECOND // 2
        index = np.unique(self._dice.integers(0, FLOWS, self._changing // 2))
        self._send(index)
        rows = copied(self.rows)
        return timed(lambda: self._remember(rows, index))

    def _send(self, index: NDArray[np.int64]) -> None:
        self.rows["bytes"][index, 0] += np.uint64(PACKET)
        self.rows["pkts"][index, 0] += np.uint64(1)
        self.rows["app"][index, 0] += np.uint64(PACKET - 54)
        self.rows["last"][index, 0] = self.now
        self.rows["ipid"][index, 0] += np.uint16(1)
        self.ledger.notes["s_bps"][index] = PACKET * 8

    def _remember(self, rows: Rows, index: NDArray[np.int64]) -> None:
        self.ledger._changed[index] = True
        self.chronicle.mark(rows, self.ledger, self.now)
        self.chronicle.settle()

    def tables(self) -> Flows:
        return self.ledger.tables((), "")


def rows() -> Iterator[Row]:
    """Ticks, then questions."""
    for changing in (0, 1_000, 10_000):
        host = Host(changing)
        taken = [host.tick() for _ in range(TICKS)][4:]
        yield told(f"a tick, {changing:,} of them change a second", spread(taken))
        assert host.chronicle.past is not None
        back = (host.now - (host.chronicle.past.oldest or host.now)) / SECOND
        size, rates = host.chronicle.past.nbytes / 1e6, host.chronicle.pulses.nbytes / 1e6
        yield Row("… kept in two minutes", f"{back:.0f} s back in {size:.0f} MB; rates in {rates:.0f} MB")
        if changing == 1_000:
            yield from _questions(host)


def _questions(host: Host) -> Iterator[Row]:
    pulses, past, until = host.chronicle.pulses, host.chronicle.past, host.now / SECOND
    assert past is not None
    ids, places = host.rows["id"], np.arange(FLOWS)
    some = ids[:50]
    yield told("… rates of 60 s, of 50 flows", seconds(lambda: pulses.sparks(some, places[:50], 50, 60, until), RUNS))
    yield told("… of all flows in 100 groups", seconds(lambda: pulses.sparks(ids, places % 100, 100, 60, until), RUNS))
    yield told("… of one flow, 300 s", seconds(lambda: pulses.of_flow(7, 300, until), RUNS))
    oldest, newest = past.oldest or 0, past.newest or 0
    yield told("… a moment ago, all flows", seconds(lambda: past.sight().at(newest, host.tables()), RUNS))
    yield told("… two minutes ago, all flows", seconds(lambda: past.sight().at(oldest, host.tables()), RUNS))


def told(what: str, taken: Spread) -> Row:
    thousand = Spread(taken.least * 1e3, taken.middle * 1e3, taken.most * 1e3)
    return Row(what, thousand.words(" ms", 1))
