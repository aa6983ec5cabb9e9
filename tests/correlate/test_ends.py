from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ratop_py.correlate.ends import End, Ends
from ratop_py.flow.key import key
from ratop_py.flow.layout import Life, Mark
from ratop_py.flow.states import State
from ratop_py.net.address import parse
from tests.helpers.flowset import START, flows, row

T0 = START / 1e9


def end(source: str, target: str, proto: int = 6, *, side: str = "s", now: float = 0.0, **facts: Any) -> End:
    return Ends(flows(row(source, target, proto, **facts)), np.array([0]), side, T0 + now)[0]


def place(text: str) -> tuple[int, int]:
    address, _, port = text.rpartition(":")
    return parse(address)[0], int(port)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("10.0.0.5:9", "10.0.0.4:8"),
        ("10.0.0.4:8", "10.0.0.5:9"),
        ("127.0.0.1:5", "127.0.0.1:4"),
        ("[::1]:4", "[::1]:5"),
    ],
)
def test_each_side_has_its_own_address_port_and_key(source: str, target: str) -> None:
    here, there = place(source), place(target)
    began, called = end(source, target), end(source, target, side="d")
    assert (began.local, began.port, began.key, began.target) == (*here, key(6, here, there), False)
    assert (called.local, called.port, called.key, called.target) == (*there, key(6, there, here), True)


def test_a_flow_that_may_go_on_lasts_until_now() -> None:
    one = end("10.0.0.5:9", "10.0.0.4:8", seconds=2, state=State.CON, now=30)
    assert (one.began - T0, one.heard - T0, one.last - T0) == pytest.approx((0, 2, 30))


@pytest.mark.parametrize("facts", [{"state": State.CLO}, {"state": State.RST}, {"life": Life.ENDED}])
def test_a_flow_that_is_over_lasted_until_its_last_packet(facts: dict[str, Any]) -> None:
    assert end("10.0.0.5:9", "10.0.0.4:8", seconds=2, now=30, **facts).last - T0 == pytest.approx(2)


def test_one_direction_alone_has_times_too() -> None:
    one = end("10.0.0.5:9", "10.0.0.4:8", seconds=2, pkts=(3, 0))
    assert (one.began - T0, one.heard - T0) == pytest.approx((0, 2))


def test_refused_is_a_reset_for_an_answer_or_an_error_from_the_network() -> None:
    for source, target in (("10.0.0.5:9", "10.0.0.4:8"), ("10.0.0.4:8", "10.0.0.5:9")):
        assert end(source, target, state=State.RST, tcp_flags=(2, 20)).refused
        assert end(source, target, state=State.RST, tcp_flags=(16, 4)).refused
        assert not end(source, target, state=State.RST, tcp_flags=(2, 22)).refused
        assert not end(source, target, state=State.RST, tcp_flags=(20, 16)).refused
    assert end("10.0.0.5:9", "10.0.0.4:8", 17, marks=Mark.ICMP_UNREACH).refused


def test_whole_is_a_connection_seen_from_its_syn() -> None:
    assert end("10.0.0.5:9", "10.0.0.4:8", seen=4).whole
    assert not end("10.0.0.5:9", "10.0.0.4:8", seen=3).whole


def test_no_flows_have_no_ends() -> None:
    assert Ends(flows(row("10.0.0.5:9", "10.0.0.4:8")), np.array([], np.intp), "s", T0).keys == []
