"""Snapshots made by hand: a few columns, a few rows."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping

import numpy as np

from ratop_py.view import Addresses, Column, Snapshot, Text, View


def words(*values: str) -> Text:
    """A column of words."""
    known = ["", *dict.fromkeys(value for value in values if value)]
    return Text(np.array([known.index(value) for value in values], np.int32), known)


def addresses(*values: str) -> Addresses:
    """A column of addresses; empty: none."""
    parsed = [ipaddress.ip_address(value) if value else None for value in values]
    whole = [0 if ip is None else int(ip) | (0xFFFF << 32 if ip.version == 4 else 0) for ip in parsed]
    return Addresses(
        np.array([value >> 64 for value in whole], np.uint64),
        np.array([value & (1 << 64) - 1 for value in whole], np.uint64),
        np.array([0 if ip is None else ip.version for ip in parsed], np.uint8),
    )


def numbers(*values: int) -> Column:
    """A column of whole numbers, times, durations …"""
    return np.array(values, np.int64)


def floats(*values: float) -> Column:
    """A column of numbers with a fraction."""
    return np.array(values, np.float64)


def snapshot(columns: Mapping[str, Column]) -> Snapshot:
    """A whole answer with these columns."""
    rows = len(next(iter(columns.values())))
    return Snapshot(
        view=View(fields=tuple(columns)),
        generation=1,
        taken_at=0.0,
        first=0,
        matched=rows,
        total=rows,
        ids=np.arange(1, rows + 1, dtype=np.uint64),
        columns=columns,
        ended=np.zeros(rows, np.bool_),
    )


def rows_of(snapshot: Snapshot, start: int, end: int) -> Snapshot:
    """Some rows of a snapshot, as an engine would give them piece by piece."""
    part: dict[str, Column] = {}
    for name, column in snapshot.columns.items():
        if isinstance(column, Text):
            part[name] = Text(column.codes[start:end], column.words)
        elif isinstance(column, Addresses):
            part[name] = Addresses(column.hi[start:end], column.lo[start:end], column.family[start:end])
        else:
            part[name] = column[start:end]
    return Snapshot(
        snapshot.view,
        1,
        0.0,
        start,
        snapshot.matched,
        snapshot.total,
        snapshot.ids[start:end],
        part,
        snapshot.ended[start:end],
    )


SECOND = 1_000_000_000


def story() -> Snapshot:
    """Two flows: one whole, one with nothing that may be missing."""
    return snapshot(
        {
            "stime": numbers(1_700_000_000 * SECOND + 5_000_000, 1_700_000_001 * SECOND),
            "dur": numbers(80_002_000, 0),
            "proto": words("tcp", "arp"),
            "saddr": addresses("10.0.0.1", "fe80::1"),
            "sport": numbers(42001, -1),
            "daddr": addresses("192.0.2.7", ""),
            "dport": numbers(80, -1),
            "sbytes": numbers(4814, 0),
            "svlan": numbers(0x0064, -1),
            "smac": numbers(0x020000000001, -1),
            "program": words('a "b", c', ""),
            "load": floats(1234.5678, float("nan")),
            "why": words("OWN BOGON", ""),
        }
    )
