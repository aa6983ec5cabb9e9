"""A small network for rules to look at: frames in, judged flows out.

`Wire` feeds real frames into a real table. This host is 10.0.0.5, its router 10.0.0.1, a neighbour 10.0.0.7.
"""

from __future__ import annotations

from dataclasses import replace
from socket import AF_INET6, inet_pton

import numpy as np

from ratop_py.assess.evidence import Finding
from ratop_py.assess.scene import Scene, scene
from ratop_py.assess.spoof import Assessed, Observer, assess
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import note_dtype
from ratop_py.flow.table import Table
from ratop_py.net.address import parse, parse_mac
from ratop_py.net.host import V4, HostNet, Interface, Neighbour, Prefix, Route
from tests.helpers import frames

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
ME, ROUTER, NEAR = "10.0.0.5", "10.0.0.1", "10.0.0.7"
ME6, ROUTER6 = "2001:db8:1::5", "fe80::1"
FAR, FAR6 = "198.51.100.9", "2001:db8:9::9"
MY_MAC, ROUTER_MAC, NEAR_MAC, NEW_MAC = (
    "02:00:00:00:00:05",
    "02:00:00:00:00:01",
    "02:00:00:00:00:07",
    "02:00:00:00:00:99",
)
ALL = "ff:ff:ff:ff:ff:ff"


def value(address: str) -> int:
    """As a number."""
    return parse(address)[0]


def prefix(text: str) -> Prefix:
    """`10.0.0.5/24` as one."""
    address, bits = text.split("/")
    number, family = parse(address)
    return Prefix(number, int(bits) + (V4 if family == 4 else 0))


def neighbour(address: str, mac: str, *, router: bool = False) -> Neighbour:
    """An entry of the host's table."""
    return Neighbour(value(address), parse_mac(mac), "REACHABLE", router)


HOST = HostNet(
    interfaces=(Interface("eth0", parse_mac(MY_MAC), (prefix(f"{ME}/24"), prefix(f"{ME6}/64"))),),
    routes=(
        Route(prefix("0.0.0.0/0"), value(ROUTER), "eth0"),
        Route(prefix("::/0"), value(ROUTER6), "eth0"),
    ),
    neighbours=(
        neighbour(ROUTER, ROUTER_MAC, router=True),
        neighbour(ROUTER6, ROUTER_MAC, router=True),
        neighbour(NEAR, NEAR_MAC),
    ),
    forwarding=False,
)
"""What this host knows."""
STRANGER = HostNet()
"""A capture without context."""


class Wire:
    """Frames that this host saw."""

    def __init__(self) -> None:
        self.table = Table(4096, inner=False)

    def frame(self, at: float, data: bytes, linktype: int = 1) -> Wire:
        """A frame, seconds after the start."""
        self.table.engine.feed_frame(data, len(data), START + int(at * SECOND), linktype, 0)
        return self

    def ip(
        self, at: float, src: str, dst: str, mac: str, to: str, proto: int, payload: bytes, *, ttl: int = 64
    ) -> Wire:
        """An IP packet of either version."""
        if ":" in src:
            packet, kind = frames.ip6(payload, proto, src, dst, hops=ttl), 0x86DD
        else:
            packet, kind = frames.ip4(payload, proto, src, dst, ttl=ttl), 0x0800
        return self.frame(at, frames.ether(packet, kind, mac, to))

    def udp(self, at: float, src: str, dst: str, mac: str, to: str, *, sport: int = 4000, dport: int = 53) -> Wire:
        """A datagram."""
        return self.ip(at, src, dst, mac, to, 17, frames.udp(b"x", sport, dport))

    def talk(self, at: float, src: str, dst: str, mac: str, back: str, *, sport: int = 4000, times: int = 3) -> Wire:
        """Datagrams both ways; `back`: the MAC that answers, and is handed what `src` sends."""
        for number in range(times):
            self.udp(at + number, src, dst, mac, back, sport=sport)
            self.udp(at + number + 0.1, dst, src, back, mac, sport=53, dport=sport)
        return self

    def shake(self, at: float, src: str, dst: str, mac: str, back: str, *, wait: float, sport: int = 4000) -> Wire:
        """A TCP handshake in which each side waits `wait` seconds."""
        steps = (
            (src, dst, mac, back, 2, sport, 80),
            (dst, src, back, mac, 18, 80, sport),
            (src, dst, mac, back, 16, sport, 80),
        )
        for number, (one, two, of, to, flags, a, b) in enumerate(steps):
            self.ip(at + number * wait, one, two, of, to, 6, frames.tcp(flags, 1 + number, 1, sport=a, dport=b))
        return self

    def arp(self, at: float, mac: str, address: str, target: str = ME, *, reply: bool = True) -> Wire:
        """A claim that `address` is at `mac`."""
        body = frames.arp(2 if reply else 1, address, target, mac, MY_MAC if reply else "00:00:00:00:00:00")
        return self.frame(at, frames.ether(body, 0x0806, mac, MY_MAC if reply else ALL))

    def advertise(self, at: float, mac: str, address: str, *, hops: int = 255) -> Wire:
        """The same by neighbour discovery."""
        body = frames.icmp(136, payload=inet_pton(AF_INET6, address))
        return self.ip(at, address, "fe80::5", mac, MY_MAC, 58, body, ttl=hops)

    def flows(self) -> Flows:
        """The flows, with empty notes."""
        rows = self.table.rows.copy()
        notes = np.zeros(len(rows), note_dtype())
        notes["id"] = rows["id"]
        return Flows(rows, notes)

    def scene(self, host: HostNet = HOST, *, now: float = 100.0, final: bool = False) -> Scene:
        """One look at them."""
        return scene(self.flows(), host, START + int(now * SECOND), final=final)

    def judged(
        self, host: HostNet = HOST, observer: Observer | None = None, *, now: float = 100.0, final: bool = False
    ) -> Assessed:
        """What the rules say."""
        return assess(self.flows(), observer or Observer(), host, START + int(now * SECOND), final=final)

    def codes(self, host: HostNet = HOST, observer: Observer | None = None, *, now: float = 100.0) -> set[str]:
        """Codes of all flows."""
        return {code for why in self.judged(host, observer, now=now).whys.values() for code in why}

    def found(self, code: str, host: HostNet = HOST, observer: Observer | None = None) -> Finding:
        """The one finding with this code."""
        several = [each for told in self.judged(host, observer).findings.values() for each in told]
        (one,) = {each for each in several if each.code == code}
        return one


def without(host: HostNet, address: str) -> HostNet:
    """The host does not know this neighbour."""
    gone = value(address)
    return replace(host, neighbours=tuple(each for each in host.neighbours if each.address != gone))
