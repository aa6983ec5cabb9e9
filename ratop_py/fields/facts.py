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

from ratop_py.flow.flows import Flows, Rows
from ratop_py.flow.layout import Family, Mark
from ratop_py.kinds import MISSING, Addresses

Whole = NDArray[np.int64]
Real = NDArray[np.float64]
SRC, DST = 0, 1
PORTLESS_IP = ~np.isin(np.arange(256), (6, 17, 33, 132, 136, 1, 58))
"""IP protocols without ports or what stands for them: all but TCP, UDP, DCCP, SCTP, UDP-Lite, ICMP."""

IP_HEADER = frozenset({"ttl", "ttl_min", "ttl_max", "tos"})
"""Columns that the header of IPv4 or IPv6 tells."""


def pair(rows: Rows, name: str, side: int) -> NDArray[Any]:
    """One side of a pair column: what the source (0) or the destination (1) sent."""
    both_sides = rows[name]
    return np.where(rows["init"] == side, both_sides[:, 0], both_sides[:, 1])


def whole(name: str, side: int) -> Callable[[Flows], Whole]:
    """A pair column as integers."""
    return lambda flows: pair(flows.rows, name, side).astype(np.int64)


def both(name: str) -> Callable[[Flows], Whole]:
    """The sum of a pair column."""
    return lambda flows: flows.rows[name][:, 0].astype(np.int64) + flows.rows[name][:, 1].astype(np.int64)


def has(rows: Rows, name: str) -> NDArray[np.bool_]:
    """Rows whose packets have the header that tells this column."""
    if name in IP_HEADER:
        return (rows["family"] == Family.IPV4) | (rows["family"] == Family.IPV6)
    if name == "ipid":
        return rows["family"] == Family.IPV4
    return rows["proto"] == 6 if name == "base_seq" else np.ones(len(rows), bool)


def heard(name: str, side: int, mask: int = -1, shift: int = 0) -> Callable[[Flows], Whole]:
    """Bits of a pair column that only a packet of that side can tell."""

    def get(flows: Flows) -> Whole:
        value = pair(flows.rows, name, side).astype(np.int64)
        value = value if mask < 0 else (value >> shift) & mask
        return np.where((pair(flows.rows, "pkts", side) > 0) & has(flows.rows, name), value, MISSING)

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


def one(flows: Flows) -> Whole:
    """1 for each flow: groups add them up."""
    return np.ones(len(flows), np.int64)


def icmp(shift: int) -> Callable[[Flows], Whole]:
    """Type (shift 8) or code (0) of ICMP flows."""

    def get(flows: Flows) -> Whole:
        rows = flows.rows
        there = ((rows["proto"] == 1) | (rows["proto"] == 58)) & (rows["marks"] & Mark.FRAG_ONLY == 0)
        return np.where(there, (rows["icmp"].astype(np.int64) >> shift) & 0xFF, MISSING)

    return get


# -- times -------------------------------------------------------------------------------------------------------------


def stime(flows: Flows) -> Whole:
    """First packet, ns."""
    of_a, of_b = flows.rows["first"].T
    return np.where((of_b == 0) | ((of_a != 0) & (of_a < of_b)), of_a, of_b)


def ltime(flows: Flows) -> Whole:
    """Last packet, ns."""
    return np.maximum(*flows.rows["last"].T)


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
    return lambda flows: ends(flows, flows.rows["init"] != side)


def ends(flows: Flows, second: NDArray[np.bool_]) -> Addresses:
    """Of each flow the address of side B where `second`, else of A."""
    of_a, of_b = flows.rows["addr_a"], flows.rows["addr_b"]
    hi, lo = (np.where(second, of_b[:, half], of_a[:, half]) for half in (0, 1))
    return Addresses(hi, lo, flows.rows["family"].copy())


def port(side: int) -> Callable[[Flows], Whole]:
    """The source's or the destination's port; MISSING where the protocol has none."""
    return lambda flows: ports(flows, flows.rows["init"] != side)


def ports(flows: Flows, second: NDArray[np.bool_]) -> Whole:
    """Of each flow the port of side B where `second`, else of A."""
    rows = flows.rows
    value = np.where(second, rows["port_b"], rows["port_a"]).astype(np.int64)
    ip = (rows["family"] == Family.IPV4) | (rows["family"] == Family.IPV6)
    return np.where(ip & ~PORTLESS_IP[rows["proto"]], value, MISSING)


def mac(side: int, name: str = "mac") -> Callable[[Flows], Whole]:
    """A MAC of one side: `mac` its source address, before it sends the one its packets are handed to (as Argus);
    `mac_to` the one that its own frames were handed to."""

    def get(flows: Flows) -> Whole:
        rows = flows.rows
        second = rows["init"] != side
        sent = _sent_with_mac(rows, second)
        if name == "mac":
            own, handed = _of(rows, "mac", second), _of(rows, "mac_to", second)
            there = sent | _sent_with_mac(rows, ~second)
            return np.where(there, np.where(sent, own, handed), MISSING)
        return np.where(sent, _of(rows, "mac_to", ~second), MISSING)

    return get


def _sent_with_mac(rows: Rows, second: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return (rows["seen"] >> np.where(second, 5, 4)) & 1 == 1


def _of(rows: Rows, name: str, second: NDArray[np.bool_]) -> Whole:
    return number(np.where(second[:, None], rows[f"{name}_b"], rows[f"{name}_a"]))


def number(six: NDArray[Any]) -> Whole:
    """Six bytes as one number."""
    wide = np.zeros((len(six), 8), np.uint8)
    wide[:, 2:] = six
    return wide.view(">i8")[:, 0].astype(np.int64)


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
        return np.where(ttl == MISSING, MISSING, began - ttl)

    return get
