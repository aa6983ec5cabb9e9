"""One value as a person reads it, full and unabbreviated.

Promise: empty where there is no value. What `details` and tooltips show; formats of output are `export`'s.
Does not know: columns' widths.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ratop_py.kinds import MISSING, Addresses, Column, Kind, Text
from ratop_py.net.address import mac_text, text


def text_of(kind: Kind, column: Column, row: int) -> str:
    """The value in a row."""
    if isinstance(column, Text):
        return column.at(row)
    if isinstance(column, Addresses):
        return text(int(column.hi[row]) << 64 | int(column.lo[row]), int(column.family[row]))
    value = column[row].item()
    if isinstance(value, bytes):
        return value.decode("ascii", "replace")
    if value == MISSING or value != value:
        return ""
    return _number(kind, value)


def _number(kind: Kind, value: Any) -> str:
    if kind is Kind.TIME:
        whole, rest = divmod(value, 1_000_000_000)
        return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%d %H:%M:%S}.{rest // 1000:06d}"
    if kind is Kind.MAC:
        return mac_text(value)
    return FORMS.get(kind, "{}").format(value / 1e9 if kind is Kind.DURATION else value)


FORMS = {
    Kind.DURATION: "{:.6f} s",
    Kind.HEX: "0x{:04x}",
    Kind.BITRATE: "{:.0f} bit/s",
    Kind.RATE: "{:.3f}",
    Kind.NUMBER: "{:.3f}",
    Kind.PERCENT: "{:.3f}",
}
