from __future__ import annotations

from ratop_py.engine.settings import FILE_CAPACITY, LIVE_CAPACITY, TIMEOUTS, Settings
from ratop_py.flow.layout import ROW_BYTES


def test_a_live_table_is_bounded_to_what_a_laptop_has() -> None:
    assert LIVE_CAPACITY * ROW_BYTES < 200 << 20
    assert FILE_CAPACITY > LIVE_CAPACITY


def test_open_connections_are_kept_longer_than_closed_ones() -> None:
    opened, half, closed, *_ = TIMEOUTS
    assert opened > half > closed > 0
    assert len(TIMEOUTS) == 6


def test_nothing_is_asked_for_by_default_but_all_interfaces_and_lsof() -> None:
    assert (Settings().interfaces, Settings().files, Settings().events) == ((), (), "auto")
