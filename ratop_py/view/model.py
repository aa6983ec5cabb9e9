"""What a reader asks (`View`), and the immutable answer (`Snapshot`).

Promise: a Snapshot never changes, its text is safe to print, its columns have equal length and stand in the view's
order.
Does not know: whether the flows are live, from a file, or from history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ratop_py.kinds import Column


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    field: str
    descending: bool = True


@dataclass(frozen=True, slots=True)
class View:
    """A question. Everything a reader may want of flows, and nothing about how it is shown."""

    filter: str = ""
    group: tuple[str, ...] = ()
    """Fields to group by; empty: one row a flow."""
    order: tuple[Order, ...] = ()
    """Sort keys, the first decides; ties are broken by flow id. Empty: as they began."""
    limit: int | None = None
    """At most so many rows after ordering."""
    fields: tuple[str, ...] = ()
    """Columns wanted."""
    window: tuple[int, int] | None = None
    """(first row, how many) of the ordered rows to materialise; None: all."""
    anchor: int | None = None
    """Flow id whose rank is wanted even outside the window."""
    detail: int | None = None
    """Flow id whose details are wanted."""
    ended: bool = True
    """Also flows that have ended and are still kept."""
    tree: bool = False
    """One row a process, below its parent: what it holds and what its children hold, summed. `group` says nothing."""
    folded: frozenset[int] = frozenset()
    """Rows of the tree, by id, whose children are not shown."""
    sparks: int = 0
    """Seconds of past rates wanted with every row; 0: none."""
    at: float | None = None
    """Data clock, seconds since the epoch, of which is asked what there was then; None: now."""


@dataclass(frozen=True, slots=True)
class OwnerFacts:
    """One holder of a socket, as the details show it."""

    pid: int
    started: float | None
    user: str
    uid: int
    program: str
    exe: str
    cmdline: str
    ppid: int
    parent: str = ""
    container: str = ""
    netns: str = ""
    forebears: tuple[tuple[int, str], ...] = ()
    """(pid, program) of the parent's parent, its parent, and so on, as far as known."""


@dataclass(frozen=True, slots=True)
class OtherFlow:
    """Another flow of the same process."""

    flow_id: int
    proto: str
    ends: str
    """`source:port -> destination:port`"""
    bytes: int
    ended: bool


@dataclass(frozen=True, slots=True)
class NameFact:
    """A name that was heard for one end of a flow."""

    side: str
    """`src` or `dst`"""
    name: str
    how: str
    """dns (this machine asked, and the answer held the address), dns-other (another asked), sni, quic, ech (the client
    said so; with ech perhaps of another), ptr, mdns, llmnr: see docs/names.md."""
    at: float
    """When it was heard, seconds since the epoch."""

    @property
    def verified(self) -> bool:
        """More than a claim: this machine asked, and the answer held the address."""
        return self.how == "dns"


@dataclass(frozen=True, slots=True)
class SideFacts:
    """Who is at one end of a flow, and why we believe it."""

    side: str
    """`src` or `dst`"""
    local: bool
    """This end is this machine."""
    owner: str
    """ok, shared, listener, none, unknown, or empty where the end is not this machine."""
    match: str
    """Kind of match in words: exact 5-tuple, listener, bound port …"""
    source: str
    """Event source that told."""
    distance: float
    """Seconds between flow and sighting; 0: within."""
    why: str
    """A sentence: why this owner, or why none."""
    owners: tuple[OwnerFacts, ...]
    likely: tuple[OwnerFacts, ...] = ()
    """No owners, but evidence: who could have sent it by hand, or whose parent alone is known."""


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """One piece of evidence about a forged source."""

    code: str
    strength: str
    """P S W C U, see docs/risk"""
    points: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one flow."""

    flow_id: int
    facts: Mapping[str, str]
    """field name → text, all fields of the flow that have a value, in the order of `fields.FIELDS`."""
    sides: tuple[SideFacts, ...]
    risk: int
    level: str
    findings: tuple[FindingFacts, ...]
    silent: tuple[str, ...] = ()
    """Rules that could not be applied, and why: sentences."""
    others: tuple[OtherFlow, ...] = ()
    """Other flows of the process that stands for this one, most bytes first."""
    others_total: int = 0
    """How many of those there are."""
    names: tuple[NameFact, ...] = ()
    """What the ends were called on the wire, the surest first."""
    past: tuple[tuple[float, float], ...] = ()
    """(bits/s from the source, from the destination) of each of the last seconds, the newest last; empty: not kept."""


@dataclass(frozen=True, slots=True)
class EventMeter:
    """Health of one event source."""

    name: str
    ok: bool
    words: str
    """What it does, or why it is not taken."""
    taken: bool = True
    """False: a better source that is not in use, `words` say why."""
    told: int = 0
    """Facts or listings since it began."""
    lost: int = 0
    """Of these, what nobody could take in."""
    failed: int = 0
    """Looks that came to nothing."""
    cost: float = 0.0
    """CPU seconds, children included."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of what was heard."""

    name: str
    """Value of the field `match`, or of `ownerwhy`."""
    words: str
    """What it means: a few words of a match, a sentence of a reason."""
    flows: int
    bytes: int
    settled: bool = True
    """It is an answer: an owner, or that there is none. False: nobody knows."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How owners were found of the flows with an end on this machine, and why others have none."""

    found: tuple[Share, ...] = ()
    """By kind of match, the surest first."""
    missing: tuple[Share, ...] = ()
    """Those without an owner by reason, most flows first."""
    seconds: float = 60.0
    """Heard in so long a time before now, other bytes do not count; 0: of all that was read."""
    elsewhere: int = 0
    """Flows there are of which neither end is this machine."""
    placed: bool = True
    """This machine's addresses are known."""

    @property
    def flows(self) -> int:
        """All of them."""
        return sum(each.flows for each in (*self.found, *self.missing))

    @property
    def bytes(self) -> int:
        """Of all of them."""
        return sum(each.bytes for each in (*self.found, *self.missing))

    def part(self, shares: Iterable[Share]) -> tuple[float, float]:
        """Share 0…1 of flows, and of bytes, that some of them are."""
        told = tuple(shares)
        flows, size = sum(each.flows for each in told), sum(each.bytes for each in told)
        return flows / max(1, self.flows), size / max(1, self.bytes)

    @property
    def parts(self) -> tuple[float, float, float]:
        """Shares of flows with an owner, with nobody as the answer, and not known."""
        answered = tuple(each for each in self.missing if each.settled)
        unknown = tuple(each for each in self.missing if not each.settled)
        return self.part(self.found)[0], self.part(answered)[0], self.part(unknown)[0]


@dataclass(frozen=True, slots=True)
class Pulse:
    """One second of everything."""

    at: float
    """When it ended, seconds since the epoch (data clock)."""
    rx: float
    """bits/s towards this machine."""
    tx: float
    """bits/s from this machine."""
    alarms: int = 0
    """Flows that were of level high for the first time."""


@dataclass(frozen=True, slots=True)
class Meters:
    """What is not a row: the state of the program itself."""

    source: str = ""
    state: str = "starting"
    """starting, live, paused, replay, done, gone"""
    reason: str = ""
    """Why the state is not what a person hopes for, and what to do."""
    clock: float = 0.0
    """Data clock, seconds since the epoch: wall clock live, packet time in a file."""
    began: float = 0.0
    """When the capture or file began."""
    flows: int = 0
    live_flows: int = 0
    packets: int = 0
    bytes: int = 0
    rx_bps: float = 0.0
    """bits/s towards this machine (3 s mean); without a known machine: all traffic is rx."""
    tx_bps: float = 0.0
    pps: float = 0.0
    counters: Mapping[str, int] = field(default_factory=dict)
    """layout.COUNTERS and capture losses by name (`kernel_drops` …); zero ones included."""
    attributed: float = 0.0
    """Share 0…1 of live flows with an owner, of those with an end on this machine."""
    attributed_bytes: float = 0.0
    coverage: Coverage = field(default_factory=Coverage)
    owners: Mapping[str, int] = field(default_factory=dict)
    """owner word → number of flows"""
    levels: Mapping[str, int] = field(default_factory=dict)
    """level → number of flows"""
    events: tuple[EventMeter, ...] = ()
    """The sources in use, and the better ones that are not."""
    compiled: bool = True
    notices: tuple[str, ...] = ()
    """Sentences a person should see once."""
    oldest: float | None = None
    """Data clock of the earliest moment that can still be looked at; None: nothing is kept."""
    pulse: tuple[Pulse, ...] = ()
    """What was heard, second by second, the newest last: as far back as it is kept, bounded."""
    speed: float = 0.0
    """A file being played: times faster than it was recorded; 0: none is, or it is read as fast as can be."""
    position: float | None = None
    """Share 0…1 of the file that has been read; None: live, or not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """The answer to a View at one instant."""

    view: View
    generation: int
    """Counts the engine's ticks."""
    taken_at: float
    """Data clock, seconds since the epoch."""
    first: int
    """Rank of row 0 of this snapshot in the ordered rows."""
    matched: int
    """Rows that match the filter, after grouping and limit."""
    total: int
    """Flows there are, filter or not."""
    ids: NDArray[np.uint64]
    """Flow id of each row; of a group: a stable hash of its key."""
    columns: Mapping[str, Column]
    """By field name, for each of `view.fields`."""
    ended: NDArray[np.bool_]
    """Rows whose flow has ended."""
    anchor_rank: int | None = None
    sparks: NDArray[np.float32] | None = None
    """Row by second, the newest last: bits/s both ways. None: not asked for, or not kept."""
    meters: Meters = field(default_factory=Meters)
    detail: Detail | None = None

    def __len__(self) -> int:
        """Rows in this snapshot."""
        return len(self.ids)
