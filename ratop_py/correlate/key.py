"""What makes two ends a connection's, as bytes that compare with a flow's row.

Promise: `key` is the first 40 bytes of the row of a flow on the wire, and which end the socket is.
Does not know: sockets, flows.
"""

from __future__ import annotations

import struct

from ratop_py.net.address import M64

Key = bytes
"""The first 40 bytes of a flow's row (both ends in order, ports, protocol, family, depth 0), then 0 where the socket
stands at end A, 1 at end B."""
V4 = 0xFFFF
_KEY = struct.Struct("<QQQQHHBBBBB")


def key(proto: int, here: tuple[int, int], there: tuple[int, int]) -> Key:
    """Key of the socket at (address, port) `here` that speaks to `there`."""
    (low, lport), (high, hport) = (here, there) if here <= there else (there, here)
    family = 4 if low >> 32 == V4 and high >> 32 == V4 else 6
    return _KEY.pack(low >> 64, low & M64, high >> 64, high & M64, lport, hport, proto, family, 0, 0, here > there)
