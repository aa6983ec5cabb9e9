"""What a value is: its unit, how it is read in a filter, how it is written in each format.

Promise: `Kind` is closed; a field has one. Missing values: MISSING in integer columns, NaN in float columns,
code 0 (the empty word) in text columns, family 0 in addresses.
Does not know: which fields exist.
"""

from __future__ import annotations

from enum import StrEnum

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
    """`view.Addresses`: IP or MAC, 128 bits and family"""
    MAC = "mac"
    """int64, 48 bits"""
    PORT = "port"
    """int64"""
    ID = "id"
    """int64, an identifier: equality only makes sense"""
    HEX = "hex"
    """int64, written in hexadecimal"""
    TEXT = "text"
    """`view.Text`: codes into words"""
    LIST = "list"
    """`view.Text` whose words are blank-separated lists"""
