"""Feeding frames to a table, and looking at what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ratop_py.flow.layout import Life
from ratop_py.flow.table import Table

MakeTable = Callable[..., Table]
"""Makes a table of one of the two modes: (capacity, inner)."""
START = 1_700_000_000_000_000_000
STEP = 1_000_000
"""1 ms between frames."""


def feed(table: Table, *frames: bytes, linktype: int = 1, wire: int = 0, start: int = START, step: int = STEP) -> None:
    """Frames one after the other; `wire`: their length on the wire, when they are cut."""
    for number, frame in enumerate(frames):
        table.engine.feed_frame(frame, wire or len(frame), start + number * step, linktype, 0)


def used(table: Table) -> list[Any]:
    """Rows in use, live or ended."""
    return [row for row in table.rows if row["life"] != Life.FREE]


def only(table: Table) -> Any:
    """The one flow there is."""
    (row,) = used(table)
    return row


def counts(table: Table) -> dict[str, int]:
    """Counters that are not zero."""
    return {name: value for name, value in table.counters().items() if value}


def port(row: Any) -> tuple[int, int]:
    """Both ports, A's first."""
    return int(row["port_a"]), int(row["port_b"])


def low(row: Any) -> tuple[int, int]:
    """Low halves of both addresses without the IPv4 prefix, A's first."""
    return int(row["addr_a"][1]) & 0xFFFFFFFF, int(row["addr_b"][1]) & 0xFFFFFFFF


def pair(row: Any, name: str) -> tuple[int, int]:
    """A pair column, A's first."""
    return int(row[name][0]), int(row[name][1])
