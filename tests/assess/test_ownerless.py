"""Flows that nobody here could have sent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ratop_py.assess.ownerless import Ownerless
from ratop_py.assess.scene import scene
from ratop_py.assess.spoof import Observer, assess
from ratop_py.correlate.match import Match, Why
from tests.helpers.wires import FAR, HOST, ME, MY_MAC, ROUTER_MAC, SECOND, START, STRANGER, Wire

OUT, IN = 2, 1


def codes(way: int, match: Match, why: Why) -> tuple[str, ...]:
    flows = Wire().talk(0, ME, FAR, MY_MAC, ROUTER_MAC).flows()
    flows.notes["way"], flows.notes["s_match"], flows.notes["s_why"] = way, match, why
    return assess(flows, Observer(), HOST, START + 100 * SECOND).whys.get(0, ())


def test_a_flow_of_mine_that_no_socket_could_own_is_found() -> None:
    assert codes(OUT, Match.NONE, Why.NO_SOCKET) == ("no-owner",)


@pytest.mark.parametrize("why", [each for each in Why if each not in (Why.NO_SOCKET, Why.PACKET)])
def test_any_other_reason_is_no_evidence(why: Why) -> None:
    assert codes(OUT, Match.NONE, why) == ()


def test_an_owner_once_known_stays_one() -> None:
    assert codes(OUT, Match.EXACT, Why.NO_SOCKET) == ()


def test_a_flow_that_came_in_has_no_owner_to_lack() -> None:
    assert codes(IN, Match.NONE, Why.NO_SOCKET) == ()


def test_the_finding_has_the_time_of_my_first_packet() -> None:
    flows = Wire().talk(3, ME, FAR, MY_MAC, ROUTER_MAC).flows()
    flows.notes["way"], flows.notes["s_why"] = OUT, Why.NO_SOCKET
    (finding,) = assess(flows, Observer(), HOST, START + 100 * SECOND).findings[int(flows.rows["id"][0])]
    assert finding.at == START + 3 * SECOND


def test_without_context_the_rule_says_that_it_is_silent() -> None:
    assert any(told.startswith("no-owner") for told in Wire().judged(STRANGER).silent)


def test_a_machine_that_forwards_says_that_the_rule_is_silent() -> None:
    assert not any(told.startswith("no-owner") for told in Ownerless().silent(HOST))
    assert any(told.startswith("no-owner") for told in Ownerless().silent(replace(HOST, masquerades=True)))


def test_it_looks_at_nothing_but_notes() -> None:
    flows = Wire().flows()
    assert len(scene(flows, HOST, 0, final=True).settled) == 0
    assert np.array_equal(assess(flows, Observer(), HOST, 0).risk, np.zeros(0, np.uint8))
