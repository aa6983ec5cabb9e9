"""What stands behind a comparison, by the field's kind: numbers with units, times, durations, addresses.

Promise: `parse` gives a number in the column's own unit, or says what was expected (ValueError with that sentence).
Does not know: fields, grammar.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ratop_py.filter import services
from ratop_py.kinds import Kind
from ratop_py.net.address import parse as parse_address
from ratop_py.net.address import parse_mac

_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zA-Zµ%/]*)")
_DECIMAL = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "p": 10**15}
_BINARY = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "": 1.0, "s": 1.0, "sec": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0,
    "d": 86400.0, "w": 604800.0,
}  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(\.\d{1,9})?)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d(T.*)?")
LEVELS = {"none": 0, "info": 12, "low": 24, "medium": 36, "high": 50}
"""Risk from which a level begins."""
FAR = 1 << 62


def parse(kind: Kind, text: str, now: float) -> float:
    """A value of this kind; `now` in seconds, for `-5m`."""
    return _READERS.get(kind, _count)(text, now)


def _split(text: str, expected: str) -> tuple[float, str]:
    match = _NUMBER.fullmatch(text)
    if not match or not abs(value := float(match[1])) < FAR:
        raise ValueError(expected)
    return value, match[2]


def _bounded(value: float, expected: str) -> float:
    if not abs(value) < FAR:
        raise ValueError(expected)
    return int(value) if value == int(value) else value


def _count(text: str, now: float) -> float:  # noqa: ARG001 - all readers have one shape
    expected = "a number is expected, as 98, 1.5M or 0x1f"
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,15}", text):
        return int(text, 16)
    value, unit = _split(text, expected)
    factor = _DECIMAL.get(unit.lower())
    if factor is None:
        raise ValueError(expected)
    return _bounded(value * factor, expected)


def _bytes(text: str, now: float) -> float:
    expected = "an amount of bytes is expected, as 1500, 10k, 1M or 4KiB"
    if text[:2] in ("0x", "0X"):
        return _count(text, now)
    value, unit = _split(text, expected)
    unit = unit.lower().removesuffix("bytes").removesuffix("b")
    factor = _DECIMAL.get(unit) or _BINARY.get(unit)
    if factor is None:
        raise ValueError(expected)
    return _bounded(value * factor, expected)


def _bits(text: str, now: float) -> float:  # noqa: ARG001
    expected = "a rate in bits a second is expected, as 9600, 64k or 1.5Mb/s"
    value, unit = _split(text, expected)
    unit = re.sub(r"(bit/s|bits/s|b/s|bps|bit|b)$", "", unit.lower())
    if unit not in _DECIMAL:
        raise ValueError(expected)
    return _bounded(value * _DECIMAL[unit], expected)


def _percent(text: str, now: float) -> float:
    return _count(text.removesuffix("%"), now)


def _duration(text: str, now: float) -> float:  # noqa: ARG001
    expected = "a duration is expected, as 2s, 150ms or 1.5h"
    value, unit = _split(text, expected)
    if unit not in _SECONDS:
        raise ValueError(expected)
    return _bounded(round(value * _SECONDS[unit] * 1e9), expected)


def _time(text: str, now: float) -> float:
    """Nanoseconds since the epoch: an epoch, `-5m` ago, a clock time of today, a date; local unless it says where."""
    expected = "a time is expected, as -5m, 14:30, 2026-11-24T14:30 or seconds since the epoch"
    if text[:1] in ("+", "-"):
        return _bounded(int(now * 1e9) + int(_duration(text, now)), expected)
    if clock := _CLOCK.fullmatch(text):
        return _today(clock, now, expected)
    if _DATE.fullmatch(text):
        return _dated(text, expected)
    value, unit = _split(text, expected)
    if unit:
        raise ValueError(expected)
    return _bounded(round(value * 1e9), expected)


def _today(clock: re.Match[str], now: float, expected: str) -> int:
    hour, minute, second = (int(part or 0) for part in clock.group(1, 2, 3))
    if hour > 23 or minute > 59 or second > 59:
        raise ValueError(expected)
    day = time.localtime(now)
    whole = time.mktime((day.tm_year, day.tm_mon, day.tm_mday, hour, minute, second, 0, 0, -1))
    return int(whole) * 10**9 + round(float(clock[4] or 0) * 1e9)


def _dated(text: str, expected: str) -> int:
    try:
        at = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        raise ValueError(expected) from None
    return (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1) * 1000


def bare(text: str) -> bool:
    """A number to which a unit may still come."""
    match = _NUMBER.fullmatch(text)
    return match is not None and not match[2]


def _mac(text: str, now: float) -> float:  # noqa: ARG001
    try:
        return parse_mac(text)
    except ValueError:
        raise ValueError("a MAC address is expected, as 02:00:5e:10:00:01") from None


def _port(text: str, now: float) -> float:  # noqa: ARG001
    return services.port(text)[0]


def mac(text: str) -> int | None:
    """A MAC of six bytes with colons between, where an address may stand; None: it is none."""
    return parse_mac(text) if re.fullmatch(r"[0-9A-Fa-f]{1,2}(:[0-9A-Fa-f]{1,2}){5}", text) else None


def prefix(text: str) -> tuple[int, int]:
    """(128-bit number, prefix length over 128 bits) of an address or CIDR; short IPv4 as in tcpdump: 10, 192.168/16."""
    expected = "an address or network is expected, as 10.0.0.1, 10.0.0.0/8 or 2001:db8::/32"
    head, sign, length = text.partition("/")
    try:
        short = re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}\.?", head)
        octets = head.strip(".").split(".")
        value, family = parse_address(".".join([*octets, "0", "0", "0"][:4]) if short else head)
        most = 32 if family == 4 else 128
        bits = int(length) if sign else 8 * len(octets) if short else most
    except ValueError:
        raise ValueError(expected) from None
    if not 0 <= bits <= most or (sign and not length.isdecimal()):
        raise ValueError(f"a prefix length from 0 to {most} is expected")
    return value, bits + 128 - most


_READERS: dict[Kind, Callable[[str, float], float]] = {
    Kind.BYTES: _bytes,
    Kind.BITRATE: _bits,
    Kind.PERCENT: _percent,
    Kind.DURATION: _duration,
    Kind.TIME: _time,
    Kind.MAC: _mac,
    Kind.PORT: _port,
}
