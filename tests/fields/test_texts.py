from __future__ import annotations

import numpy as np
import pytest

from ratop_py.fields.texts import text_of
from ratop_py.kinds import MISSING, Addresses, Kind, Text

WHOLE = [
    (Kind.TIME, 1_700_000_000_123_456_789, "2023-11-14 22:13:20.123456"),
    (Kind.DURATION, 1_500_000_000, "1.500000 s"),
    (Kind.MAC, 0x0200_0000_0001, "02:00:00:00:00:01"),
    (Kind.HEX, 100, "0x0064"),
    (Kind.BYTES, 5_000_000, "5000000"),
    (Kind.COUNT, 0, "0"),
    (Kind.PORT, 443, "443"),
]


@pytest.mark.parametrize(("kind", "value", "text"), WHOLE)
def test_a_number_is_written_in_full(kind: Kind, value: int, text: str) -> None:
    assert text_of(kind, np.array([value], np.int64), 0) == text


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [(Kind.BITRATE, 1e6, "1000000 bit/s"), (Kind.RATE, 0.5, "0.500"), (Kind.PERCENT, 19.047619, "19.048")],
)
def test_a_fraction_is_written_with_its_unit(kind: Kind, value: float, text: str) -> None:
    assert text_of(kind, np.array([value]), 0) == text


@pytest.mark.parametrize("kind", [kind for kind, _, _ in WHOLE])
def test_what_is_missing_is_empty(kind: Kind) -> None:
    assert text_of(kind, np.array([MISSING], np.int64), 0) == ""
    assert text_of(Kind.RATE, np.array([np.nan]), 0) == ""


def test_words_are_themselves() -> None:
    column = Text(np.array([0, 1], np.int32), ["", "ada"])
    assert [text_of(Kind.TEXT, column, at) for at in (0, 1)] == ["", "ada"]
    assert text_of(Kind.TEXT, np.array([b"1:abc="]), 0) == "1:abc="


def test_addresses_are_written_by_their_family() -> None:
    hi, lo = (
        np.array([0, 0x20010DB8 << 32, 0, 0], np.uint64),
        np.array([0xFFFF0A000001, 1, 0x020000000001, 9], np.uint64),
    )
    column = Addresses(hi, lo, np.array([4, 6, 3, 0], np.uint8))
    told = [text_of(Kind.ADDRESS, column, at) for at in range(4)]
    assert told == ["10.0.0.1", "2001:db8::1", "02:00:00:00:00:01", ""]
