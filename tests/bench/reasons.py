"""Who owns 10,000 flows that changed, and what speaks against their addresses: a tick at a very busy moment."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ratop_py.assess.spoof import Observer, assess
from ratop_py.correlate.attribute import attribute
from ratop_py.correlate.holders import Holders
from ratop_py.correlate.owners import Owners
from ratop_py.events.socket import Listing, Socket, SocketState
from ratop_py.flow.flows import Flows, Owner
from ratop_py.net.address import parse
from ratop_py.net.host import V4, HostNet, Interface, Neighbour, Prefix, Route
from tests.bench.figures import Spread, seconds
from tests.bench.tables import Row
from tests.helpers.fakefeed import CLOCK
from tests.helpers.flowsfeed import flows

TITLE = "Correlate and assess"
ABOUT = (
    "10,000 changed flows of this machine, 10,000 sockets known, 10 runs each. A tick at 2 Hz has 500 ms for all of it."
)
FLOWS, RUNS = 10_000, 10
SECOND = 1_000_000_000


def rows() -> Iterator[Row]:
    """Learn, attribute, assess."""
    some, host = located(flows(FLOWS)), home()
    sockets = listing(some)
    owners, holders, observer = Owners(), Holders(), Observer()
    owners.learn(sockets)
    found = attribute(some, owners, host, holders, [""], CLOCK)
    matched = int((found.columns["s_match"] > 0).sum())
    yield row("a listing of 10,000 sockets learned", seconds(lambda: Owners().learn(sockets), RUNS))
    what = f"10,000 flows attributed ({matched:,} found an owner)"
    yield row(what, seconds(lambda: attribute(some, owners, host, holders, [""], CLOCK), RUNS))
    foreign = HostNet(interfaces=(Interface("eth0", 1, (Prefix(parse("10.9.9.9")[0], V4 + 24),)),))
    taken = seconds(lambda: attribute(some, owners, foreign, holders, [""], CLOCK), RUNS)
    yield row("10,000 flows of others attributed (a mirror port)", taken)
    now = int(CLOCK) * SECOND
    yield row("10,000 flows assessed", seconds(lambda: assess(some, observer, host, now), RUNS))


def row(what: str, taken: Spread) -> Row:
    """Milliseconds; there is no goal but the tick."""
    taken = Spread(1000 * taken.least, 1000 * taken.middle, 1000 * taken.most)
    return Row(what, taken.words(" ms", 1), beside=f"{taken.middle * 1000 / FLOWS:.1f} µs a row")


def located(some: Flows) -> Flows:
    """The flows without owners yet, with MACs: this machine's, and the router's."""
    for name in ("s_holder", "s_match", "way", "risk"):
        some.notes[name] = 0
    for name, last in (("mac_a", 10), ("mac_to_b", 1), ("mac_b", 1), ("mac_to_a", 10)):
        if name in (some.rows.dtype.names or ()):
            some.rows[name] = np.array([2, 0, 0, 0, 0, last], np.uint8)
    return some


def home() -> HostNet:
    """This machine: 192.0.2.17/24 behind a router."""
    own, router = parse("192.0.2.17")[0], parse("192.0.2.1")[0]
    return HostNet(
        interfaces=(Interface("eth0", 0x02000000000A, (Prefix(own, V4 + 24),)),),
        routes=(Route(Prefix(0xFFFF_0000_0000, V4), router, "eth0"),),
        neighbours=(Neighbour(router, 0x020000000001, "REACHABLE", router=True, dev="eth0"),),
        srcid="here",
    )


def listing(some: Flows) -> Listing:
    """Every flow's socket, held by one of a hundred programs."""
    people = [(Owner(1000 + n, CLOCK - 9999, 1000, "ada", f"program{n}"),) for n in range(100)]
    rows = some.rows
    columns = (rows["addr_a"], rows["port_a"], rows["addr_b"], rows["port_b"])
    sockets = tuple(
        Socket(6, 4, a[0] << 64 | a[1], ap, b[0] << 64 | b[1], bp, SocketState.ESTABLISHED, people[n % 100])
        for n, (a, ap, b, bp) in enumerate(zip(*(column.tolist() for column in columns), strict=True))
    )
    return Listing("lsof", CLOCK - 1, CLOCK, complete=True, sockets=sockets)
