"""Packets once more."""

from __future__ import annotations

from pathlib import Path

import pytest

from ratop_py.capture.kept import Kept
from ratop_py.engine.again import Again
from ratop_py.engine.settings import Settings
from ratop_py.errors import RatopError
from ratop_py.flow.table import Table
from tests.helpers import frames as f

START = 1_700_000_000_000_000_000
ONE = f.ether(f.ip4(f.udp(b"hello"), 17))


def fed(again: Again) -> int:
    """Packets that come."""
    table = Table(100)
    again.feed(table.engine)
    return int(table.counters()["packets"])


def test_files_are_read_again_as_often_as_wanted(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(f.pcap([(START, ONE)] * 3))
    again = Again(Settings(files=(str(tmp_path / "a"), str(tmp_path / "b"))), None, tuple)
    assert again.why_not == ""
    assert fed(again) == fed(again) == 6
    assert again.interface(1) == again.interface(9) == ""


def test_kept_packets_come_with_the_names_of_their_interfaces() -> None:
    kept = Kept(1 << 20)
    kept.add_frame(ONE, len(ONE), START, 1, 1)
    again = Again(Settings(keep_packets=1 << 20), kept, lambda: ("lo", "eth0"))
    assert again.why_not == ""
    assert fed(again) == 1
    assert again.interface(1) == "eth0"


def test_packets_that_left_are_told() -> None:
    kept = Kept(1000)
    again = Again(Settings(keep_packets=1000), kept, tuple)
    assert again.gone == ""
    for _ in range(10):
        kept.add_frame(ONE, len(ONE), START, 1, 1)
    assert again.gone.startswith("6 packets had left")


@pytest.mark.parametrize(
    ("settings", "words"), [(Settings(), "packets are not kept"), (Settings(files=("-",)), "cannot be read twice")]
)
def test_where_there_are_none_it_says_why(settings: Settings, words: str) -> None:
    again = Again(settings, None, tuple)
    assert words in again.why_not
    with pytest.raises(RatopError, match=words) as caught:
        fed(again)
    assert "--keep-packets" in caught.value.hint


def test_a_file_that_went_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(RatopError):
        fed(Again(Settings(files=(str(tmp_path / "gone"),)), None, tuple))
