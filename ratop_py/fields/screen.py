"""Columns seen from this machine: the peer, and what came in and went out a second.

Promise: where this machine is at no end, or at both, the peer is the destination.
Does not know: the screen.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields.facts import ends, ports
from ratop_py.flow.flows import Flows
from ratop_py.kinds import Addresses

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
