"""Columns into an order: several keys, missing values last, ties by flow id.

Promise: the same flows give the same order, whatever order they come in; equal rows never swap between two looks.
Does not know: views, windows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.kinds import MISSING, Addresses, Column, Text

Key = NDArray[Any]


def ranks(columns: Sequence[tuple[Column, bool]], ids: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Row numbers in order; each column comes with whether it descends; the first decides."""
    keys = narrowed(key for column, descending in columns for key in keys_of(column, descending))
    by_id = None if is_sorted(ids) else np.argsort(ids)
    if not keys:
        return np.arange(len(ids)) if by_id is None else by_id
    if by_id is None:
        return _stable(keys)
    return by_id[_stable([key[by_id] for key in keys])]


def _stable(keys: Sequence[Key]) -> NDArray[np.intp]:
    return np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1])


def narrowed(keys: Iterable[Key]) -> list[Key]:
    """Keys that order the same in digits of 16 bits, which numpy sorts much faster; without those that never differ."""
    return [digit for key in keys for digit in _digits(_counted(key))]


def _counted(key: Key) -> Key:
    """Floating-point numbers as unsigned ones in the same order: IEEE 754 wants only the negative ones turned."""
    if key.dtype.kind != "f":
        return key
    whole = np.where(np.isnan(key), 0, key + 0.0)  # one NaN, one zero: ties are ties
    bits = whole.view(f"u{whole.itemsize}")
    top = bits.dtype.type(1 << (8 * whole.itemsize - 1))
    return np.where(bits & top, ~bits, bits | top)


def _digits(key: Key) -> list[Key]:
    """Most significant first."""
    low, high = (int(key.min()), int(key.max())) if len(key) else (0, 0)
    if low == high:
        return []
    whole = key if key.itemsize == 8 else key.astype(np.int64)
    above = whole.view(np.uint64) - np.uint64(low % (1 << 64))
    return [(above >> np.uint64(at)).astype(np.uint16) for at in range(0, (high - low).bit_length(), 16)][::-1]


def is_sorted(ids: NDArray[np.uint64]) -> bool:
    """Whether each id is greater than the one before."""
    return bool((ids[1:] > ids[:-1]).all())


def keys_of(column: Column, descending: bool) -> list[Key]:
    """Ascending keys that sort the column as wanted, most significant first; missing values come last both ways."""
    if isinstance(column, Text):
        return [_words(column, descending)]
    if isinstance(column, Addresses):
        none = column.family == 0
        parts = [~part if descending else part for part in (column.hi, column.lo)]
        return [none, *(np.where(none, np.uint64(0), part) for part in parts)] if none.any() else parts
    if column.dtype.kind == "S":
        return [_words(_text(column), descending)]
    return _numbers(column, descending)


def _numbers(column: NDArray[Any], descending: bool) -> list[Key]:
    none = np.isnan(column) if column.dtype.kind == "f" else column == MISSING
    key = -column if descending else column
    return [none, key] if none.any() else [key]


def _text(column: NDArray[Any]) -> Text:
    words, codes = np.unique(column, return_inverse=True)
    return Text(codes.reshape(-1).astype(np.int32), [word.decode("ascii", "replace") for word in words])


def _words(column: Text, descending: bool) -> Key:
    """Rank of each word, without regard to case; the empty word last."""
    distinct = sorted({word for word in column.words if word}, key=lambda word: (word.casefold(), word))
    if descending:
        distinct.reverse()
    rank = {word: at for at, word in enumerate(distinct)}
    table = np.array([rank.get(word, len(rank)) for word in column.words], np.int64)
    return table[column.codes]
