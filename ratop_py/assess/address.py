"""Addresses that cannot be true, whatever the network: this machine's own from outside, senders that cannot be.

Codes: own-addr-inbound, martian-source (renumbered captures: bogon-source), land, foreign-source-out.
Does not know: routers, bindings. Remembers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ratop_py.assess.ends import Ends
from ratop_py.assess.evidence import Finding, finding
from ratop_py.assess.scene import Hit, Scene
from ratop_py.flow.flows import Rows
from ratop_py.net.host import V4, HostNet, Mask, Prefix, among, is_link_local, one_of, within

TCP, UDP = 6, 17
ZERO = Prefix(0xFFFF00000000, V4 + 8)
GROUP4, GROUP6 = Prefix(0xFFFFE0000000, V4 + 4), Prefix(0xFF << 120, 8)
RESERVED4 = Prefix(0xFFFFF0000000, V4 + 4)
UNNUMBERED = frozenset({0, 0xFFFF00000000})
""":: and 0.0.0.0: a host that has no address yet (DHCP, duplicate address detection)."""
SERVES = frozenset({"bridge", "veth", "tun", "wireguard", "vxlan", "macvlan", "ipvlan", "dummy"})
"""Kinds of interfaces behind which others may speak through this machine."""
TALK_TCP, TALK_OTHER = 2, 4
"""Packets each way (TCP), in all (others): a conversation, not a blind packet."""


class Addresses:
    """Rules that need nothing but addresses and own MACs."""

    def learn(self, scene: Scene) -> None:
        """Nothing to remember."""

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Both directions."""
        for ends, other in scene.directions():
            sends, martian = ends.sent & ends.ip, _martian(scene.rows, ends)
            for row in np.flatnonzero(sends & martian).tolist():
                yield row, _martian_finding(scene.rows, ends, row)
            for row in np.flatnonzero(sends & _land(scene.rows, ends, other)).tolist():
                yield row, finding("land", int(ends.first[row]), addr=ends.name(row))
            yield from _own(scene, ends, sends, martian)

    def silent(self, host: HostNet) -> Iterator[str]:
        """Own addresses are needed."""
        if not host.knows:
            yield "own-addr-inbound, foreign-source-out: this machine's addresses are not known."
        elif host.forwarding is not False:
            yield "foreign-source-out: this machine forwards for others, or it is not known whether it does."


def _own(scene: Scene, ends: Ends, sends: Mask, martian: Mask) -> Iterator[Hit]:
    macs = sorted(scene.host.own_macs)
    if not macs:
        return
    ours = one_of(ends.mac, macs)
    for row in np.flatnonzero(sends & ends.own & ~ours & ~ends.quiet).tolist():
        yield row, finding("own-addr-inbound", int(ends.first[row]), mac=ends.mac_name(row), addr=ends.name(row))
    foreign = sends & ours & ~ends.own & ~martian & ~ends.quiet
    if scene.host.forwarding is not False or not foreign.any():
        return
    for row in np.flatnonzero(foreign & ~_may_be_unlisted(ends, scene.host)).tolist():
        yield row, finding("foreign-source-out", int(ends.first[row]), addr=ends.name(row))


def _may_be_unlisted(ends: Ends, host: HostNet) -> Mask:
    """Addresses that this machine may send from without owning them: none yet, link-local, its guests'."""
    found = among(ends.hi, ends.lo, UNNUMBERED) | is_link_local(ends.hi, ends.lo)
    for prefix in (each for nic in host.interfaces if nic.kind in SERVES for each in nic.addresses):
        found |= within(ends.hi, ends.lo, prefix)
    return found


def _land(rows: Rows, ends: Ends, other: Ends) -> Mask:
    """Both ends are the same, on a wire."""
    same = (ends.lo == other.lo) & (ends.hi == other.hi)
    if not same.any():
        return same
    same &= rows["port_a"] == rows["port_b"]
    return np.asarray(same & ~ends.quiet & one_of(rows["proto"], (TCP, UDP)))


def _martian(rows: Rows, ends: Ends) -> Mask:
    """Sources that cannot send on a wire; a host without an address yet may."""
    hi, lo = ends.hi, ends.lo
    loop = ends.loop & ~ends.quiet
    zero = within(hi, lo, ZERO) & ~among(hi, lo, UNNUMBERED)
    group = within(hi, lo, GROUP4) | within(hi, lo, GROUP6) | within(hi, lo, RESERVED4)
    return np.asarray(loop | ((zero | group) & (rows["encaps"] != 0)))


def _martian_finding(rows: Rows, ends: Ends, row: int) -> Finding:
    """A 224/4 or 240/4 "source" that holds a conversation was renumbered, or is used privately."""
    address, at = ends.address(row), int(ends.first[row])
    if (address in GROUP4 or address in RESERVED4) and _converses(rows, row):
        kind = "reserved, yet it holds a conversation: renumbered, or used privately"
        return finding("bogon-source", at, addr=ends.name(row), kind=kind)
    return finding("martian-source", at, addr=ends.name(row))


def _converses(rows: Rows, row: int) -> bool:
    packets = rows["pkts"][row]
    if rows["proto"][row] == TCP:
        return bool(packets.min() >= TALK_TCP)
    return bool(packets.min() >= 1 and packets.sum() >= TALK_OTHER)
