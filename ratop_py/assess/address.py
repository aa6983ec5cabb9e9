"""Addresses that cannot be true, whatever the network: this machine's own from outside, senders that cannot be.

Does not know: routers, bindings.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ratop_py.assess.ends import Ends
from ratop_py.assess.evidence import Finding
from ratop_py.flow.flows import Rows
from ratop_py.net.address import mac_text, text
from ratop_py.net.host import V4, HostNet, Mask, Prefix, among, is_link_local, within

Hit = tuple[int, Finding]
"""(row, what was found)"""
ZERO = Prefix(0xFFFF00000000, V4 + 8)
LOOP4, LOOP6 = Prefix(0xFFFF7F000000, V4 + 8), Prefix(1, 128)
GROUP4, GROUP6 = Prefix(0xFFFFE0000000, V4 + 4), Prefix(0xFF << 120, 8)
RESERVED4 = Prefix(0xFFFFF0000000, V4 + 4)
UNNUMBERED = frozenset({0, 0xFFFF00000000})
""":: and 0.0.0.0: a host that has no address yet."""
SERVES = frozenset({"bridge", "veth", "tun", "wireguard", "vxlan", "macvlan", "ipvlan", "dummy"})
"""Kinds of interfaces behind which others may speak through this machine."""


def name_of(ends: Ends, row: int, rows: Rows) -> str:
    """The address as text."""
    return text(ends.address(row), int(rows["family"][row]))


def hits(rows: Rows, ends: Ends, other: Ends, host: HostNet) -> Iterator[Hit]:
    """Findings about one side of these rows."""
    sends = ends.sent & ends.ip
    for row in np.flatnonzero(sends & _martian(rows, ends)):
        yield int(row), _martian_finding(rows, ends, int(row))
    same = (ends.hi == other.hi) & (ends.lo == other.lo) & (rows["port_a"] == rows["port_b"]) & ~ends.quiet
    for row in np.flatnonzero(sends & same & np.isin(rows["proto"], (6, 17))):
        yield int(row), Finding("land", f"A packet claims that {name_of(ends, int(row), rows)} sent it to itself.")
    yield from _own(rows, ends, host, sends)


def _own(rows: Rows, ends: Ends, host: HostNet, sends: Mask) -> Iterator[Hit]:
    macs = np.array(sorted(host.own_macs), np.int64)
    if not len(macs):
        return
    ours = np.isin(ends.mac, macs)
    for row in np.flatnonzero(sends & ends.own & ~ours & ~ends.quiet):
        words = f"Somebody at {mac_text(int(ends.mac[row]))} sent packets as if from you ({name_of(ends, int(row), rows)})."
        yield int(row), Finding("own-addr-inbound", words)
    if host.forwarding is not False:
        return
    foreign = sends & ours & ~ends.own & ~among(ends.hi, ends.lo, UNNUMBERED) & ~is_link_local(ends.hi, ends.lo)
    for prefix in (each for nic in host.interfaces if nic.kind in SERVES for each in nic.addresses):
        foreign &= ~within(ends.hi, ends.lo, prefix)
    for row in np.flatnonzero(foreign & ~_martian(rows, ends) & ~ends.quiet):
        words = f"This host sends in the name of {name_of(ends, int(row), rows)}, which is not its address."
        yield int(row), Finding("foreign-source-out", words)


def _martian(rows: Rows, ends: Ends) -> Mask:
    """Sources that cannot send on a wire; a host without an address yet may (DHCP, DAD)."""
    hi, lo = ends.hi, ends.lo
    loop = (within(hi, lo, LOOP4) | within(hi, lo, LOOP6)) & ~ends.quiet
    zero = within(hi, lo, ZERO) & ~among(hi, lo, UNNUMBERED)
    group = within(hi, lo, GROUP4) | within(hi, lo, GROUP6) | within(hi, lo, RESERVED4)
    return np.asarray(loop | ((zero | group) & (rows["encaps"] != 0)))


def _martian_finding(rows: Rows, ends: Ends, row: int) -> Finding:
    talks = rows["pkts"][row].min() >= 2 and rows["proto"][row] == 6 or rows["pkts"][row].min() >= 2 <= rows["pkts"][row].max()
    high = ends.address(row)
    address = name_of(ends, row, rows)
    if talks and (high in GROUP4 or high in RESERVED4):
        return Finding("bogon-source", f"{address} is reserved, yet it holds a conversation: renumbered, or used privately.")
    return Finding("martian-source", f"{address} can never be a sender on a wire.")
