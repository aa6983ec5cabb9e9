"""What the program itself has to say after its work, in words for stderr.

Promise: whatever was lost is said, even if nobody asked.
Does not know: where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ratop_py.view import Meters

LOSSES = {
    "kernel_drops": ("packet was", "packets were", "dropped by the kernel: the ring was full"),
    "full": ("packet of a new flow was", "packets of new flows were", "refused: the flow table was full"),
    "cut": ("record was", "records were", "cut short at the end of the file"),
    "broken": ("block or record was", "blocks or records were", "left out: it contradicts itself"),
    "skipped": ("block was", "blocks were", "of a kind that is not understood"),
    "unlinked": ("frame was", "frames were", "of a link type that is not understood"),
}
"""Counters that mean something is missing from the output."""


def losses(meters: Meters) -> Iterator[str]:
    """One sentence for everything that was lost."""
    for name, (one, many, what) in LOSSES.items():
        if count := meters.counters.get(name, 0):
            yield f"{count:,} {one if count == 1 else many} {what}"


def ways(meters: Meters) -> Iterator[str]:
    """How owners were found, the most first."""
    for word, (flows, size) in sorted(meters.matches.items(), key=lambda each: -each[1][0]):
        yield f"{word or 'nothing'} {100 * flows:.1f} % ({100 * size:.1f} %)"


def summary(meters: Meters) -> Iterator[str]:
    """Everything worth knowing, one line each."""
    yield f"source      {meters.source}"
    yield f"packets     {meters.packets:,} ({meters.bytes:,} bytes)"
    yield f"flows       {meters.flows:,}"
    if meters.owners:
        told = ", ".join(f"{word or 'not local'} {count:,}" for word, count in sorted(meters.owners.items()))
        yield f"owners      {told} ({100 * meters.attributed:.0f} % of local flows)"
    if meters.matches:
        yield f"found by    {', '.join(ways(meters))} (flows of the last minute, their bytes)"
    if meters.levels:
        yield "risk        " + ", ".join(f"{word} {count:,}" for word, count in sorted(meters.levels.items()))
    for event in meters.events:
        yield f"events      {event.name}: {event.words}"
    for name, count in meters.counters.items():
        if count and name not in {"packets", "bytes"}:
            yield f"{name:<11} {count:,}"
