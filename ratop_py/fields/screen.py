"""Columns seen from this machine: the peer, and what came in and went out a second.

Promise: where this machine is at no end, or at both, the peer is the destination.
Does not know: the screen.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields import owners
from ratop_py.fields.facts import ends, ports
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Family
from ratop_py.kinds import MISSING, Addresses, Text

IN = 1
"""`way` of flows that a peer began."""


def _peer_is_b(flows: Flows) -> NDArray[Any]:
    """The source of what came in, else the destination."""
    return (flows.rows["init"] == 0) ^ (flows.notes["way"] == IN)


def peer(flows: Flows) -> Addresses:
    """The address of the end that is not this machine."""
    return ends(flows, _peer_is_b(flows))


def pport(flows: Flows) -> NDArray[np.int64]:
    """Its port."""
    return ports(flows, _peer_is_b(flows))


def rx(flows: Flows) -> NDArray[np.float64]:
    """bits/s towards this machine; of flows of others, what the destination sent."""
    return np.where(flows.notes["way"] == IN, flows.notes["s_bps"], flows.notes["d_bps"]).astype(np.float64)


def tx(flows: Flows) -> NDArray[np.float64]:
    """bits/s from this machine; of flows of others, what the source sent."""
    return np.where(flows.notes["way"] == IN, flows.notes["d_bps"], flows.notes["s_bps"]).astype(np.float64)


def bps(flows: Flows) -> NDArray[np.float64]:
    """bits/s both ways."""
    return flows.notes["s_bps"].astype(np.float64) + flows.notes["d_bps"].astype(np.float64)


def peernet(flows: Flows) -> Text:
    """The network of the peer, as an allocation is mostly no smaller: /24, of IPv6 /48 (RFC 6177 §2)."""
    ends = peer(flows)
    four = np.isin(ends.family, (Family.IPV4, Family.ARP, Family.RARP))
    six = ends.family == Family.IPV6
    of_four, of_six = ends.lo & np.uint64(0xFFFFFF00), ends.hi & np.uint64(0xFFFF_FFFF_FFFF_0000)
    none = np.uint64(0)  # below the prefix is room for a mark: 1, of IPv6 2
    key = np.where(four, of_four | np.uint64(1), np.where(six, of_six | np.uint64(2), none))
    distinct, codes = np.unique(key, return_inverse=True)
    return Text(codes.reshape(-1).astype(np.int32) + 1, ["", *(_network(int(each)) for each in distinct)])


def _network(key: int) -> str:
    if not key & 3:
        return ""
    if key & 1:
        return f"{IPv4Address(key & 0xFFFFFF00)}/24"
    return f"{IPv6Address((key & ~0xFFFF) << 64)}/48"


def peers(flows: Flows) -> NDArray[np.int64]:
    """1 of each flow that has one."""
    return (peer(flows).family > 0).astype(np.int64)


def programs(flows: Flows) -> NDArray[np.int64]:
    """1 of each flow whose program is known."""
    return (owners.numbers(lambda owner: owner.pid)(flows) != MISSING).astype(np.int64)
