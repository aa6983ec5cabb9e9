"""What a value is: its unit, and the columns that hold many of them.

Promise: `Kind` is closed; a field has one. Missing values: MISSING in integer columns, NaN in float columns,
code 0 (the empty word) in text columns, family 0 in addresses.
Does not know: which fields exist.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

MISSING = -1
"""Stands in an integer column where there is no value (no such packet, no port)."""


class Kind(StrEnum):
    """What a column holds."""

    COUNT = "count"
    """int64, a number of things"""
    BYTES = "bytes"
    """int64, bytes"""
    BITRATE = "bitrate"
    """float64, bits/s"""
    RATE = "rate"
    """float64, things/s"""
    NUMBER = "number"
    """float64, no unit"""
    PERCENT = "percent"
    """float64"""
    TIME = "time"
    """int64, ns since the epoch"""
    DURATION = "duration"
    """int64, ns"""
    ADDRESS = "address"
    """`Addresses`: IP or MAC, 128 bits and family"""
    MAC = "mac"
    """int64, 48 bits"""
    PORT = "port"
    """int64"""
    ID = "id"
    """int64, an identifier: equality only makes sense"""
    HEX = "hex"
    """int64, written in hexadecimal"""
    TEXT = "text"
    """`Text`: codes into words"""
    LIST = "list"
    """`Text` whose words are blank-separated lists"""


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A column of words: `words[codes[i]]`. Code 0 is the empty word."""

    codes: NDArray[np.int32]
    words: Sequence[str]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)

    def at(self, row: int) -> str:
        """The word in a row."""
        return self.words[self.codes[row]]


@dataclass(frozen=True, slots=True, eq=False)
class Addresses:
    """A column of addresses: two halves of 128 bits (IPv4 v4-mapped, a MAC in `lo`) and `layout.Family` (0: none)."""

    hi: NDArray[np.uint64]
    lo: NDArray[np.uint64]
    family: NDArray[np.uint8]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.lo)


Column = NDArray[Any] | Text | Addresses
"""A whole column: int64, float64, fixed bytes (ASCII, unique in most rows), words, or addresses."""
