"""Flows cut where their socket ended."""

from __future__ import annotations

from ratop_py.engine.cuts import MOST, WAIT, Cuts
from ratop_py.events.over import Over
from ratop_py.flow.key import key
from ratop_py.flow.table import Table
from ratop_py.net.address import parse
from tests.helpers import frames as f
from tests.helpers.feeding import START, STEP, feed, pair, used

HERE, THERE = (parse(f.A)[0], 1000), (parse(f.B)[0], 2000)
ENDS = key(17, HERE, THERE)
ASK = f.ether(f.ip4(f.udp(b"x"), 17))


def at(steps: float) -> float:
    return (START + steps * STEP) / 1e9


def test_what_comes_after_the_socket_s_end_is_another_flow_s() -> None:
    table = Table(16, seed=1)
    feed(table, ASK)
    Cuts(table).told([Over(ENDS, at(2))], at(3))
    feed(table, ASK, start=START + 9 * STEP)
    assert [pair(row, "pkts") for row in used(table)] == [(1, 0), (1, 0)]


def test_packets_that_are_read_later_than_their_socket_s_end_is_told_are_waited_for() -> None:
    table = Table(16, seed=1)
    cuts = Cuts(table)
    cuts.told([Over(ENDS, at(2))], at(3))
    feed(table, ASK)
    cuts.told([], at(4))
    feed(table, ASK, start=START + 9 * STEP)
    assert len(used(table)) == 2


def test_but_not_for_ever_and_not_for_all() -> None:
    cuts = Cuts(Table(16, seed=1))
    many = [Over(key(17, HERE, (THERE[0], n)), at(2)) for n in range(MOST + 10)]
    cuts.told(many, at(3))
    assert len(cuts._waiting) == MOST
    cuts.told([], at(2) + 2 * WAIT)
    assert len(cuts._waiting) == 0
