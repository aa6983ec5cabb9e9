"""Columns that are facts of the row: times, ends, counters, link and IP headers.

Promise: vectorised; a pair is turned from sides A, B to source, destination by `init`; where a side sent nothing,
what only its packets could tell is MISSING. Formulas are Argus's (the ra manual), named where they stand.
Does not know: names, titles, formats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.flow.flows import Flows, Rows, sides
from ratop_py.flow.layout import Family
from ratop_py.kinds import MISSING, Addresses

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
SRC, DST = 0, 1
PORTLESS_IP = ~np.isin(np.arange(256), (6, 17, 33, 132, 136, 1, 58))
"""IP protocols without ports or what stands for them: all but TCP, UDP, DCCP, SCTP, UDP-Lite, ICMP."""


def pair(rows: Rows, name: str, side: int) -> NDArray[Any]:
    """One side of a pair column: what the source (0) or the destination (1) sent."""
    return sides(rows, name)[side]


def whole(name: str, side: int) -> Callable[[Flows], Whole]:
    """A pair column as integers."""
    return lambda flows: pair(flows.rows, name, side).astype(np.int64)


def both(name: str) -> Callable[[Flows], Whole]:
    """The sum of a pair column."""
    return lambda flows: flows.rows[name].sum(axis=1).astype(np.int64)


def heard(name: str, side: int, mask: int = -1, shift: int = 0) -> Callable[[Flows], Whole]:
    """Bits of a pair column that only a packet of that side can tell."""

    def get(flows: Flows) -> Whole:
        value = pair(flows.rows, name, side).astype(np.int64)
        value = value if mask < 0 else (value >> shift) & mask
        return np.where(pair(flows.rows, "pkts", side) > 0, value, MISSING)

    return get


def tagged(name: str, side: int, mask: int, shift: int = 0, less: int = 0) -> Callable[[Flows], Whole]:
    """Bits of a pair column in which 0 says that there is none."""

    def get(flows: Flows) -> Whole:
        value = pair(flows.rows, name, side).astype(np.int64)
        return np.where(value == 0, MISSING, ((value - less) >> shift) & mask)

    return get


def plain(name: str) -> Callable[[Flows], Whole]:
    """A single column as integers."""
    return lambda flows: flows.rows[name].astype(np.int64)


def note(name: str) -> Callable[[Flows], Whole]:
    """A single column of the notes as integers."""
    return lambda flows: flows.notes[name].astype(np.int64)


# -- times -------------------------------------------------------------------------------------------------------------


def stime(flows: Flows) -> Whole:
    """First packet, ns."""
    first = flows.rows["first"]
    return np.where(first == 0, np.iinfo(np.int64).max, first).min(axis=1)


def ltime(flows: Flows) -> Whole:
    """Last packet, ns."""
    return flows.rows["last"].max(axis=1).astype(np.int64)


def dur(flows: Flows) -> Whole:
    """Last minus first, ns; packets out of order never make it negative."""
    return np.maximum(ltime(flows) - stime(flows), 0)


def moment(name: str, side: int) -> Callable[[Flows], Whole]:
    """First or last packet of one side, ns."""

    def get(flows: Flows) -> Whole:
        value = pair(flows.rows, name, side).astype(np.int64)
        return np.where(value == 0, MISSING, value)

    return get


def span(side: int) -> Callable[[Flows], Whole]:
    """Duration of one side, ns."""

    def get(flows: Flows) -> Whole:
        first, last = moment("first", side)(flows), moment("last", side)(flows)
        return np.where(first == MISSING, MISSING, np.maximum(last - first, 0))

    return get


def synack(flows: Flows) -> Whole:
    """SYN to SYN+ACK, ns."""
    syn, answer = flows.rows["t_syn"], flows.rows["t_synack"]
    return np.where((syn > 0) & (answer >= syn), answer - syn, MISSING)


def ackdat(flows: Flows) -> Whole:
    """SYN+ACK to the initiator's ACK, ns."""
    answer, ack = flows.rows["t_synack"], flows.rows["t_ack"]
    return np.where((answer > 0) & (ack >= answer), ack - answer, MISSING)


def tcprtt(flows: Flows) -> Whole:
    """Argus: synack + ackdat, ns."""
    one, two = synack(flows), ackdat(flows)
    return np.where((one == MISSING) | (two == MISSING), MISSING, one + two)


# -- ends --------------------------------------------------------------------------------------------------------------


def address(side: int) -> Callable[[Flows], Addresses]:
    """The source's or the destination's address."""
    return lambda flows: ends(flows, np.full(len(flows), side))


def ends(flows: Flows, side: NDArray[Any]) -> Addresses:
    """Of each flow the address of the end that `side` names: 0 source, 1 destination, else none."""
    rows = flows.rows
    second = (rows["init"].astype(np.intp) ^ (side == DST)).astype(bool)
    chosen = np.where(second[:, None], rows["addr_b"], rows["addr_a"])
    family = np.where((side == SRC) | (side == DST), rows["family"], 0).astype(np.uint8)
    return Addresses(np.ascontiguousarray(chosen[:, 0]), np.ascontiguousarray(chosen[:, 1]), family)


def port(side: int) -> Callable[[Flows], Whole]:
    """The source's or the destination's port; MISSING where the protocol has none."""
    return lambda flows: ports(flows, np.full(len(flows), side))


def ports(flows: Flows, side: NDArray[Any]) -> Whole:
    """Of each flow the port of the end that `side` names."""
    rows = flows.rows
    second = (rows["init"].astype(np.intp) ^ (side == DST)).astype(bool)
    value = np.where(second, rows["port_b"], rows["port_a"]).astype(np.int64)
    ip = (rows["family"] == Family.IPV4) | (rows["family"] == Family.IPV6)
    none = ~ip | PORTLESS_IP[rows["proto"]] | ~((side == SRC) | (side == DST))
    return np.where(none, MISSING, value)


def mac(side: int, name: str = "mac") -> Callable[[Flows], Whole]:
    """A MAC of one side: `mac` its source address, `mac_to` the one its packets were handed to."""

    def get(flows: Flows) -> Whole:
        rows = flows.rows
        if name == "mac":
            of_a, of_b = number(rows["mac_a"]), number(rows["mac_b"])
        else:
            of_a, of_b = number(rows["mac_to_b"]), number(rows["mac_to_a"])
        second = (rows["init"] ^ side).astype(bool)
        sent = (rows["seen"] >> np.where(second, 5, 4)) & 1
        return np.where(sent == 1, np.where(second, of_b, of_a), MISSING)

    return get


def number(six: NDArray[Any]) -> Whole:
    """Six bytes as one number."""
    wide = six.astype(np.int64)
    return (wide << np.arange(40, -8, -8, dtype=np.int64)).sum(axis=1)


# -- sums --------------------------------------------------------------------------------------------------------------


def seconds(flows: Flows) -> Real:
    """Duration in seconds."""
    return dur(flows) / 1e9


def ratio(above: NDArray[Any], below: NDArray[Any]) -> Real:
    """Above / below, 0 where below is 0."""
    low = below.astype(np.float64)
    return np.divide(above.astype(np.float64), low, out=np.zeros(len(low)), where=low != 0)


def load(side: int | None) -> Callable[[Flows], Real]:
    """Argus: 8 · (bytes − ⌊bytes/packets⌋) / dur, per side; the sum of both."""

    def one(flows: Flows, each: int) -> Real:
        size = pair(flows.rows, "bytes", each).astype(np.int64)
        count = pair(flows.rows, "pkts", each).astype(np.int64)
        mean = size // np.maximum(count, 1)
        return ratio(8 * (size - mean), seconds(flows))

    return lambda flows: one(flows, SRC) + one(flows, DST) if side is None else one(flows, side)


def rate(side: int | None) -> Callable[[Flows], Real]:
    """Argus: (packets − 1) / dur."""

    def get(flows: Flows) -> Real:
        count = both("pkts")(flows) if side is None else whole("pkts", side)(flows)
        return ratio(np.maximum(count - 1, 0), seconds(flows))

    return get


def percent_lost(side: int | None) -> Callable[[Flows], Real]:
    """Argus: 100 · lost / (packets + lost)."""

    def get(flows: Flows) -> Real:
        lost = both("retrans")(flows) if side is None else whole("retrans", side)(flows)
        count = both("pkts")(flows) if side is None else whole("pkts", side)(flows)
        return 100 * ratio(lost, count + lost)

    return get


def pcr(flows: Flows) -> Real:
    """Argus: (sappbytes − dappbytes) / (sappbytes + dappbytes)."""
    out, back = whole("app", SRC)(flows), whole("app", DST)(flows)
    return ratio(out - back, out + back)


def mean_size(side: int) -> Callable[[Flows], Real]:
    """Bytes a packet."""
    return lambda flows: ratio(whole("bytes", side)(flows), whole("pkts", side)(flows))


def window(side: int) -> Callable[[Flows], Whole]:
    """Argus: window · 2^shift, if both sides offered scaling (RFC 7323 §2.2)."""

    def get(flows: Flows) -> Whole:
        rows = flows.rows
        raw = pair(rows, "win", side).astype(np.int64)
        shift = pair(rows, "wscale", side).astype(np.int64) - 1
        scaled = (rows["wscale"] > 0).all(axis=1)
        value = raw << np.where(scaled, np.clip(shift, 0, 14), 0)
        return np.where((rows["proto"] == 6) & (pair(rows, "pkts", side) > 0), value, MISSING)

    return get


def gap(side: int) -> Callable[[Flows], Whole]:
    """Argus's intpkt: mean time between packets of one side, ns."""

    def get(flows: Flows) -> Whole:
        count = whole("pkts", side)(flows)
        return np.where(count > 1, np.maximum(span(side)(flows), 0) // np.maximum(count - 1, 1), MISSING)

    return get


def jitter(side: int) -> Callable[[Flows], Whole]:
    """Standard deviation of the times between packets of one side, ns."""

    def get(flows: Flows) -> Whole:
        steps = np.maximum(whole("pkts", side)(flows) - 1, 1).astype(np.float64)
        mean = np.maximum(span(side)(flows), 0) / 1e9 / steps
        spread = np.sqrt(np.maximum(pair(flows.rows, "ipt2", side) / steps - mean * mean, 0.0))
        return np.where(whole("pkts", side)(flows) > 1, np.rint(spread * 1e9), MISSING).astype(np.int64)

    return get


def hops(side: int) -> Callable[[Flows], Whole]:
    """Argus: the next of 32, 64, 128, 255 minus the TTL."""

    def get(flows: Flows) -> Whole:
        ttl = heard("ttl", side)(flows)
        began = np.select([ttl <= 32, ttl <= 64, ttl <= 128], [32, 64, 128], 255)
        ip = (flows.rows["family"] == Family.IPV4) | (flows.rows["family"] == Family.IPV6)
        return np.where((ttl == MISSING) | ~ip, MISSING, began - ttl)

    return get
