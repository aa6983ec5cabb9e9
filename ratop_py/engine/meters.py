"""The state of the program itself: rates, drops, coverage, sources.

Promise: every loss that anybody counted is in `counters`, zero or not.
Does not know: how the numbers came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ratop_py.capture.source import Losses, Source
from ratop_py.events.socket import Health
from ratop_py.fields import FIELDS
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Life
from ratop_py.kinds import Text
from ratop_py.view import EventMeter, Meters

NAMED = frozenset({"ok", "shared", "listener"})
"""Owner words that name somebody."""
MINUTE = 60.0
WAYS = {"none": 0, "in": 1, "out": 2, "both": 3}


def losses(all_of: Iterable[Losses]) -> dict[str, int]:
    """Capture losses of all sources, by the names that the screen shows."""
    known = list(all_of)
    return {
        "kernel_drops": sum(each.kernel for each in known),
        "ring_full": sum(each.freezes for each in known),
        "cut": sum(each.cut for each in known),
        "skipped": sum(each.skipped for each in known),
    }


def rates(flows: Flows) -> tuple[float, float]:
    """(towards this machine, from it) in bits/s, as its interfaces count: what it says to itself is both. Where no
    machine is known all of it is towards."""
    way = flows.notes["way"]
    out, back = flows.notes["s_bps"].astype(np.float64), flows.notes["d_bps"].astype(np.float64)
    if not way.any():
        return float(out.sum() + back.sum()), 0.0
    called, calling = way & WAYS["in"] > 0, way & WAYS["out"] > 0
    return float(out[called].sum() + back[calling].sum()), float(out[calling].sum() + back[called].sum())


def coverage(flows: Flows) -> tuple[float, float, Mapping[str, int]]:
    """(share of flows, share of bytes) with an owner, of those with an end on this machine; owner word → flows."""
    here = flows.notes["way"] > 0
    if not here.any():
        return 0.0, 0.0, {"unknown": len(flows)} if len(flows) else {}
    owner = FIELDS["owner"].get(flows)
    assert isinstance(owner, Text)
    named = np.array([word in NAMED for word in owner.words])
    known = named[owner.codes[here]]
    size = _bytes(flows)[here]
    total = float(size.sum())
    return float(known.mean()), float(size[known].sum() / total) if total else 0.0, tally(owner)


def _bytes(flows: Flows) -> NDArray[np.float64]:
    """Of both sides."""
    size = flows.rows["bytes"]
    return np.asarray(size[:, 0] + size[:, 1], np.float64)


def found(flows: Flows, now: float) -> Mapping[str, tuple[float, float]]:
    """How owners were found → (share of flows, of bytes), of those with an end here heard in the minute before."""
    last, since = flows.rows["last"], int((now - MINUTE) * 1e9)
    here = (flows.notes["way"] > 0) & ((last[:, 0] > since) | (last[:, 1] > since))
    column = FIELDS["match"].get(flows)
    assert isinstance(column, Text)
    codes, size = column.codes[here], _bytes(flows)[here]
    flow_share = np.bincount(codes, minlength=len(column.words)) / max(1, len(codes))
    byte_share = np.bincount(codes, size, minlength=len(column.words)) / max(1.0, float(size.sum()))
    told = zip(column.words, flow_share.tolist(), byte_share.tolist(), strict=True)
    return {word: (of_flows, of_bytes) for word, of_flows, of_bytes in told if of_flows}


def tally(column: Text) -> Mapping[str, int]:
    """How often each word stands there."""
    counts = np.bincount(column.codes, minlength=len(column.words))
    told: dict[str, int] = {}
    for word, count in zip(column.words, counts.tolist(), strict=False):
        if count and word:
            told[word] = told.get(word, 0) + count
    return told


def measure(
    flows: Flows,
    *,
    counters: Mapping[str, int],
    sources: Sequence[Source],
    events: Health,
    state: str,
    reason: str,
    clock: float,
    began: float,
    compiled: bool,
    notices: tuple[str, ...],
    evicted: int,
) -> Meters:
    """All of it."""
    share, share_bytes, owners = coverage(flows)
    level = FIELDS["level"].get(flows)
    assert isinstance(level, Text)
    rx, tx = rates(flows)
    extra = {"events_dropped": events.dropped, "events_failed": events.failures, "owners_evicted": evicted}
    return Meters(
        source=", ".join(source.name for source in sources),
        state=state,
        reason=reason,
        clock=clock,
        began=began,
        flows=len(flows),
        live_flows=int((flows.rows["life"] == Life.LIVE).sum()),
        packets=counters["packets"],
        bytes=counters["bytes"],
        rx_bps=rx,
        tx_bps=tx,
        counters={**counters, **losses(source.losses() for source in sources), **extra},
        attributed=share,
        attributed_bytes=share_bytes,
        matches=found(flows, clock),
        owners=owners,
        levels=tally(level),
        events=(EventMeter(events.name, events.ok, events.words),),
        compiled=compiled,
        notices=notices,
    )
