"""A look back. That it shows what there was then is a promise of the past, too (`test_past`)."""

from __future__ import annotations

import numpy as np

from tests.helpers.remembering import SECOND, START, Host, busy, told


def test_rates_fall_while_a_flow_is_silent_as_they_did_on_the_screen() -> None:
    host = Host()
    host.begin(0)
    host.notes["s_bps"][0] = 8000.0
    host.look()
    for _ in range(40):
        host.look()
    rates = [float(host.at(START + s * SECOND).notes["s_bps"][0]) for s in (1, 4, 40)]
    assert rates == [8000.0, float(np.float32(8000 / np.e)), 0.0]


def test_a_look_back_is_the_readers_own() -> None:
    host = busy()
    sight = host.past.sight()
    before = told(host.at(START + 2 * SECOND))
    for _ in range(5):
        host.own(0, 7)
        host.send(0, 4)
        host.look()
    assert told(sight.at(START + 2 * SECOND, host.flows())) == before
    shown = host.at(START + 2 * SECOND)
    shown.rows["bytes"] = 0
    assert told(host.at(START + 2 * SECOND)) == before


def test_only_the_owners_of_then_are_told() -> None:
    host = Host()
    host.begin(0)
    for pid in (1, 2, 3):
        host.own(0, pid)
        host.look()
    shown = host.at(START + 2 * SECOND)
    assert [[owner.pid for owner in owners] for owners in shown.holders] == [[], [2]]
    assert shown.notes["s_holder"].tolist() == [1]


def test_findings_are_those_of_then() -> None:
    host = Host()
    host.begin(0)
    host.suspect(0, 1)
    host.look()
    host.suspect(0, 2)
    host.look()
    host.look()
    assert [len(host.at(START + s * SECOND).findings) for s in (1, 2)] == [1, 0]


def test_the_moment_that_is_shown_is_told() -> None:
    sight = busy().past.sight()
    asked = (-1.0, 1.0, 3.7, 10.0, 99.0)
    assert [(sight.moment(START + int(s * SECOND)) - START) / SECOND for s in asked] == [1, 1, 3, 10, 10]
