from __future__ import annotations

import os
import pickle
import struct
import subprocess
import sys

import pytest

from ratop_py.net import live, netlink
from ratop_py.net.address import parse, parse_mac
from ratop_py.net.host import HostNet
from tests.helpers.netns import inside, ip, pair


def test_bytes_of_an_address_become_our_number() -> None:
    assert live.number(bytes([10, 0, 0, 1])) == parse("10.0.0.1")[0]
    assert live.number(bytes(15) + b"\1") == 1
    assert live.number(b"abc") is None


@pytest.mark.skipif(sys.platform != "linux", reason="rtnetlink is Linux's")
def test_this_host_has_loopback_and_a_name() -> None:
    host = live.read()
    lo = next(interface for interface in host.interfaces if interface.name == "lo")
    assert lo.kind == "loopback"
    assert host.srcid


def test_a_kernel_that_refuses_is_named_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(kind: int) -> list[netlink_message]:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr("ratop_py.net.netlink.dump", refuse)
    monkeypatch.setattr("sys.platform", "linux")
    host = live.read()
    assert not host.knows
    assert len(host.unknown) == 3
    assert all("cannot be read: Operation not permitted" in each for each in host.unknown)


def test_one_table_that_cannot_be_read_leaves_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def tell(kind: int) -> list[netlink_message]:
        if kind == netlink.ROUTE:
            raise TimeoutError("timed out")
        return []

    monkeypatch.setattr("ratop_py.net.netlink.dump", tell)
    monkeypatch.setattr("sys.platform", "linux")
    assert live.read().unknown == ("The kernel's table of routes cannot be read: timed out.",)


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value


def test_a_route_may_go_several_ways_and_through_the_other_family() -> None:
    router = bytes([10, 0, 0, 1])
    one = attribute(live.RTA_GATEWAY, router)
    ways = struct.pack("=HBBi", 8 + len(one), 0, 0, 2) + one + struct.pack("=HBBi", 8, 0, 0, 3)
    assert live.hops({live.RTA_MULTIPATH: ways}) == [(2, parse("10.0.0.1")[0]), (3, 0)]
    six = {live.RTA_OIF: struct.pack("=i", 4), live.RTA_VIA: b"\n\0" + bytes(15) + b"\1"}
    assert live.hops(six) == [(4, 1)]
    assert live.hops({live.RTA_MULTIPATH: bytes(8)}) == [(0, 0)]


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("ip")
def test_addresses_routes_and_neighbours_are_those_that_were_set() -> None:
    name = f"rtlive{os.getpid()}"
    ip = ["ip", "-n", name]
    try:
        subprocess.run(["ip", "netns", "add", name], check=True)
        for words in (
            "link add va type veth peer name vb",
            "link set va address 02:00:00:00:00:05 up",
            "link set vb up",
            "link set lo up",
            "addr add 10.9.0.5/24 dev va",
            "route add default via 10.9.0.1 metric 77",
            "route add 10.8.0.0/16 nexthop via 10.9.0.1 nexthop via 10.9.0.2",
            "neigh add 10.9.0.1 lladdr 02:00:00:00:00:01 dev va router",
            "neigh add 10.9.0.7 lladdr 02:00:00:00:00:07 dev va",
        ):
            subprocess.run([*ip, *words.split()], check=True)
        script = "from ratop_py.net import live; import pickle, sys; sys.stdout.buffer.write(pickle.dumps(live.read()))"
        run = ["ip", "netns", "exec", name, sys.executable, "-c", script]
        host: HostNet = pickle.loads(subprocess.run(run, check=True, capture_output=True).stdout)
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)
    (va,) = [interface for interface in host.interfaces if interface.name == "va"]
    assert (va.mac, va.kind, va.up) == (parse_mac("02:00:00:00:00:05"), "veth", True)
    assert parse("10.9.0.5")[0] in host.own_addresses
    assert host.unknown == ()
    default = next(route for route in host.routes if route.to.bits == 96)
    assert (default.via, default.dev, default.metric) == (parse("10.9.0.1")[0], "va", 77)
    several = {route.via for route in host.routes if route.to.bits == 96 + 16}
    assert several == {parse("10.9.0.1")[0], parse("10.9.0.2")[0]}
    assert host.router_macs == {parse_mac("02:00:00:00:00:01")}
    assert {each.mac: each.router for each in host.neighbours if each.mac == 0x020000000007} == {0x020000000007: False}


@pytest.mark.root
@pytest.mark.system
@pytest.mark.tool("ip")
def test_cables_into_other_namespaces_bridges_of_nothing_else_and_tunnels_are_known() -> None:
    with pair("lv") as hosts:
        for words in (
            "link add pa type veth peer name pb",
            "link add br0 type bridge",
            "link add br1 type bridge",
            f"link add ca type veth peer name cb netns {hosts.b}",
            f"link add da type veth peer name db netns {hosts.b}",
            "link set ca master br0",
            "link set da master br1",
            "link set pa master br1",
            "link add vx0 type vxlan id 7 dstport 4799 local 10.77.0.1 remote 10.77.0.2",
        ):
            ip("-n", hosts.a, *words.split())
        with inside(hosts.a):
            found = {each.name: each for each in live.read().interfaces}
    assert {name for name, each in found.items() if each.beyond} == {"va", "ca", "da", "br0"}
    assert {name: each.port for name, each in found.items() if each.port} == {"vx0": 4799}


netlink_message = tuple[bytes, dict[int, bytes]]


def test_a_netmask_is_a_prefix_length() -> None:
    assert live._with_mask("10.0.0.5", "255.255.255.0").bits == 96 + 24
    assert live._with_mask("2001:db8::5", "ffff:ffff:ffff:ffff::").bits == 64
