"""Which MAC brings which address: routers are learned, and off-link sources that did not come through one are found.

Promise: a MAC that only sends first never becomes a router, however many prefixes it claims: that is the attack.
State is bounded and forgets what was not seen for an hour of packet time.
Does not know: ARP, owners.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from ratop_py.assess.address import Hit, name_of
from ratop_py.assess.ends import Ends
from ratop_py.assess.evidence import Finding
from ratop_py.flow.flows import Rows
from ratop_py.net.address import mac_text, text
from ratop_py.net.host import V4, HostNet, Mask, Prefix, within

GROUPS_NEEDED = 2
"""Distinct distant networks (/16, /32) that must have answered through a MAC before it is a router."""
MOST_ROUTERS = 256
MOST_STATIONS = 4096
HOUR = 3600 * 1_000_000_000
VIRTUAL = (
    (0x00005E000100, 8), (0x00005E000200, 8), (0x00000C07AC00, 8), (0x00000C9FF000, 12), (0x000573A00000, 12), (0x0007B4000000, 24),
)  # fmt: skip
"""VRRP, HSRP, GLBP virtual MACs: (first, free bits at the end)."""
PRIVATE = (
    Prefix(0xFFFF0A000000, V4 + 8), Prefix(0xFFFFAC100000, V4 + 12), Prefix(0xFFFFC0A80000, V4 + 16),
    Prefix(0xFFFF64400000, V4 + 10), Prefix(0xFC << 120, 7),
)  # fmt: skip
"""RFC 1918, RFC 6598, RFC 4193."""
GATEWAY_NEEDED = 3
"""Private off-link addresses with whole conversations that make a neighbour a gateway into private networks."""


@dataclass(slots=True)
class Links:
    """What was learned of MACs."""

    routers: OrderedDict[int, set[int]] = field(default_factory=OrderedDict)
    """MAC → groups that answered through it."""
    stations: OrderedDict[int, int] = field(default_factory=OrderedDict)
    """MAC → an on-link address that it uses."""
    gateways: OrderedDict[int, set[int]] = field(default_factory=OrderedDict)
    """Neighbour MAC → private off-link addresses behind it."""
    seen: dict[int, int] = field(default_factory=dict)
    """MAC → packet time, ns."""

    def known_routers(self, host: HostNet) -> frozenset[int]:
        """MACs of routers, told or learned."""
        learned = (mac for mac, groups in self.routers.items() if len(groups) >= GROUPS_NEEDED)
        return host.router_macs | frozenset(learned)


def is_virtual(mac: int) -> bool:
    """Whether a MAC belongs to a redundancy protocol."""
    return any(mac >> free == first >> free for first, free in VIRTUAL)


def group_of(address: int) -> int:
    """The distant network: /16 of IPv4, /32 of IPv6."""
    return address >> 16 if address >> 32 == 0xFFFF else address >> 96


def learn(links: Links, rows: Rows, sides: tuple[Ends, Ends], host: HostNet, now: int) -> None:
    """Take in what these rows show of routers and neighbours; where nobody tells what is on link, they show nothing."""
    if not host.on_link_prefixes:
        return
    routers = links.known_routers(host)
    told = np.array(sorted(routers), np.int64)
    for number, (here, there) in enumerate((sides, sides[::-1])):
        handed = _handed_to(rows, number)
        answered = here.on_link & ~there.on_link & there.sent & here.sent & here.ip & ~there.quiet
        through = answered & np.isin(handed, told) & (rows["init"] == number)
        for row in np.flatnonzero(through & ~np.isin(there.mac, told)):
            _note(links.routers, int(there.mac[row]), group_of(there.address(int(row))), MOST_ROUTERS)
        steady = here.ip & here.on_link & ~here.own & here.sent & ~here.quiet & (rows["pkts"][:, number] >= GATEWAY_NEEDED)
        for row in np.flatnonzero((steady | (here.arp & here.sent & ~here.own)) & ~np.isin(here.mac, told)):
            _station(links, int(here.mac[row]), here.address(int(row)), now)
        private = _private(here) & ~here.on_link & here.sent & there.sent & here.ip & ~here.quiet & (rows["t_ack"] > 0)
        for row in np.flatnonzero(private & ~np.isin(here.mac, told)):
            _note(links.gateways, int(here.mac[row]), here.address(int(row)), MOST_ROUTERS)


def _handed_to(rows: Rows, number: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """MAC that one side's first frame was sent to."""
    to = rows["mac_to_b" if number == 0 else "mac_to_a"].astype(np.int64)
    return np.asarray((to << np.arange(40, -8, -8, dtype=np.int64)).sum(axis=1))


def _note(table: OrderedDict[int, set[int]], mac: int, value: int, most: int) -> None:
    values = table.setdefault(mac, set())
    if len(values) < 64:
        values.add(value)
    table.move_to_end(mac)
    if len(table) > most:
        table.popitem(last=False)


def _station(links: Links, mac: int, address: int, now: int) -> None:
    if not mac or not address:
        return
    links.stations[mac] = address
    links.stations.move_to_end(mac)
    links.seen[mac] = now
    while len(links.stations) > MOST_STATIONS:
        links.seen.pop(links.stations.popitem(last=False)[0], None)


def _private(ends: Ends) -> Mask:
    found = np.zeros(len(ends.lo), bool)
    for prefix in PRIVATE:
        found |= within(ends.hi, ends.lo, prefix)
    return found


def hits(rows: Rows, ends: Ends, host: HostNet, links: Links, old: Mask) -> Iterator[Hit]:
    """Off-link sources that did not come through a router. `old`: rows whose grace is over."""
    routers = links.known_routers(host)
    if not routers or not host.on_link_prefixes:
        return
    known = np.array(sorted(routers | host.own_macs), np.int64)
    group = (ends.hi == 0) & (ends.lo >> np.uint64(32) == 0xFFFF) & (ends.lo & np.uint64(0xF0000000) >= 0xE0000000)
    distant = ends.sent & ends.ip & ~ends.on_link & ~ends.own & ~ends.quiet & ~group & (ends.lo & np.uint64(0xFFFFFFFF) != 0)
    for row in np.flatnonzero(distant & old & ~np.isin(ends.mac, known)):
        if (finding := _offlink(rows, ends, int(row), host, links)) is not None:
            yield int(row), finding


def _offlink(rows: Rows, ends: Ends, row: int, host: HostNet, links: Links) -> Finding | None:
    mac, address = int(ends.mac[row]), name_of(ends, row, rows)
    if is_virtual(mac):
        return None
    neighbour = _neighbour(mac, host, links)
    if neighbour is None:
        return Finding("offlink-unknown-mac", f"{address} did not come through your router but from an unknown machine {mac_text(mac)}.")
    private = any(ends.address(row) in prefix for prefix in PRIVATE)
    if private and len(links.gateways.get(mac, ())) >= GATEWAY_NEEDED:
        return Finding("bogon-source", f"{address} is private and lies behind the neighbour {neighbour}.")
    words = f"{address} claims to be far away, but the frame came from {mac_text(mac)}, which is {neighbour}: down the hall."
    return Finding("offlink-neighbour-mac", words)


def _neighbour(mac: int, host: HostNet, links: Links) -> str | None:
    """The on-link address that a MAC uses."""
    told = next((each.address for each in host.neighbours if each.mac == mac), None)
    address = told if told is not None else links.stations.get(mac)
    return None if address is None else text(address, 4 if address >> 32 == 0xFFFF else 6)
