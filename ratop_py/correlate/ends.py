"""One side of many flows, as plain values to look up: whole columns at once, a row only where it is asked for.

Promise: side "s" is the initiator's, "d" the other's; times are seconds.
Does not know: sockets, owners, which side is this machine.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Flows, Index, Rows, pick
from ratop_py.flow.layout import Life, Mark
from ratop_py.flow.states import State
from ratop_py.net.host import one_of

KEY = 41
"""Bytes of `owners.Key`."""
CLOSED = (State.CLO, State.RST, State.FINS)
RESET, ACK = np.uint8(4), np.uint8(16)
SYN_SEEN = 4
"""Bit of `seen`."""


class End(NamedTuple):
    """One end of one flow. No dataclass: made for thousands of flows a tick, and eight times quicker."""

    proto: int
    key: bytes
    local: int
    port: int
    there: int
    """The other end's port."""
    began: float
    """First packet, s."""
    last: float
    """Last packet, s; of a flow that may go on: now."""
    heard: float
    """Last packet, s."""
    target: bool
    """It was called; the other end began."""
    refused: bool
    """Its answer was a reset and nothing else, or an ICMP error said that nobody is there."""
    icmp: int
    whole: bool
    """A TCP connection that was seen from its SYN on: its socket is no older."""
    closed: bool
    """A TCP connection that is over: its socket is no younger."""


class Ends:
    """One side of these flows."""

    def __init__(self, flows: Flows, at: Index, side: str, now: float) -> None:
        rows = pick(flows.rows, at)
        self.target = side == "d"
        second = rows["init"] == (0 if self.target else 1)
        self.keys = _keys(rows, second)
        first = np.where(rows["first"] == 0, np.iinfo(np.int64).max, rows["first"]).min(axis=1) / 1e9
        heard = rows["last"].max(axis=1) / 1e9
        closed = one_of(rows["state"], CLOSED)
        over = closed | (rows["life"] != Life.LIVE)
        self.began: list[float] = first.tolist()
        self.heard: list[float] = heard.tolist()
        self.last: list[float] = np.where(over, heard, np.maximum(heard, now)).tolist()
        address = np.where(second[:, None], rows["addr_b"], rows["addr_a"])
        called = rows["tcp_flags"][np.arange(len(rows)), 1 - rows["init"].astype(np.intp)]
        reset = (rows["state"] == State.RST) & (called & RESET != 0) & (called & ~(RESET | ACK) == 0)
        self._rest = (
            rows["proto"],
            address[:, 0],
            address[:, 1],
            np.where(second, rows["port_b"], rows["port_a"]),
            np.where(second, rows["port_a"], rows["port_b"]),
            reset | (rows["marks"] & Mark.ICMP_UNREACH != 0),
            rows["icmp"],
            rows["seen"] & SYN_SEEN != 0,
            closed,
        )

    @cached_property
    def _rows(self) -> list[tuple[Any, ...]]:
        return list(zip(*(column.tolist() for column in self._rest), strict=True))

    def __getitem__(self, at: int) -> End:
        """One of them."""
        proto, high, low, port, there, refused, icmp, whole, closed = self._rows[at]
        began, last, heard = self.began[at], self.last[at], self.heard[at]
        local = high << 64 | low
        return End(
            proto, self.keys[at], local, port, there, began, last, heard, self.target, refused, icmp, whole, closed
        )


def _keys(rows: Rows, second: NDArray[Any]) -> list[bytes]:
    """`owners.Key` of each row: its first bytes, then which end it is."""
    if not len(rows):
        return []
    table = np.empty((len(rows), KEY), np.uint8)
    table[:, :-1] = rows.view(np.uint8).reshape(len(rows), -1)[:, : KEY - 1]
    table[:, -1] = second
    packed = table.tobytes()
    return [packed[place : place + KEY] for place in range(0, len(packed), KEY)]
