"""Flows into groups: one row for all flows that agree in some fields.

Promise: a group shows what its flows agree in; sums add up to those of the flows; what flows of a group disagree on is
missing, never one of them by chance.
Does not know: order, windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields import FIELDS, Field, Merge
from ratop_py.fields.facts import pair
from ratop_py.fields.words import numbered
from ratop_py.flow.flows import Flows, sides
from ratop_py.flow.layout import Family, Life, note_dtype, row_dtype
from ratop_py.kinds import MISSING, Addresses, Column, Text

SUMS = ("pkts", "bytes", "app", "retrans")
LOOKS = np.arange(256)
"""Family → the family whose addresses read the same: ARP speaks of IPv4 addresses."""
LOOKS[[Family.ARP, Family.RARP]] = Family.IPV4


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which flows belong together: `starts` cuts `order` into runs."""

    by: tuple[str, ...]
    """The fields that the flows of a group agree in."""
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    ids: NDArray[np.uint64]
    """A stable number for each group's key."""

    @property
    def sizes(self) -> NDArray[np.intp]:
        """How many flows each group has."""
        return np.diff(np.append(self.starts, len(self.order)))

    def of(self, part: NDArray[np.intp]) -> NDArray[np.intp]:
        """The flows of some groups, group by group."""
        sizes = self.sizes[part]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.order[np.repeat(self.starts[part], sizes) + within]


def gather(flows: Flows, names: Sequence[str]) -> Groups:
    """Groups of flows by the values of these fields."""
    columns = [FIELDS[name].get(flows) for name in names]
    codes, count = np.zeros(len(flows), np.int64), 1
    for column in columns:
        more, places = _coded(column)
        codes, count = _packed(codes * more + places, count * more)
    place = codes.astype(np.uint16) if count <= 1 << 16 else codes  # numpy sorts 16 bits much faster
    order = np.argsort(place, kind="stable")
    new = np.arange(len(flows)) == 0
    new[1:] |= codes[order][1:] != codes[order][:-1]
    starts = np.flatnonzero(new)
    return Groups(tuple(names), order, starts, _numbered(columns, order[starts]))


def _packed(codes: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], int]:
    """The same numbering with no more numbers than there are rows."""
    if count <= max(len(codes), 1 << 16):
        return codes, count
    distinct, places = numbered(codes)
    return places.astype(np.int64), len(distinct)


def comparable(column: Column) -> list[NDArray[np.int64]]:
    """A column as integers that are equal where its values are."""
    if isinstance(column, Text):
        first: dict[str, int] = {}
        table = np.array([first.setdefault(word, at) for at, word in enumerate(column.words)], np.int64)
        return [table[column.codes]]
    if isinstance(column, Addresses):
        return [LOOKS[column.family], column.hi.view(np.int64), column.lo.view(np.int64)]
    if column.dtype.kind == "i":
        return [column.astype(np.int64)]
    return [np.unique(column, return_inverse=True)[1].reshape(-1).astype(np.int64)]


def _numbered(columns: Sequence[Column], firsts: NDArray[np.intp]) -> NDArray[np.uint64]:
    """FNV-1a over the values: the same group has the same number in every snapshot."""
    numbers = np.full(len(firsts), 0xCBF29CE484222325, np.uint64)
    for column in columns:
        for part in _stable(column, firsts):
            numbers = (numbers ^ part) * np.uint64(0x100000001B3)
    return numbers | np.uint64(1)


def _stable(column: Column, firsts: NDArray[np.intp]) -> Iterable[NDArray[np.uint64]]:
    """Numbers that depend on each value alone, not on what else the column holds."""
    if isinstance(column, Text):
        used, places = numbered(column.codes[firsts])
        return [digests(column.words[code].encode("utf-8", "replace") for code in used.tolist())[places]]
    if isinstance(column, Addresses) or column.dtype.kind == "i":
        return [part[firsts].view(np.uint64) for part in comparable(column)]
    if column.dtype.kind == "f":
        return [(column[firsts].astype(np.float64) + 0.0).view(np.uint64)]
    return [digests(column[firsts].tolist())]


def digests(values: Iterable[bytes]) -> NDArray[np.uint64]:
    """64 bits of each text: long enough that no two names meet in one."""
    texts = list(values)
    known = {text: int.from_bytes(blake2b(text, digest_size=8).digest(), "little") for text in set(texts)}
    return np.array([known[text] for text in texts], np.uint64)


def merged(flows: Flows, groups: Groups, names: Iterable[str]) -> dict[str, Column]:
    """The columns of the groups."""
    wanted = dict.fromkeys(names)
    derived = _rows(flows, groups) if any(FIELDS[name].merge is Merge.DERIVED for name in wanted) else flows
    return {name: _merge(FIELDS[name], flows, derived, groups) for name in wanted}


def _merge(field: Field, flows: Flows, derived: Flows, groups: Groups) -> Column:
    if field.name in groups.by:
        return _same(field.get(flows), groups, keep=True)
    if field.merge is Merge.DERIVED:
        return field.get(derived)
    if field.merge is Merge.DISTINCT:
        return _counted(FIELDS[field.of].get(flows), groups)
    column = field.get(flows)
    if field.merge is Merge.SAME or isinstance(column, Text | Addresses):
        return _same(column, groups, keep=field.merge is Merge.SAME)
    if field.merge is Merge.NONE or column.dtype.kind == "S":
        return _nothing(column, len(groups.starts))
    return _reduced(column[groups.order], field.merge, groups.starts)


def _reduced(ordered: NDArray[Any], how: Merge, starts: NDArray[np.intp]) -> NDArray[Any]:
    if not len(starts):
        return ordered[:0]
    if how is Merge.SUM:
        return np.add.reduceat(np.where(ordered == MISSING, 0, ordered), starts)
    if how is Merge.MOST:
        return np.maximum.reduceat(ordered, starts)
    large = np.iinfo(np.int64).max
    least = np.minimum.reduceat(np.where(ordered == MISSING, large, ordered), starts)
    return np.where(least == large, MISSING, least)


def _same(column: Column, groups: Groups, *, keep: bool) -> Column:
    """The value where all flows of a group agree."""
    firsts = groups.order[groups.starts]
    agree = np.full(len(firsts), keep)
    for part in comparable(column):
        ordered = part[groups.order]
        if len(firsts):
            low, high = np.minimum.reduceat(ordered, groups.starts), np.maximum.reduceat(ordered, groups.starts)
            agree &= low == high
    if isinstance(column, Text):
        return Text(np.where(agree, column.codes[firsts], 0).astype(np.int32), column.words)
    if isinstance(column, Addresses):
        family = np.where(agree, column.family[firsts], 0).astype(np.uint8)
        return Addresses(column.hi[firsts], column.lo[firsts], family)
    if column.dtype.kind == "S":
        return np.where(agree, column[firsts], b"")
    return np.where(agree, column[firsts], np.nan if column.dtype.kind == "f" else MISSING)


TABLE = 1 << 22
"""Pairs of group and value that are ticked off in a table; more of them are sorted."""


def _counted(column: Column, groups: Groups) -> NDArray[np.int64]:
    """How many different values, those that are missing aside."""
    sizes = groups.sizes
    count, codes = _coded(column)
    there = _there(column)[groups.order]
    row = np.repeat(np.arange(len(sizes)), sizes)[there]
    pairs = row * max(count, 1) + codes[groups.order[there]]
    if len(sizes) * count > TABLE:
        return np.bincount(np.unique(pairs) // max(count, 1), minlength=len(sizes)).astype(np.int64)
    seen = np.zeros(len(sizes) * count, bool)
    seen[pairs] = True
    return seen.reshape(len(sizes), count).sum(axis=1) if count else np.zeros(len(sizes), np.int64)


def _coded(column: Column) -> tuple[int, NDArray[np.int64]]:
    """(how many different values, the place of each among them)"""
    codes, count = np.zeros(len(column), np.int64), 1
    for part in comparable(column):
        distinct, places = numbered(part)
        codes, count = _packed(codes * len(distinct) + places, count * len(distinct))
    return count, codes


def _there(column: Column) -> NDArray[np.bool_]:
    if isinstance(column, Text):
        return np.array([bool(word) for word in column.words], bool)[column.codes]
    if isinstance(column, Addresses):
        return np.asarray(column.family > 0)
    return np.asarray(column != MISSING)


def _nothing(column: NDArray[Any], size: int) -> NDArray[Any]:
    if column.dtype.kind == "S":
        return np.zeros(size, column.dtype)
    return np.full(size, np.nan if column.dtype.kind == "f" else MISSING, column.dtype)


def _rows(flows: Flows, groups: Groups) -> Flows:
    """A row for each group that holds the sums, so that derived fields compute as they do for flows."""
    size = len(groups.starts)
    rows, notes = np.zeros(size, row_dtype()), np.zeros(size, note_dtype())
    if size:
        for name in SUMS:
            for side, values in enumerate(sides(flows.rows, name)):
                rows[name][:, side] = np.add.reduceat(values[groups.order], groups.starts)
        for side in (0, 1):
            for name, reduce, none in (("first", np.minimum, 1 << 62), ("last", np.maximum, 0)):
                ordered = pair(flows.rows, name, side)[groups.order]
                least = reduce.reduceat(np.where(ordered == 0, none, ordered), groups.starts)
                rows[name][:, side] = np.where(least == 1 << 62, 0, least)
        notes["risk"] = np.maximum.reduceat(flows.notes["risk"][groups.order], groups.starts)
        alive = np.maximum.reduceat((flows.rows["life"][groups.order] != Life.ENDED).astype(np.uint8), groups.starts)
        rows["life"] = np.where(alive > 0, Life.LIVE, Life.ENDED)
    return Flows(rows, notes)


def ended(flows: Flows, groups: Groups) -> NDArray[np.bool_]:
    """Groups all of whose flows have ended."""
    if not len(groups.starts):
        return np.zeros(0, bool)
    gone = (flows.rows["life"] == Life.ENDED)[groups.order].astype(np.uint8)
    return np.minimum.reduceat(gone, groups.starts) > 0
