"""The facts of a flow in the details, said shorter where their text is longer than a person needs.

Promise: what is not understood is shown as it came.
Does not know: where a fact comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui import amounts

SHORT = 1.0
"""Seconds below which a duration is said in ms."""


def said(name: str, text: str) -> str:
    """A fact as the details show it."""
    field = FIELDS.get(name)
    way = SAYINGS.get(field.kind) if field is not None else None
    if way is None:
        return text
    try:
        return way(text)
    except ValueError:
        return text


def _bits(text: str) -> str:
    return amounts.speed(float(text.removesuffix(" bit/s")))


def _octets(text: str) -> str:
    value = int(text)
    return f"{value} B" if value < 1000 else f"{amounts.si(value, 'B')} ({amounts.full(value)})"


def _count(text: str) -> str:
    return "0" if text == "0" else amounts.full(int(text))


def _duration(text: str) -> str:
    seconds = float(text.removesuffix(" s"))
    return f"{seconds * 1000:.3g} ms" if 0 < seconds < SHORT else amounts.duration(seconds)


def _time(text: str) -> str:
    """Universal time as it came, local time of day as it is shown."""
    at = datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC).astimezone()
    return f"{at:%H:%M:%S.%f}"[:-3] + f"{at: %d %b}"


SAYINGS: dict[Kind, Callable[[str], str]] = {
    Kind.BITRATE: _bits,
    Kind.BYTES: _octets,
    Kind.COUNT: _count,
    Kind.DURATION: _duration,
    Kind.TIME: _time,
}
