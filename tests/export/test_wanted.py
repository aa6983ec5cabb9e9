"""Which packets are wanted."""

from __future__ import annotations

import numpy as np

from ratop_py.export.wanted import KEY, Wanted, members, span
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import note_dtype
from ratop_py.flow.table import Table
from ratop_py.view import Order, View, answer
from tests.helpers import frames as f
from tests.helpers.feeding import START, STEP, feed


def table(*sent: bytes) -> Flows:
    made = Table(100)
    feed(made, *sent)
    notes = np.zeros(len(made.rows), note_dtype())
    return Flows(made.rows.copy(), notes)


def datagram(port: int, size: int = 3) -> bytes:
    return f.ether(f.ip4(f.udp(b"x" * size, port, 53), 17))


def key(flows: Flows, at: int = 0) -> bytes:
    return flows.rows[at].tobytes()[:KEY]


def test_a_flow_is_wanted_from_its_first_to_its_last_packet() -> None:
    flows = table(datagram(1000), datagram(1000))
    wanted = Wanted()
    wanted.add([flows])
    assert [wanted.holds(key(flows), START + at) for at in (-1, 0, STEP, STEP + 1)] == [False, True, True, False]


def test_a_flow_that_was_not_added_is_not_wanted() -> None:
    flows = table(datagram(1000), datagram(2000))
    wanted = Wanted()
    wanted.add([flows.take(slice(0, 1))])
    assert not wanted.holds(key(flows, 1), START + STEP)
    assert len(wanted) == 1


def test_flows_one_after_another_on_the_same_ends_are_told_apart() -> None:
    flows = table(datagram(1000))
    wanted = Wanted()
    for moved in (0, 100, 300):
        rows = flows.rows.copy()
        for name in ("first", "last"):
            rows[name] = np.where(rows["pkts"] > 0, rows[name] + moved, 0)
        wanted.add([Flows(rows, flows.notes)])
    assert [at for at in range(-50, 350, 50) if wanted.holds(key(flows), START + at)] == [0, 100, 300]


def test_a_packet_at_the_epoch_has_a_time() -> None:
    made = Table(10)
    feed(made, datagram(1000), start=0)
    assert [int(side[0]) for side in span(made.rows)] == [0, 0]


def test_the_flows_of_a_view_are_its_rows() -> None:
    flows = table(datagram(1000, 5), datagram(2000, 99), datagram(3000, 50))
    (found,) = members(answer(flows, View(order=(Order("bytes"),), limit=2), 0.0))
    assert found.rows["id"].tolist() == [2, 3]


def test_the_flows_of_a_group_are_all_its_flows() -> None:
    flows = table(datagram(1000), datagram(2000), f.ether(f.ip4(f.tcp(f.SYN, 1), 6)))
    (found,) = members(answer(flows, View(group=("proto",), order=(Order("trans"),), limit=1), 0.0))
    assert found.rows["id"].tolist() == [1, 2]
