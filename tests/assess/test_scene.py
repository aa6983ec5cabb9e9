"""One look at some flows."""

from __future__ import annotations

from tests.helpers.wires import FAR, ME, MY_MAC, ROUTER_MAC, Wire


def one() -> Wire:
    return Wire().udp(10, ME, FAR, MY_MAC, ROUTER_MAC)


def test_a_young_flow_is_not_settled() -> None:
    assert not one().scene(now=11.9).settled[0]


def test_a_flow_is_settled_two_seconds_after_its_first_packet() -> None:
    assert one().scene(now=12).settled[0]


def test_at_the_end_of_a_file_nobody_waits() -> None:
    assert one().scene(now=10, final=True).settled[0]


def test_a_flow_that_ended_is_settled() -> None:
    wire = one()
    wire.table.engine.end(0, 1)
    assert wire.scene(now=10).settled[0]


def test_both_directions_are_looked_at() -> None:
    scene = one().scene()
    assert [(a.number, b.number) for a, b in scene.directions()] == [(0, 1), (1, 0)]
