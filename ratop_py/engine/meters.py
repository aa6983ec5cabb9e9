"""The state of the program itself: rates, drops, coverage, sources.

Promise: every loss that anybody counted is in `counters`, zero or not.
Does not know: how the numbers came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.capture.source import Losses
from ratop_py.events.socket import Health
from ratop_py.flow.flows import Flows, sides
from ratop_py.view import EventMeter, Meters

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
    """(towards this machine, from it) in bits/s; where no machine is known all of it is towards."""
    way, out, back = flows.notes["way"], flows.notes["s_bps"].astype(np.float64), flows.notes["d_bps"].astype(np.float64)
    inward, outward = way == WAYS["in"], way == WAYS["out"]
    if not (inward | outward).any():
        return float(out.sum() + back.sum()), 0.0
    return (
        float(out[inward].sum() + back[outward].sum()),
        float(out[outward].sum() + back[inward].sum()),
    )


def coverage(flows: Flows, words: NDArray[Any]) -> tuple[float, float]:
    """(share of flows, share of bytes) with an owner, of those with an end on this machine.

    `words`: the owner word of each flow.
    """
    here = flows.notes["way"] > 0
    if not here.any():
        return 0.0, 0.0
    known = np.isin(words[here], ("ok", "shared", "listener"))
    size = sum(side[here].astype(np.float64) for side in sides(flows.rows, "bytes"))
    total = float(np.sum(size))
    return float(known.mean()), float(np.sum(size * known) / total) if total else 0.0


def tally(words: Iterable[str]) -> Mapping[str, int]:
    """How often each word stands there."""
    names, counts = np.unique(np.asarray(list(words), dtype=object), return_counts=True)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))


def event_meter(health: Health) -> EventMeter:
    """An event source's health, for the top bar."""
    return EventMeter(health.name, health.ok, health.words)


__all__ = ["Meters", "coverage", "event_meter", "losses", "rates", "tally"]
