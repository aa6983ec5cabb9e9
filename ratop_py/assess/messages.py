"""Messages that only this link's own machines, or only a router, may send.

Codes: nd-hoplimit, icmp-redirect.
Does not know: what the messages say. Remembers nothing of its own; who is a router it is told by the links.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ratop_py.assess.ends import ICMP6, Ends
from ratop_py.assess.evidence import finding
from ratop_py.assess.link import Links
from ratop_py.assess.scene import Hit, Scene
from ratop_py.net.host import HostNet, Mask, one_of

ICMP = 1
REDIRECT, REDIRECT6 = 5, 137
UNROUTED = 255
"""Hop limit of a packet that passed no router."""


class Messages:
    """Neighbour discovery that was routed; redirects from machines that route nothing."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def learn(self, scene: Scene) -> None:
        """Nothing to remember."""

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """Both directions."""
        routers = self._links.known(scene.host)
        macs = sorted(routers | scene.host.own_macs)
        for ends in scene.sides:
            lowest = scene.rows["ttl_min"][:, ends.number]
            routed = ends.claims & ends.ip & ends.sent & ~ends.quiet & (lowest != UNROUTED)
            for row in np.flatnonzero(routed).tolist():
                yield row, finding("nd-hoplimit", int(ends.first[row]), addr=ends.name(row), ttl=int(lowest[row]))
            if not routers:
                continue
            for row in np.flatnonzero(_redirects(scene, ends) & ~one_of(ends.mac, macs)).tolist():
                at = int(ends.first[row])
                yield row, finding("icmp-redirect", at, mac=ends.mac_name(row), addr=ends.name(row))

    def silent(self, host: HostNet) -> Iterator[str]:
        """Who routes must be known."""
        if not self._links.known(host):
            yield "icmp-redirect: the router's MAC is not known yet."


def _redirects(scene: Scene, ends: Ends) -> Mask:
    kind, proto = scene.rows["icmp"] >> 8, scene.rows["proto"]
    told = ((proto == ICMP) & (kind == REDIRECT)) | ((proto == ICMP6) & (kind == REDIRECT6))
    return np.asarray(told & ends.ip & ends.sent & ~ends.quiet)
