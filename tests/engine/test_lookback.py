"""A reader looks back."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

from ratop_py.engine.lookback import Lookback
from ratop_py.engine.sight import Sight
from ratop_py.flow.flows import empty
from ratop_py.view import Coverage, Meters, Share
from tests.helpers.remembering import SECOND, START, busy

NOW = Meters(
    state="live", reason="eth7 is gone", clock=1.0, flows=77, packets=5, coverage=Coverage((Share("exact", "", 1, 1),))
)
BEGAN = START / SECOND


def test_without_a_moment_the_answer_is_of_now() -> None:
    host = busy()
    flows = host.flows()
    assert Lookback(host.past, host.flows).seen(None, flows, NOW) == (flows, NOW)


def test_where_nothing_is_kept_the_answer_is_of_now_and_says_so() -> None:
    flows = busy().flows()
    for past in (None, busy(1).past):
        assert Lookback(past, empty).seen(5.0, flows, NOW) == (flows, NOW)


def test_the_meters_and_the_clock_are_of_the_moment_and_the_counters_of_now() -> None:
    host = busy()
    flows, meters = Lookback(host.past, host.flows).seen(BEGAN + 3.5, host.flows(), NOW)
    assert flows.rows["bytes"][:, 0].tolist() == [6]
    assert (meters.state, meters.reason, meters.clock) == ("history", "", BEGAN + 3)
    assert (meters.flows, meters.live_flows, meters.packets) == (1, 1, 5)
    assert meters.owners == {"unknown": 1}
    assert meters.coverage.found == ()


def test_who_asks_for_a_moment_by_its_time_gets_that_one() -> None:
    host = busy(1)
    for _ in range(30):
        host.send(0, 2)
        host.look(1.123456789)
        newest = host.past.newest
        assert newest is not None
        flows, _ = Lookback(host.past, host.flows).seen(newest / SECOND, host.flows(), NOW)
        assert (flows.rows["bytes"] == host.rows[:1]["bytes"]).all()


def test_a_moment_that_is_not_kept_is_the_nearest_that_is() -> None:
    host = busy()
    back, flows = Lookback(host.past, host.flows), host.flows()
    assert [back.seen(at, flows, NOW)[1].clock - BEGAN for at in (0.0, 1e12)] == [1, 10]


def test_a_moment_is_made_once_however_often_it_is_looked_at() -> None:
    host = busy()
    back = Lookback(host.past, host.flows)
    with mock.patch.object(Sight, "at", autospec=True, side_effect=Sight.at) as made:
        for at in (3.1, 3.2, 3.9, 4.0, 4.5):
            back.seen(BEGAN + at, host.flows(), NOW)
        assert made.call_count == 2
        back.seen(None, host.flows(), NOW)
        assert back._last is None


def test_a_moment_that_is_newer_than_what_was_held_knows_its_own_tables() -> None:
    host = busy()
    known = replace(host.flows(), whys=((), ("land",)))
    flows, _ = Lookback(host.past, lambda: known).seen(BEGAN + 5, host.flows(), NOW)
    assert flows.whys == ((), ("land",))
