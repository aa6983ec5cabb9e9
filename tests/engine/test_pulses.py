"""Who sent how much in each second."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.engine.pulses import HIGH, Pulses
from ratop_py.flow.layout import Life, note_dtype, row_dtype

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
ROWS = 4


class Wire:
    """A table of a few rows, and the pulses of it."""

    def __init__(self, rows: int = ROWS, **limits: int) -> None:
        self.pulses = Pulses(rows, **limits)
        self.rows = np.zeros(rows, row_dtype())
        self.notes = np.zeros(rows, note_dtype())
        self.changed = np.zeros(rows, bool)
        self.now = START
        self.sent = 0
        self.born = 0

    def send(self, place: int, size: int, back: int = 0, at: float | None = None, way: int = 0) -> int:
        """A packet each way; a row that is free becomes a new flow. `at`: s after START; None: now."""
        row, when = self.rows[place], self.now if at is None else START + int(at * SECOND)
        if row["life"] == Life.FREE:
            self.born += 1
            row["id"], row["life"], row["first"] = self.born, Life.LIVE, when
        row["bytes"] += np.array([size, back], np.uint64)
        row["last"] = when
        self.notes["id"][place], self.notes["way"][place] = row["id"], way
        self.changed[place] = True
        self.sent += size + back
        return int(row["id"])

    def give_back(self, place: int) -> None:
        if self.rows["life"][place] == Life.FREE:
            return
        self.pulses.left(self.rows, self.notes, np.array([place]))
        self.rows[place] = np.zeros((), row_dtype())
        self.changed[place] = True

    def look(self, seconds: float = 0.5, *, final: bool = False) -> None:
        self.now += int(seconds * SECOND)
        self.pulses.mark(self.rows.copy(), self.notes, np.flatnonzero(self.changed), self.now, final=final)
        self.changed[:] = False

    def spark(self, *flows: int, seconds: int = 10, until: float | None = None) -> list[list[float]]:
        ids = np.array(flows, np.uint64)
        when = self.now / SECOND if until is None else until
        return self.pulses.sparks(ids, np.arange(len(ids)), len(ids), seconds, when).tolist()


Deeds = st.lists(
    st.one_of(
        st.tuples(st.just("send"), st.integers(0, ROWS - 1), st.integers(0, 5000), st.integers(0, 5000)),
        st.tuples(st.just("give"), st.integers(0, ROWS - 1), st.just(0), st.just(0)),
        st.tuples(st.just("look"), st.integers(0, 2500), st.just(0), st.just(0)),
    ),
    max_size=60,
)


@given(Deeds)
@settings(max_examples=80, deadline=None)
def test_all_that_was_counted_stands_in_some_second_once(deeds: Any) -> None:
    wire = Wire()
    wire.look()
    for deed, number, size, back in deeds:
        if deed == "send":
            wire.send(number, size, back)
        elif deed == "give":
            wire.give_back(number)
        else:
            wire.look(number / 1000)
    wire.look(1.0, final=True)
    assert sum(each.rx + each.tx for each in wire.pulses.totals()) / 8 == wire.sent
    flows = range(1, wire.born + 1)
    until = wire.now / SECOND + 1
    assert sum(map(sum, wire.spark(*flows, seconds=200, until=until))) / 8 == wire.sent


def test_what_was_sent_between_two_looks_is_shared_out_among_the_seconds() -> None:
    wire = Wire()
    wire.look(0.0)
    flow = wire.send(0, 0)
    wire.send(0, 1000, at=0.75)
    wire.look(0.75)
    wire.send(0, 500, at=1.25)
    wire.look(0.5)
    wire.look(1.0)
    assert wire.spark(flow, seconds=2) == [[1250 * 8, 250 * 8]]


def test_a_flow_stands_in_no_second_before_its_first_packet_nor_behind_its_last() -> None:
    wire = Wire()
    wire.look(0.0)
    short = wire.send(0, 300, at=2.25)
    wire.send(0, 300, at=2.75)
    long = wire.send(1, 0, at=1.0)
    wire.send(1, 400, at=5.0)
    wire.look(7.0)
    assert wire.spark(short, long, seconds=7) == [[0, 0, 4800, 0, 0, 0, 0], [0, 800, 800, 800, 800, 0, 0]]


def test_the_last_bytes_of_a_flow_that_was_given_back_count_and_its_row_begins_anew() -> None:
    wire = Wire()
    first = wire.send(0, 100)
    wire.look()
    wire.send(0, 10)
    wire.give_back(0)
    second = wire.send(0, 7)
    wire.look(1.0)
    assert sum(map(sum, wire.spark(first, seconds=3))) == 110 * 8
    assert sum(map(sum, wire.spark(second, seconds=3))) == 7 * 8


def test_bytes_that_were_moved_to_another_flow_count_once() -> None:
    wire = Wire()
    wire.look(0.0)
    wire.send(0, 1000)
    wire.look(0.6)
    wire.rows[0] = np.zeros((), row_dtype())  # only fragments: their first came late, and they are that flow's
    wire.send(1, 1000)
    wire.changed[:2] = True
    wire.look(0.6)
    wire.look(1.0)
    assert sum(each.rx for each in wire.pulses.totals()) == 8000


def test_towards_and_from_are_told_apart_as_the_meters_do() -> None:
    wire = Wire()
    wire.look(0.0)
    wire.send(0, 100, 10, way=2)
    wire.send(1, 7, 5, way=1)
    wire.send(2, 1000, 0, way=0)
    wire.look(0.5)
    wire.look(0.6)
    (pulse,) = wire.pulses.totals()
    assert (pulse.at, pulse.rx, pulse.tx) == (START / SECOND + 1, (10 + 7) * 8, (100 + 5) * 8)


def test_without_a_machine_all_is_towards() -> None:
    wire = Wire()
    wire.look(0.0)
    wire.send(0, 100, 10)
    wire.look(1.0)
    assert [(each.rx, each.tx) for each in wire.pulses.totals()] == [(880, 0)]


def test_a_flow_is_an_alarm_once() -> None:
    wire = Wire()
    wire.send(0, 1)
    wire.notes["risk"][0] = HIGH
    for _ in range(3):
        wire.changed[0] = True
        wire.look(1.0)
    wire.send(1, 1)
    wire.notes["risk"][1] = HIGH - 1
    wire.look(1.0)
    assert sum(each.alarms for each in wire.pulses.totals()) + wire.pulses._open[wire.now // SECOND].alarms == 1


def test_a_flow_may_count_in_several_groups() -> None:
    wire = Wire()
    wire.look(0.0)
    one, other = wire.send(0, 100), wire.send(1, 1)
    wire.look(1.0)
    ids = np.array([other, one, one, other, 99], np.uint64)
    told = wire.pulses.sparks(ids, np.array([0, 1, 2, 2, 0]), 3, 1, wire.now / SECOND)
    assert told.tolist() == [[8], [800], [808]]
    assert told.dtype == np.float32


def test_what_is_asked_for_is_found_however_much_else_there_is() -> None:
    wire = Wire(3000)
    wire.look(0.0)
    flows = [wire.send(place, place + 1) for place in range(3000)]
    wire.look(1.0)
    assert wire.spark(flows[2999], flows[0], seconds=1) == [[24000], [8]]
    order = np.random.default_rng(0).permutation(3000)
    assert wire.spark(*(flows[place] for place in order), seconds=1) == [[(place + 1) * 8] for place in order]
    far = np.array([flows[5], 1 << 40], np.uint64)
    assert wire.pulses.sparks(np.append(far, far), np.arange(4), 4, 1, wire.now / SECOND)[:, 0].tolist() == [
        48,
        0,
        48,
        0,
    ]


def test_the_newest_second_is_the_last_that_is_over() -> None:
    wire = Wire()
    wire.look(0.0)
    flow = wire.send(0, 1)
    wire.look(1.2)
    assert wire.spark(flow, seconds=1, until=START / SECOND + 2.1) == [[8]]
    assert wire.spark(flow, seconds=1, until=START / SECOND + 0.9) == [[0]]


def test_of_a_flow_both_directions_are_told() -> None:
    wire = Wire()
    wire.rows["init"][1] = 1
    wire.look(0.0)
    flow, turned = wire.send(0, 5, 3), wire.send(1, 5, 3)
    wire.look(1.0)
    wire.look(1.0)
    assert wire.pulses.of_flow(flow, 300, wire.now / SECOND) == ((40, 24), (0, 0))
    assert wire.pulses.of_flow(turned, 1, wire.now / SECOND - 1) == ((24, 40),)
    assert wire.pulses.of_flow(1 << 50, 1, wire.now / SECOND) == ((0, 0),)


def test_more_than_four_gigabytes_in_a_second_are_told() -> None:
    wire = Wire()
    wire.look(0.0)
    flow = wire.send(0, 9_000_000_000)
    wire.look(1.0)
    assert wire.pulses.of_flow(flow, 1, wire.now / SECOND) == ((72e9, 0),)


def test_seconds_and_bytes_are_bounded_and_the_oldest_leave() -> None:
    wire = Wire(seconds=20)
    for _ in range(50):
        wire.send(0, 1)
        wire.look(1.0)
    assert [each.at for each in wire.pulses.totals()] == [START / SECOND + n for n in range(31, 51)]
    small = Wire(most=5000)
    for _ in range(50):
        small.send(0, 1)
        small.look(1.0)
    assert 0 < small.pulses.nbytes <= 5000
    assert small.pulses.totals()[-1].at == START / SECOND + 50


def test_a_long_gap_costs_no_more_than_is_kept() -> None:
    wire = Wire(seconds=5)
    wire.send(0, 1)
    wire.look(1.0)
    wire.look(86_400.0)
    assert len(wire.pulses.totals()) == 5


def test_nothing_is_told_of_before_the_clock_was_set_back() -> None:
    wire = Wire()
    wire.send(0, 1)
    wire.look(3.0)
    wire.pulses.begin_anew()
    assert wire.pulses.totals() == ()
    assert wire.spark(1, seconds=2) == [[0, 0]]
