"""This host's interfaces, addresses, routes and neighbours, as the kernel has them now.

Promise: what cannot be read is empty and named in `HostNet.unknown`. Linux through rtnetlink; elsewhere psutil tells
the interfaces and addresses, netstat, arp and ndp the rest (untested there).
Does not know: flows.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ratop_py.net import bsd, netlink
from ratop_py.net.address import V4MAP, parse_mac
from ratop_py.net.address import parse as parse_address
from ratop_py.net.host import V4, HostNet, Interface, Neighbour, Prefix, Route
from ratop_py.safetext import clean, decode

IFLA_ADDRESS, IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO, IFLA_LINK_NETNSID = 1, 3, 10, 18, 37
IFLA_INFO_KIND, IFLA_INFO_DATA = 1, 2
TUNNEL_PORTS = {"vxlan": 15, "geneve": 5, "bareudp": 1}
"""Kind → the attribute of its UDP port."""
IFA_ADDRESS, IFA_LOCAL = 1, 2
RTA_DST, RTA_OIF, RTA_GATEWAY, RTA_PRIORITY, RTA_MULTIPATH, RTA_TABLE, RTA_VIA = 1, 4, 5, 6, 9, 15, 18
NDA_DST, NDA_LLADDR = 1, 2
NTF_ROUTER = 0x80
IFF_UP, IFF_LOOPBACK = 0x1, 0x8
TABLE_MAIN, TYPE_UNICAST = 254, 1
STATES = {
    1: "INCOMPLETE",
    2: "REACHABLE",
    4: "STALE",
    8: "DELAY",
    16: "PROBE",
    32: "FAILED",
    64: "NOARP",
    128: "PERMANENT",
}
USELESS = frozenset({"INCOMPLETE", "FAILED", "NOARP", ""})


Part = TypeVar("Part")


def read() -> HostNet:
    """All of it, now."""
    if sys.platform != "linux":
        return _elsewhere()
    unknown: list[str] = []
    names: dict[int, str] = {}
    none: tuple[Interface, ...] = ()
    names, interfaces = _part("interfaces and addresses", _interfaces, (names, none), unknown)
    forwarding = _forwarding(Path("/proc/sys/net"))
    return HostNet(
        interfaces=interfaces,
        routes=_part("routes", lambda: _routes(names), (), unknown),
        neighbours=_part("neighbours", lambda: _neighbours(names), (), unknown),
        srcid=clean(socket.gethostname(), 64),
        forwarding=forwarding,
        unknown=tuple(unknown),
        masquerades=forwarding is not False,  # whose flows leave under its address, its sockets cannot tell
    )


def _part(what: str, read_it: Callable[[], Part], nothing: Part, unknown: list[str]) -> Part:
    try:
        return read_it()
    except OSError as error:
        unknown.append(f"The kernel's table of {what} cannot be read: {error.strerror or clean(str(error))}.")
        return nothing


def _interfaces() -> tuple[dict[int, str], tuple[Interface, ...]]:
    links = netlink.dump(netlink.LINK)
    addresses: dict[int, list[Prefix]] = {}
    for head, facts in netlink.dump(netlink.ADDR):
        family, bits, _, _, index = struct.unpack("=BBBBI", head)
        value = number(facts.get(IFA_LOCAL) or facts.get(IFA_ADDRESS) or b"")
        if value is not None:
            addresses.setdefault(index, []).append(Prefix(value, bits + (V4 if family == socket.AF_INET else 0)))
    names: dict[int, str] = {}
    found = []
    beyond = _beyond(links)
    for head, facts in links:
        _, _, _, index, flags, _ = struct.unpack("=BBHiII", head)
        names[index] = decode(facts.get(IFLA_IFNAME, b"").rstrip(b"\0"), 32)
        mac = int.from_bytes(facts.get(IFLA_ADDRESS, b"")[:6], "big") if len(facts.get(IFLA_ADDRESS, b"")) == 6 else 0
        info = dict(netlink.attributes(facts.get(IFLA_LINKINFO, b"")))
        kind = decode(info.get(IFLA_INFO_KIND, b"").rstrip(b"\0"), 32)
        found.append(
            Interface(
                name=names[index],
                mac=mac,
                addresses=tuple(addresses.get(index, ())),
                kind="loopback" if flags & IFF_LOOPBACK else kind,
                index=index,
                up=bool(flags & IFF_UP),
                port=tunnel_port(kind, info.get(IFLA_INFO_DATA, b"")),
                beyond=index in beyond,
            )
        )
    return names, tuple(found)


def tunnel_port(kind: str, data: bytes) -> int:
    """The UDP port of the kernel's own tunnel; 0: it is none."""
    port = dict(netlink.attributes(data)).get(TUNNEL_PORTS.get(kind, -1), b"")
    return int.from_bytes(port, "big") if len(port) == 2 else 0


def _beyond(links: list[netlink.Message]) -> frozenset[int]:
    """Numbers of the interfaces behind which are other namespaces only: cables into them, and bridges that join
    nothing else."""
    cables, joined = set(), dict[int, set[int]]()
    for head, facts in links:
        index = struct.unpack_from("=i", head, 4)[0]
        kind = dict(netlink.attributes(facts.get(IFLA_LINKINFO, b""))).get(IFLA_INFO_KIND, b"").rstrip(b"\0")
        if kind == b"veth" and IFLA_LINK_NETNSID in facts:
            cables.add(index)
        if master := int.from_bytes(facts.get(IFLA_MASTER, b""), sys.byteorder):
            joined.setdefault(master, set()).add(index)
    return frozenset(cables | {master for master, members in joined.items() if members <= cables})


def number(data: bytes) -> int | None:
    """Bytes of an address as our number; None: no IP address."""
    if len(data) == 4:
        return V4MAP | int.from_bytes(data, "big")
    return int.from_bytes(data, "big") if len(data) == 16 else None


def _routes(names: dict[int, str]) -> tuple[Route, ...]:
    found = []
    for head, facts in netlink.dump(netlink.ROUTE):
        family, bits, _, _, table, _, _, kind = struct.unpack("=8B", head[:8])
        if facts.get(RTA_TABLE):
            table = struct.unpack("=I", facts[RTA_TABLE])[0]
        if table != TABLE_MAIN or kind != TYPE_UNICAST:
            continue
        four = family == socket.AF_INET
        to = number(facts.get(RTA_DST, b"")) or (V4MAP if four else 0)
        metric = int.from_bytes(facts.get(RTA_PRIORITY, b""), sys.byteorder)
        for index, via in hops(facts):
            found.append(Route(Prefix(to, bits + (V4 if four else 0)), via, names.get(index, ""), metric))
    return tuple(found)


def hops(facts: netlink.Attributes) -> list[tuple[int, int]]:
    """(interface, next hop or 0) of a route; several where it is multipath."""
    several, found = facts.get(RTA_MULTIPATH, b""), []
    while len(several) >= 8:
        length, _, _, index = struct.unpack_from("=HBBi", several)
        if length < 8:
            break
        found.append((index, _via(dict(netlink.attributes(several[8:length])))))
        several = several[(length + 3) & ~3 :]
    return found or [(int.from_bytes(facts.get(RTA_OIF, b""), sys.byteorder), _via(facts))]


def _via(facts: netlink.Attributes) -> int:
    """The next hop; an IPv4 route may go through an IPv6 router (RTA_VIA: two bytes of family before it)."""
    return number(facts.get(RTA_GATEWAY) or facts.get(RTA_VIA, b"")[2:]) or 0


def _neighbours(names: dict[int, str]) -> tuple[Neighbour, ...]:
    found = []
    for head, facts in netlink.dump(netlink.NEIGH):
        _, _, _, index, state, flags, _ = struct.unpack("=BBHiHBB", head)
        address, mac = number(facts.get(NDA_DST, b"")), facts.get(NDA_LLADDR, b"")
        word = STATES.get(state, "")
        if address is None or len(mac) != 6 or word in USELESS:
            continue
        found.append(
            Neighbour(address, int.from_bytes(mac, "big"), word, bool(flags & NTF_ROUTER), names.get(index, ""))
        )
    return tuple(found)


def _forwarding(folder: Path) -> bool | None:
    answers = []
    for name in ("ipv4/ip_forward", "ipv6/conf/all/forwarding"):
        try:
            answers.append((folder / name).read_text().strip() == "1")
        except OSError:
            continue
    return any(answers) if answers else None


def _elsewhere() -> HostNet:
    """macOS and the BSDs, through psutil (untested)."""
    import psutil

    found = []
    for name, each in psutil.net_if_addrs().items():
        mac, addresses = 0, []
        for entry in each:
            try:
                if entry.family in (socket.AF_INET, socket.AF_INET6):
                    addresses.append(_with_mask(entry.address, entry.netmask))
                else:
                    mac = parse_mac(entry.address)
            except ValueError:
                continue
        found.append(Interface(clean(name, 32), mac, tuple(addresses)))
    routes, neighbours, unknown = bsd.read(bsd.output)
    srcid = clean(socket.gethostname(), 64)
    return HostNet(tuple(found), routes, neighbours, srcid, unknown=unknown, masquerades=True)  # it may: nobody tells


def _with_mask(address: str, netmask: str | None) -> Prefix:
    value, family = parse_address(address)
    bits = parse_address(netmask)[0].bit_count() if netmask else 128
    return Prefix(value, V4 + bits - 16 if family == 4 and netmask else bits)
