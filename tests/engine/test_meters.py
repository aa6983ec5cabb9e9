from __future__ import annotations

import numpy as np
import pytest

from ratop_py.capture.source import Losses
from ratop_py.engine.meters import coverage, event_meters, losses, measure, rates, tally
from ratop_py.events.socket import Health
from ratop_py.kinds import Text
from ratop_py.view import Coverage, EventMeter
from tests.helpers.flowset import flows, mixed, row


def test_losses_of_all_sources_add_up_and_zero_ones_are_told() -> None:
    told = losses([Losses(kernel=3, cut=1), Losses(kernel=4)])
    assert told == {"kernel_drops": 7, "ring_full": 0, "cut": 1, "skipped": 0}


def test_rates_are_seen_from_this_machine() -> None:
    both = flows(
        row("10.0.0.1:1", "10.0.0.2:2"), row("10.0.0.3:1", "10.0.0.1:2"), way=[2, 1], s_bps=[10, 100], d_bps=[1000, 1]
    )
    assert rates(both) == (1100.0, 11.0)


def test_what_a_machine_says_to_itself_is_received_and_sent() -> None:
    lo = flows(
        row("127.0.0.1:1", "127.0.0.1:2"), row("10.0.0.1:1", "10.0.0.2:2"), way=[3, 2], s_bps=[10, 1], d_bps=[5, 2]
    )
    assert rates(lo) == (17.0, 16.0)


def test_without_a_machine_all_is_towards() -> None:
    assert rates(flows(row("10.0.0.1:1", "10.0.0.2:2"), s_bps=[10], d_bps=[5])) == (15.0, 0.0)


def test_coverage_counts_only_flows_of_this_machine() -> None:
    share, share_bytes, words = coverage(mixed())
    assert share == pytest.approx(3 / 7)
    assert 0.9 < share_bytes <= 1
    assert words["ok"] == 2
    assert words["listener"] == 1


def test_a_source_is_told_with_its_counts_and_the_better_ones_with_their_reason() -> None:
    health = Health("diag", True, "every 1 s", 12, 1, 0.5, 3, standby=(("kernel", "no CAP_BPF"),))
    assert event_meters(health) == (
        EventMeter("diag", True, "every 1 s", told=12, lost=3, failed=1, cost=0.5),
        EventMeter("kernel", False, "no CAP_BPF", taken=False),
    )


def test_without_a_machine_nobody_is_known() -> None:
    assert coverage(flows(row("10.0.0.1:1", "10.0.0.2:2"))) == (0.0, 0.0, {"unknown": 1})
    assert coverage(flows()) == (0.0, 0.0, {})


def test_words_are_counted() -> None:
    assert tally(Text(np.array([1, 1, 2, 0], np.int32), ["", "a", "b"])) == {"a": 2, "b": 1}


def test_every_count_is_on_the_meters() -> None:
    meters = measure(
        mixed(),
        counters={"packets": 5, "bytes": 6, "malformed": 0},
        sources=(),
        events=Health("lsof", ok=True, words="lsof every 2 s", dropped=2, failures=1),
        state="live",
        reason="",
        clock=1.0,
        began=0.5,
        compiled=True,
        notices=(),
        evicted=3,
        minute=Coverage(elsewhere=1),
    )
    assert meters.counters["events_dropped"] == 2
    assert meters.counters["events_failed"] == 1
    assert meters.counters["owners_evicted"] == 3
    assert meters.counters["kernel_drops"] == meters.counters["malformed"] == 0
    assert (meters.flows, meters.packets, meters.levels["high"]) == (8, 5, 1)
