"""The state of the program itself: rates, drops, coverage, sources.

Promise: every loss that anybody counted is in `counters`, zero or not.
Does not know: how the numbers came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ratop_py.capture.source import Losses, Source
from ratop_py.engine.minute import sent
from ratop_py.events.socket import Health
from ratop_py.fields import FIELDS
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import Life
from ratop_py.kinds import Text
from ratop_py.view import Coverage, EventMeter, Meters

NAMED = frozenset({"ok", "shared", "listener"})
"""Owner words that name somebody."""
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
    size = sent(flows.rows)[here]
    total = float(size.sum())
    return float(known.mean()), float(size[known].sum() / total) if total else 0.0, tally(owner)


def event_meters(health: Health) -> tuple[EventMeter, ...]:
    """The source in use, then the better ones that are not."""
    taken = EventMeter(
        health.name,
        health.ok,
        health.words,
        told=health.listings,
        lost=health.dropped,
        failed=health.failures,
        cost=health.cost,
    )
    return taken, *(EventMeter(name, ok=False, words=why, taken=False) for name, why in health.standby)


def tally(column: Text) -> Mapping[str, int]:
    """How often each word stands there."""
    counts = np.bincount(column.codes, minlength=len(column.words))
    told: dict[str, int] = {}
    for word, count in zip(column.words, counts.tolist(), strict=False):
        if count and word:
            told[word] = told.get(word, 0) + count
    return told


def levels(flows: Flows) -> Mapping[str, int]:
    """Level of suspicion → number of flows."""
    level = FIELDS["level"].get(flows)
    assert isinstance(level, Text)
    return tally(level)


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
    minute: Coverage,
) -> Meters:
    """All of it."""
    share, share_bytes, owners = coverage(flows)
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
        coverage=minute,
        owners=owners,
        levels=levels(flows),
        events=event_meters(events),
        compiled=compiled,
        notices=notices,
    )
