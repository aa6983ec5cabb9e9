"""What was lost is said."""

from __future__ import annotations

from ratop_py.commands.meter_words import LOSSES, losses, summary
from ratop_py.flow.layout import COUNTERS
from ratop_py.view import EventMeter, Meters


def test_nothing_lost_is_nothing_said() -> None:
    assert list(losses(Meters(counters=dict.fromkeys(LOSSES, 0)))) == []


def test_each_loss_is_one_sentence_with_its_number() -> None:
    assert list(losses(Meters(counters={"kernel_drops": 1234, "packets": 5}))) == [
        "1,234 packets were dropped by the kernel: the ring was full"
    ]


def test_one_is_not_many() -> None:
    assert list(losses(Meters(counters={"cut": 1}))) == ["1 record was cut short at the end of the file"]


def test_every_loss_that_the_engine_counts_has_a_name_of_its_own() -> None:
    counted = {name for name, _ in COUNTERS} | {"kernel_drops", "cut", "skipped"}
    assert set(LOSSES) <= counted


def test_a_summary_names_source_sizes_owners_and_events() -> None:
    meters = Meters(
        source="story.pcap",
        packets=12,
        bytes=3400,
        flows=2,
        owners={"ok": 1, "": 1},
        levels={"high": 1},
        attributed=0.5,
        matches={"": (0.25, 0.1), "cookie": (0.75, 0.9)},
        events=(EventMeter("lsof", True, "every 2 s"),),
        counters={"packets": 12, "malformed": 3, "full": 0},
    )
    said = "\n".join(summary(meters))
    for words in (
        "story.pcap",
        "12 (3,400 bytes)",
        "ok 1",
        "50 %",
        "cookie 75.0 % (90.0 %), nothing 25.0 %",
        "high 1",
        "lsof: every 2 s",
        "malformed   3",
    ):
        assert words in said
    assert "full" not in said
