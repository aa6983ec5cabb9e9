from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.filter.literal import bare, mac, parse, prefix
from ratop_py.kinds import Kind

NOW = 1_700_000_000.0


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.BYTES, "1500", 1500), (Kind.BYTES, "10k", 10_000), (Kind.BYTES, "1.5M", 1_500_000), (Kind.BYTES, "4KiB", 4096),
        (Kind.BYTES, "2GB", 2_000_000_000), (Kind.COUNT, "0x1f", 31), (Kind.COUNT, "1e3", 1000), (Kind.BITRATE, "64k", 64_000),
        (Kind.BITRATE, "1.5Mb/s", 1_500_000), (Kind.DURATION, "2s", 2_000_000_000), (Kind.DURATION, "150ms", 150_000_000),
        (Kind.DURATION, "5", 5_000_000_000), (Kind.DURATION, "3us", 3000), (Kind.DURATION, "1.5h", 5400 * 10**9),
        (Kind.TIME, "-5m", (1_700_000_000 - 300) * 10**9), (Kind.TIME, "2023-11-14T22:13:20.25Z", 1_700_000_000_250_000_000),
        (Kind.TIME, "1700000000.5", 1_700_000_000_500_000_000), (Kind.PERCENT, "5%", 5), (Kind.MAC, "02:00:00:00:00:01", 0x020000000001),
        (Kind.HEX, "0x10", 16), (Kind.PORT, "443", 443),
    ],
)  # fmt: skip
def test_a_value_is_read_in_the_column_s_unit(kind: Kind, text: str, value: float) -> None:
    assert parse(kind, text, NOW) == value


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.BYTES, "1X"), (Kind.BYTES, "many"), (Kind.BYTES, "1e400"), (Kind.DURATION, "1e400"), (Kind.TIME, "1e400"), (Kind.DURATION, "2 bananas"), (Kind.TIME, "25:99"),
        (Kind.TIME, "2023-13-99"), (Kind.BITRATE, "5parsec"), (Kind.MAC, "02:00"), (Kind.COUNT, ""), (Kind.PORT, "70000"),
        (Kind.COUNT, "9" * 40), (Kind.COUNT, "nan"), (Kind.COUNT, "inf"),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_with_what_was_expected(kind: Kind, text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse(kind, text, NOW)


@given(st.sampled_from(list(Kind)), st.text(max_size=20))
def test_any_text_is_a_number_or_a_value_error(kind: Kind, text: str) -> None:
    try:
        value = parse(kind, text, NOW)
    except ValueError:
        return
    assert abs(value) < 2**63


@pytest.mark.parametrize(
    ("text", "bits"),
    [("10", 104), ("10/8", 104), ("192.168", 112), ("10.0.0.1", 128), ("2001:db8::/32", 32), ("0.0.0.0/0", 96)],
)
def test_networks_may_be_short_as_in_tcpdump(text: str, bits: int) -> None:
    assert prefix(text)[1] == bits


@pytest.mark.parametrize("text", ["10.0.0.1/33", "2001:db8::/129", "300.1.1.1", "abc", "", "10.0.0.0/x", "10.0.0.0/-1"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        prefix(text)


def test_six_bytes_with_colons_are_a_mac_where_an_address_may_stand() -> None:
    assert mac("01:80:c2:00:0:e") == 0x0180C200000E
    assert [mac(text) for text in ("::1", "2001:db8::1", "10.0.0.1", "1:2:3:4:5:6:7:8", "0180c200000e")] == [None] * 5


def test_only_a_number_without_a_unit_waits_for_one() -> None:
    assert bare("1.5")
    assert not bare("1.5M")
    assert not bare("M")


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
def test_times_are_local_as_on_the_screen_unless_they_say_where() -> None:
    assert parse(Kind.TIME, "17:13", NOW) == 1_699_999_980 * 10**9
    assert parse(Kind.TIME, "2023-11-14T17:13:20", NOW) == 1_700_000_000 * 10**9
    assert parse(Kind.TIME, "2023-11-14T22:13:20Z", NOW) == 1_700_000_000 * 10**9
    assert parse(Kind.TIME, "2023-11-14T23:13:20+01:00", NOW) == 1_700_000_000 * 10**9
