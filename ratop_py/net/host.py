"""What a host knows about its network: interfaces, addresses, routes, neighbours.

Promise: a frozen value; questions about addresses take whole columns (two 64-bit halves, IPv4 v4-mapped) and answer
with one boolean each. What is not known is empty, never guessed; `unknown` says why.
Does not know: where it was read, packets, flows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Halves = NDArray[np.uint64]
Mask = NDArray[np.bool_]
M64 = (1 << 64) - 1
V4 = 96
"""A v4-mapped prefix of length n is one of 96 + n."""
WHOLE = 128
"""Length of a prefix that is one address."""
FEW = 16
ROVING = ("vxlan", "geneve", "bareudp")
"""Kinds of tunnels that choose a source port for each flow inside."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """An address with a prefix length over 128 bits."""

    value: int
    bits: int

    @property
    def net(self) -> int:
        """The address with its host part zero."""
        return self.value & mask(self.bits)

    def __contains__(self, value: int) -> bool:
        """Whether an address lies in it."""
        return (value ^ self.value) & mask(self.bits) == 0


def mask(bits: int) -> int:
    """The first `bits` of 128."""
    return (1 << 128) - (1 << (128 - bits))


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface."""

    name: str
    mac: int = 0
    """0: it has none."""
    addresses: tuple[Prefix, ...] = ()
    prefixes: tuple[Prefix, ...] = ()
    """On-link prefixes without an own address (mirrors, trunks)."""
    kind: str = ""
    """bridge, veth, tun, wireguard, bond, vlan, loopback …; empty: a wire."""
    index: int = 0
    up: bool = True
    port: int = 0
    """UDP port of the kernel's own tunnel here."""
    vlan: tuple[int, ...] = ()
    beyond: bool = False
    """All that is on its link is in other network namespaces of this machine."""


@dataclass(frozen=True, slots=True)
class Route:
    """Where packets for a prefix go."""

    to: Prefix
    via: int = 0
    """Next hop; 0: on link."""
    dev: str = ""
    metric: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An address and the MAC that answers for it."""

    address: int
    mac: int
    state: str = ""
    router: bool = False
    dev: str = ""
    vlan: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class HostNet:
    """All of it, at one time."""

    interfaces: tuple[Interface, ...] = ()
    routes: tuple[Route, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    srcid: str = ""
    forwarding: bool | None = None
    unknown: tuple[str, ...] = ()
    """What could not be read, and why: sentences."""
    inside: tuple[Prefix, ...] = ()
    nat: tuple[int, ...] = ()
    capture: dict[str, Any] = field(default_factory=dict, hash=False)
    masquerades: bool = False
    """It translates the addresses of others to its own."""

    @property
    def knows(self) -> bool:
        """Whether this machine's addresses are known at all."""
        return any(interface.addresses for interface in self.interfaces)

    @property
    def own_addresses(self) -> frozenset[int]:
        """Addresses of this machine."""
        return frozenset(each.value for interface in self.interfaces for each in interface.addresses)

    @property
    def own_macs(self) -> frozenset[int]:
        """MACs of this machine's interfaces."""
        return frozenset(interface.mac for interface in self.interfaces if interface.mac)

    @property
    def next_hops(self) -> frozenset[int]:
        """Addresses that routes go through."""
        return frozenset(route.via for route in self.routes if route.via)

    @property
    def router_macs(self) -> frozenset[int]:
        """MACs of routers: flagged so, or of a route's next hop."""
        hops = self.next_hops
        return frozenset(each.mac for each in self.neighbours if each.mac and (each.router or each.address in hops))

    @property
    def kernel_ports(self) -> frozenset[int]:
        """UDP ports of the kernel's own tunnels."""
        return frozenset(interface.port for interface in self.interfaces if interface.port)

    @property
    def tunnel_ports(self) -> frozenset[int]:
        """UDP ports that the kernel's tunnels call from any port of their own."""
        return frozenset(each.port for each in self.interfaces if each.port and each.kind in ROVING)

    @property
    def beyond_prefixes(self) -> tuple[Prefix, ...]:
        """Prefixes that lie behind virtual cables, in other network namespaces of this machine, and nowhere else."""
        cables = {each.name for each in self.interfaces if each.beyond}
        near = [one for each in self.interfaces if not each.beyond for one in (*each.addresses, *each.prefixes)]
        far = [one for each in self.interfaces if each.beyond for one in each.addresses]
        routed = [route.to for route in self.routes if route.dev in cables and not route.via and route.to.bits > V4]
        return tuple(
            dict.fromkeys(
                Prefix(one.net, one.bits)
                for one in (*far, *routed)
                if one.net not in LINK_LOCAL6 and not any(one.net in other or other.net in one for other in near)
            )
        )

    def is_beyond(self, hi: Halves, lo: Halves) -> Mask:
        """Addresses in other network namespaces of this machine, as far as the cables tell."""
        found = np.zeros(len(lo), bool)
        for prefix in self.beyond_prefixes:
            found |= within(hi, lo, prefix)
        return found

    @property
    def on_link_prefixes(self) -> tuple[Prefix, ...]:
        """Prefixes whose addresses need no router."""
        own = (each for interface in self.interfaces for each in (*interface.addresses, *interface.prefixes))
        direct = (route.to for route in self.routes if not route.via and route.to.bits not in (0, V4))
        return tuple(dict.fromkeys(Prefix(each.net, each.bits) for each in (*own, *direct)))

    def is_own(self, hi: Halves, lo: Halves) -> Mask:
        """Addresses of this machine, loopback included where any address is known."""
        if not self.knows:
            return np.zeros(len(lo), bool)
        return among(hi, lo, self.own_addresses) | is_loopback(hi, lo)

    def on_link(self, hi: Halves, lo: Halves) -> Mask:
        """Addresses that need no router: in an on-link prefix, or link-local."""
        found = is_link_local(hi, lo)
        for prefix in self.on_link_prefixes:
            found |= within(hi, lo, prefix)
        return found


def among(hi: Halves, lo: Halves, values: frozenset[int]) -> Mask:
    """Addresses that are one of these."""
    found = np.zeros(len(lo), bool)
    by_high: dict[int, list[int]] = {}
    for value in values:
        by_high.setdefault(value >> 64, []).append(value & M64)
    for high, lows in by_high.items():
        found |= (hi == np.uint64(high)) & one_of(lo, lows)
    return found


def one_of(column: NDArray[Any], values: Sequence[int]) -> Mask:
    """Which are one of these numbers. A few are compared one by one: `np.isin` takes as long as thirty of them."""
    if len(values) > FEW:
        return np.isin(column, np.array(values, column.dtype))
    found = np.zeros(len(column), bool)
    for value in values:
        found |= column == value
    return found


def within(hi: Halves, lo: Halves, prefix: Prefix) -> Mask:
    """Addresses in a prefix. Asked of many columns at each tick: a half that is whole is compared, one that is free not
    looked at."""
    bits, net = mask(prefix.bits), prefix.net
    if not bits & M64:
        return hi & np.uint64(bits >> 64) == np.uint64(net >> 64)
    found = hi == np.uint64(net >> 64)
    found &= (
        (lo == np.uint64(net & M64)) if prefix.bits == WHOLE else (lo & np.uint64(bits & M64) == np.uint64(net & M64))
    )
    return found


LOOPBACK4, LOOPBACK6 = Prefix(0xFFFF7F000000, V4 + 8), Prefix(1, 128)
LINK_LOCAL4, LINK_LOCAL6 = Prefix(0xFFFFA9FE0000, V4 + 16), Prefix(0xFE80 << 112, 10)


def is_loopback(hi: Halves, lo: Halves) -> Mask:
    """127/8 and ::1."""
    return within(hi, lo, LOOPBACK4) | within(hi, lo, LOOPBACK6)


def is_link_local(hi: Halves, lo: Halves) -> Mask:
    """169.254/16 and fe80::/10."""
    return within(hi, lo, LINK_LOCAL4) | within(hi, lo, LINK_LOCAL6)
