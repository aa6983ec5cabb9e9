"""What was lost is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ratop_py.commands.meter_words import LOSSES, covered, event_words, losses, summary
from ratop_py.flow.layout import COUNTERS
from ratop_py.view import Coverage, EventMeter, Meters, Share


def test_nothing_lost_is_nothing_said() -> None:
    assert list(losses(Meters(counters=dict.fromkeys(LOSSES, 0)))) == []


def test_each_loss_is_one_sentence_with_its_number() -> None:
    assert list(losses(Meters(counters={"kernel_drops": 1234, "packets": 5}))) == [
        "1,234 packets were dropped by the kernel: the ring was full"
    ]


def test_one_is_not_many() -> None:
    assert list(losses(Meters(counters={"cut": 1}))) == ["1 record was cut short at the end of the file"]


def test_every_loss_that_the_engine_counts_has_a_name_of_its_own() -> None:
    counted = {name for name, _ in COUNTERS} | {"kernel_drops", "cut", "skipped", "events_dropped", "owners_evicted"}
    assert set(LOSSES) <= counted


COVERAGE = Coverage(
    found=(Share("cookie", "socket cookie", 6, 8000), Share("listener", "listener", 1, 1000)),
    missing=(
        Share("kernel", "It is the kernel itself.", 2, 900),
        Share("before start", "It began before.", 1, 100, settled=False),
    ),
)
METERS = Meters(
    source="story.pcap",
    packets=12,
    bytes=3400,
    flows=2,
    owners={"ok": 1, "": 1},
    levels={"high": 1},
    attributed=0.5,
    coverage=COVERAGE,
    events=(
        EventMeter("diag", True, "every 1 s", told=1200, lost=3, failed=2, cost=0.314),
        EventMeter("kernel", False, "Operation not permitted", taken=False),
    ),
    counters={"packets": 12, "malformed": 3, "full": 0},
)


@pytest.mark.parametrize(
    "words",
    [
        "story.pcap",
        "12 (3,400 bytes)",
        "ok 1",
        "50 %",
        "high 1",
        "malformed   3",
        "10 flows with an end here heard in the last 60 s: 70.0 % named, 20.0 % have no owner, 10.0 % not known",
        "found by    socket cookie 60.0 % of flows (6), 80.0 % of bytes",
        "no owner    before start 10.0 % of flows (1), 1.0 % of bytes: It began before.",
        "events      diag: every 1 s; told 1,200, lost 3, failed 2, CPU 0.31 s",
        "events      not kernel: Operation not permitted",
    ],
)
def test_a_summary_names_source_sizes_owners_coverage_and_events(words: str) -> None:
    assert words in "\n".join(summary(METERS))


def test_a_summary_is_silent_about_what_is_zero() -> None:
    assert "full" not in "\n".join(summary(METERS))


def test_without_a_flow_here_there_is_no_coverage() -> None:
    assert list(covered(Coverage(elsewhere=4))) == []


def test_of_a_whole_file_no_window_is_told() -> None:
    assert "with an end here read:" in next(covered(replace(COVERAGE, seconds=0.0)))


def test_a_source_that_does_not_work_is_said_to() -> None:
    assert event_words(EventMeter("lsof", False, "killed after 2 s")).startswith(
        "lsof: not ok, killed after 2 s; told 0"
    )
