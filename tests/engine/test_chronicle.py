"""All that an engine remembers."""

from __future__ import annotations

import numpy as np

from ratop_py.engine.chronicle import SET_BACK, Chronicle
from ratop_py.engine.ledger import Ledger
from ratop_py.flow.layout import Life, row_dtype
from tests.helpers.flowset import SECOND, START, row

ROWS = 2000
PLENTY = 1 << 26


class Small:
    """A small table that a ledger and a chronicle follow."""

    def __init__(self, most: int = PLENTY, rows: int = ROWS) -> None:
        self.chronicle, self.ledger = Chronicle(rows, most), Ledger(rows)
        self.rows = np.zeros(rows, row_dtype())
        self.now, self.born = START, 0

    def begin(self, size: int = 100, count: int = 1) -> None:
        free = np.flatnonzero(self.rows["life"] == Life.FREE)[:count]
        self.rows[free] = row("10.0.0.1:1", "10.0.0.2:2", 17, size=(size, 0))[0]
        self.rows["id"][free] = np.arange(self.born + 1, self.born + 1 + len(free))
        self.rows["first"][free], self.rows["last"][free] = self.now, self.now
        self.born += len(free)

    def give_back(self, size: int = 0) -> None:
        """All flows, after a last packet."""
        used = np.flatnonzero(self.rows["life"] != Life.FREE)
        self.rows["bytes"][used, 0] += np.uint64(size)
        self.chronicle.left(self.rows, self.ledger.notes, used, self.now)
        self.ledger.forget(used)
        self.rows[used] = np.zeros((), row_dtype())

    def look(self, seconds: float = 1.0) -> None:
        self.now += int(seconds * SECOND)
        index = np.flatnonzero(self.rows["life"] != Life.FREE)
        self.ledger._fresh(index, self.rows["id"][index])
        self.ledger._changed[index] = True
        self.chronicle.mark(self.rows.copy(), self.ledger, self.now)
        self.chronicle.settle()


def test_a_flow_that_came_and_went_counts_in_its_second_and_stands_in_no_moment_behind_it() -> None:
    small = Small()
    small.begin()
    small.look()
    small.give_back(size=11)
    small.look()
    small.look()
    assert sum(each.rx for each in small.chronicle.pulses.totals()) == 111 * 8
    assert small.chronicle.past is not None
    sight = small.chronicle.past.sight()
    like = small.ledger.flows(small.rows, small.ledger.notes, (), "")
    assert [len(sight.at(START + s * SECOND, like)) for s in (1, 2)] == [1, 0]


def test_a_row_that_nobody_said_had_changed_is_seen_to_be_another_flows() -> None:
    small = Small()
    small.begin()
    small.look()
    small.rows["id"][0] = small.ledger.notes["id"][0] = 55
    small.ledger.changed(ROWS)
    small.chronicle.mark(small.rows.copy(), small.ledger, small.now + SECOND)
    assert small.chronicle.pulses._ids[0] == 55


def test_a_clock_that_goes_back_a_little_stands_still() -> None:
    small = Small()
    small.begin()
    small.look(5.0)
    small.look(-2.0)
    small.begin()
    small.look(3.0)
    seconds = [each.at for each in small.chronicle.pulses.totals()]
    assert seconds == sorted(set(seconds))
    assert small.chronicle.past is not None


def test_a_clock_that_goes_back_far_begins_a_new_story() -> None:
    small = Small()
    small.begin()
    for _ in range(4):
        small.look()
    small.look(-SET_BACK / SECOND - 5)
    small.begin(7)
    small.look(2.0)
    assert [each.at for each in small.chronicle.pulses.totals()][-1] * SECOND <= small.now
    assert small.chronicle.past is not None
    assert small.chronicle.past.oldest is not None
    assert small.chronicle.past.oldest < START


def test_without_memory_for_it_no_moment_is_kept() -> None:
    small = Small(most=0)
    small.begin()
    small.look()
    assert small.chronicle.past is None


def test_two_hundred_thousand_flows_through_a_small_table_grow_nothing() -> None:
    most = 4 << 20
    small = Small(most)
    small.chronicle.pulses._most = most
    sizes = []
    for _ in range(ROWS // 10):
        small.begin(count=1000)
        small.look(0.5)
        small.give_back(size=1)
        assert small.chronicle.past is not None
        sizes.append((small.chronicle.past.nbytes, small.chronicle.pulses.nbytes))
    assert small.born == 200_000
    assert max(max(each) for each in sizes) <= most
    assert small.chronicle.past is not None
    assert len(small.chronicle.past._findings) == len(small.ledger.findings) == 0
    assert sum(len(each.sets) for each in small.chronicle.past._registers.values()) < 100
    assert len(small.chronicle.pulses._open) <= 2


def test_who_looks_at_minutes_only_keeps_nothing_else() -> None:
    small = Small()
    small.chronicle.minutes_only()
    for _ in range(3):
        small.begin()
        small.look()
    small.give_back()
    small.look()
    assert (small.chronicle.past, small.chronicle.pulses.totals(), small.chronicle.pulses.nbytes) == (None, (), 0)
