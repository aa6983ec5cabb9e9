"""What the program itself has to say after its work, in words for stderr.

Promise: whatever was lost is said, even if nobody asked.
Does not know: where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ratop_py.view import Coverage, EventMeter, Meters

LOSSES = {
    "kernel_drops": ("packet was", "packets were", "dropped by the kernel: the ring was full"),
    "full": ("packet of a new flow was", "packets of new flows were", "refused: the flow table was full"),
    "cut": ("record was", "records were", "cut short at the end of the file"),
    "broken": ("block or record was", "blocks or records were", "left out: it contradicts itself"),
    "skipped": ("block was", "blocks were", "of a kind that is not understood"),
    "events_dropped": ("event of a socket was", "events of sockets were", "lost: owners may be missing"),
    "owners_evicted": ("socket was", "sockets were", "forgotten: too many to remember, owners may be missing"),
    "names_missed": ("packet was", "packets were", "not read for names: too many at a time"),
    "unlinked": ("frame was", "frames were", "of a link type that is not understood"),
}
"""Counters that mean something is missing from the output."""


def losses(meters: Meters) -> Iterator[str]:
    """One sentence for everything that was lost."""
    for name, (one, many, what) in LOSSES.items():
        if count := meters.counters.get(name, 0):
            yield f"{count:,} {one if count == 1 else many} {what}"


def summary(meters: Meters) -> Iterator[str]:
    """Everything worth knowing, one line each."""
    yield f"source      {meters.source}"
    yield f"packets     {meters.packets:,} ({meters.bytes:,} bytes)"
    yield f"flows       {meters.flows:,}"
    if meters.owners:
        told = ", ".join(f"{word or 'not local'} {count:,}" for word, count in sorted(meters.owners.items()))
        yield f"owners      {told} ({100 * meters.attributed:.0f} % of local flows)"
    yield from covered(meters.coverage)
    if meters.levels:
        yield "risk        " + ", ".join(f"{word} {count:,}" for word, count in sorted(meters.levels.items()))
    for event in meters.events:
        yield f"events      {event_words(event)}"
    for name, count in meters.counters.items():
        if count and name not in {"packets", "bytes"}:
            yield f"{name:<11} {count:,}"


def covered(coverage: Coverage, when: str = "") -> Iterator[str]:
    """How owners were found, and why others have none. `when`: what is said of the time in which they were heard."""
    if not coverage.flows:
        return
    when = when or (f"heard in the last {coverage.seconds:.0f} s" if coverage.seconds else "read")
    named, nobody, unknown = (f"{100 * each:.1f} %" for each in coverage.parts)
    yield (
        f"coverage    {counted(coverage.flows, 'flow')} with an end here {when}:"
        f" {named} named, {nobody} have no owner, {unknown} not known"
    )
    for title, shares in (("found by", coverage.found), ("no owner", coverage.missing)):
        for share in shares:
            flows, size = (f"{100 * each:.1f} %" for each in coverage.part([share]))
            why = f": {share.words}" if title == "no owner" else ""
            name = share.name if why else share.words
            yield f"{title:<11} {name} {flows} of flows ({share.flows:,}), {size} of bytes{why}"


def event_words(event: EventMeter) -> str:
    """One source: what it does, what it told, what it cost."""
    if not event.taken:
        return f"not {event.name}: {event.words}"
    counts = [f"told {event.told:,}", f"lost {event.lost:,}"]
    counts += [f"failed {event.failed:,}"] if event.failed else []
    return f"{event.name}: {'' if event.ok else 'not ok, '}{event.words}; {', '.join(counts)}, CPU {event.cost:.2f} s"


def counted(count: int, noun: str) -> str:
    """1 flow, 2 flows."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
