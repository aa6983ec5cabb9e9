"""Numbers in narrow columns."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.tui import amounts


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "·"), (7, "7"), (999, "999"), (999.6, "1.0k"), (1200, "1.2k"), (41_000, "41k"), (940_000, "940k"),
     (1_200_000, "1.2M"), (9_949_999, "9.9M"), (9_950_000, "10M"), (math.nan, "–"), (-1, "–"), (math.inf, "–")],
)  # fmt: skip
def test_si_has_one_decimal_below_ten_and_none_above(value: float, text: str) -> None:
    assert amounts.si(value) == text


@given(st.floats(0, 1e21))
def test_si_takes_at_most_four_cells_and_a_unit(value: float) -> None:
    assert len(amounts.si(value)) <= 5
    assert len(amounts.si(value, "B")) <= 6


def test_bytes_and_rates_never_look_alike() -> None:
    assert amounts.si(3_300_000, "B") == "3.3MB"
    assert amounts.si(3_300_000) == "3.3M"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.84, "0.84s"), (9.0, "9.00s"), (9.996, "10s"), (31, "31s"), (66, "1m06"), (814, "13m34"), (3599.6, "1h00m"),
     (18_600, "5h10m"), (273_600, "3d04h"), (86_400 * 200, "200d"), (math.nan, "–")],
)  # fmt: skip
def test_durations_read_at_a_glance(seconds: float, text: str) -> None:
    assert amounts.duration(seconds) == text


@given(st.floats(0, 1e9))
def test_a_duration_takes_at_most_six_cells(seconds: float) -> None:
    assert len(amounts.duration(seconds)) <= 6


def test_the_header_says_bits() -> None:
    assert amounts.speed(24_600_000) == "24.6 Mb/s"
    assert amounts.speed(24_600_000, short=True) == "24.6M"
    assert amounts.speed(812) == "812 b/s"


def test_all_digits_are_grouped() -> None:
    assert amounts.full(1_234_567) == "1 234 567"
    assert amounts.full(0) == "·"


def test_ninety_nine_point_nine_is_not_all() -> None:
    assert amounts.percent(0.999) == "99 %"
    assert amounts.percent(1.0) == "100 %"


@given(st.floats(0, 1e12), st.integers(1, 20))
def test_a_bar_never_leaves_its_cells(value: float, size: int) -> None:
    assert len(amounts.bar(value, 100.0, 2e7, size)) <= size


def test_a_bar_grows_in_half_cells_on_a_log_scale() -> None:
    assert amounts.bar(100, 100, 1e8, 6) == ""
    assert amounts.bar(1e5, 100, 1e8, 6) == "━━━"
    assert amounts.bar(101, 100, 1e8, 6) == "╸"


@given(st.lists(st.floats(0, 1e12), max_size=80), st.integers(0, 40))
def test_a_spark_is_exactly_as_wide_as_asked(values: list[float], size: int) -> None:
    assert len(amounts.spark(values, size)) == size if size else True


def test_a_silent_spark_is_a_low_line() -> None:
    assert amounts.spark([0.0, 0.0], 3) == "▁▁ "


def test_a_far_time_shows_its_date() -> None:
    now = 1_785_618_847
    assert amounts.instant((now - 5) * 10**9 + 400_000_000, now)[-2:] == ".4"
    assert "-" in amounts.instant((now - 200_000) * 10**9, now)


def test_a_time_that_no_calendar_has_is_unknown() -> None:
    assert amounts.clock(1e30) == "–"


def test_lengths_in_sentences() -> None:
    assert amounts.spoken(14) == "14 s"
    assert amounts.spoken(130) == "2 min"
    assert amounts.spoken(3 * 86_400) == "3 d"
