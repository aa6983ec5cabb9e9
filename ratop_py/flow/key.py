"""What makes two ends a connection's, as bytes that compare with a flow's row.

Promise: a key is the first 40 bytes of the row of a flow on the wire, and which end the socket is; `keys` makes of
columns what `key` makes of one.
Does not know: sockets, flows.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ratop_py.net.address import M64

Key = bytes
"""The first 40 bytes of a flow's row (both ends in order, ports, protocol, family, depth 0), then 0 where the socket
stands at end A, 1 at end B."""
V4 = 0xFFFF
_KEY = struct.Struct("<QQQQHHBBBBB")
_COLUMNS = np.dtype(
    [
        *((name, "<u8") for name in ("a_hi", "a_lo", "b_hi", "b_lo")),
        *((name, "<u2") for name in ("a_port", "b_port")),
        *((name, "u1") for name in ("proto", "family", "depth", "coded", "side")),
    ]
)
"""The same, as numpy has it."""


class Ends(NamedTuple):
    """One end of many flows."""

    hi: NDArray[np.uint64]
    lo: NDArray[np.uint64]
    port: NDArray[np.uint16]


def key(proto: int, here: tuple[int, int], there: tuple[int, int]) -> Key:
    """Key of the socket at (address, port) `here` that speaks to `there`."""
    (low, lport), (high, hport) = (here, there) if here <= there else (there, here)
    family = 4 if low >> 32 == V4 and high >> 32 == V4 else 6
    return _KEY.pack(low >> 64, low & M64, high >> 64, high & M64, lport, hport, proto, family, 0, 0, here > there)


def keys(proto: NDArray[np.uint8], family: NDArray[np.uint8], here: Ends, there: Ends) -> list[Key]:
    """Keys of many; `family` 4 or 6."""
    second = _greater(here, there)
    table = np.zeros(len(proto), _COLUMNS)
    for part in ("hi", "lo", "port"):
        mine, other = getattr(here, part), getattr(there, part)
        table[f"a_{part}"] = np.where(second, other, mine)
        table[f"b_{part}"] = np.where(second, mine, other)
    table["proto"], table["family"], table["side"] = proto, family, second
    packed, size = table.tobytes(), _COLUMNS.itemsize
    return [packed[at : at + size] for at in range(0, len(packed), size)]


def _greater(one: Ends, other: Ends) -> NDArray[np.bool_]:
    port = one.port > other.port
    lo = np.where(one.lo == other.lo, port, one.lo > other.lo)
    return np.where(one.hi == other.hi, lo, one.hi > other.hi)
