from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.net.address import parse, parse_mac
from ratop_py.net.host import (
    HostNet,
    Interface,
    Neighbour,
    Prefix,
    Route,
    is_link_local,
    is_loopback,
    mask,
    one_of,
    within,
)


def at(*addresses: str) -> tuple[np.ndarray, np.ndarray]:
    values = [parse(each)[0] for each in addresses]
    return np.array([each >> 64 for each in values], np.uint64), np.array(
        [each & (1 << 64) - 1 for each in values], np.uint64
    )


def prefix(text: str) -> Prefix:
    head, _, bits = text.partition("/")
    value, family = parse(head)
    return Prefix(value, int(bits) + (96 if family == 4 else 0))


ROUTER = parse_mac("02:00:00:00:00:01")
HOST = HostNet(
    interfaces=(Interface("eth0", 5, (prefix("10.0.0.5/24"), prefix("2001:db8::5/64"))), Interface("wg0", kind="wireguard", port=51820)),
    routes=(Route(prefix("0.0.0.0/0"), parse("10.0.0.1")[0], "eth0"), Route(prefix("10.9.0.0/16"), 0, "eth0")),
    neighbours=(Neighbour(parse("10.0.0.1")[0], ROUTER), Neighbour(parse("10.0.0.7")[0], 7), Neighbour(parse("10.0.0.9")[0], 9, router=True)),
)  # fmt: skip


def test_own_addresses_are_those_of_interfaces_and_loopback() -> None:
    assert HOST.is_own(*at("10.0.0.5", "10.0.0.6", "2001:db8::5", "127.0.0.1", "::1")).tolist() == [
        True,
        False,
        True,
        True,
        True,
    ]


def test_without_an_address_nothing_is_own() -> None:
    assert not HostNet().knows
    assert not HostNet().is_own(*at("127.0.0.1")).any()


def test_on_link_are_prefixes_of_interfaces_direct_routes_and_link_local() -> None:
    there = at("10.0.0.200", "10.1.0.1", "10.9.3.3", "2001:db8::77", "2001:db9::1", "fe80::1", "169.254.3.4")
    assert HOST.on_link(*there).tolist() == [True, False, True, True, False, True, True]


def test_routers_are_next_hops_and_those_flagged_so() -> None:
    assert HOST.router_macs == {ROUTER, 9}


def test_kernel_ports_are_those_of_tunnels() -> None:
    assert HOST.kernel_ports == {51820}


def test_a_prefix_knows_what_lies_in_it() -> None:
    net = prefix("10.0.0.5/24")
    assert parse("10.0.0.255")[0] in net
    assert parse("10.0.1.0")[0] not in net
    assert net.net == parse("10.0.0.0")[0]
    assert mask(0) == 0


def test_loopback_and_link_local_are_told() -> None:
    assert is_loopback(*at("127.9.9.9", "::1", "10.0.0.1")).tolist() == [True, True, False]
    assert is_link_local(*at("fe80::1", "169.254.0.1", "10.0.0.1")).tolist() == [True, True, False]


@given(st.integers(0, (1 << 128) - 1), st.integers(0, 128), st.integers(0, 127))
def test_columns_lie_in_a_prefix_as_numbers_do(value: int, bits: int, flipped: int) -> None:
    values = [value, value ^ 1 << flipped, 0, (1 << 128) - 1]
    hi = np.array([each >> 64 for each in values], np.uint64)
    lo = np.array([each & (1 << 64) - 1 for each in values], np.uint64)
    assert within(hi, lo, Prefix(value, bits)).tolist() == [each in Prefix(value, bits) for each in values]


@given(st.lists(st.integers(0, 40), max_size=30), st.lists(st.integers(0, 300), max_size=30))
def test_few_or_many_values_are_found_alike(column: list[int], values: list[int]) -> None:
    found = one_of(np.array(column, np.uint16), values)
    assert found.tolist() == [each in values for each in column]


def test_what_lies_behind_a_cable_is_in_another_namespace_unless_it_is_also_near() -> None:
    cable = Interface("veth1", kind="veth", beyond=True, addresses=(prefix("10.1.0.1/24"), prefix("fe80::1/64")))
    host = HostNet(interfaces=(cable, Interface("eth0", addresses=(prefix("10.0.0.5/24"),))))
    there = at("10.1.0.2", "10.0.0.7", "fe80::9", "192.0.2.1")
    assert host.is_beyond(*there).tolist() == [True, False, False, False]
    near = HostNet(interfaces=(cable, Interface("eth0", addresses=(prefix("10.1.0.77/16"),))))
    assert not near.is_beyond(*there).any()


def test_a_route_into_a_cable_tells_what_lies_behind_it_and_one_through_a_router_does_not() -> None:
    host = HostNet(
        interfaces=(
            Interface("cali1", kind="veth", beyond=True),
            Interface("eth0", addresses=(prefix("10.0.0.5/24"),)),
        ),
        routes=(
            Route(prefix("10.1.0.2/32"), dev="cali1"),
            Route(prefix("10.2.0.0/16"), via=parse("10.1.0.2")[0], dev="cali1"),
            Route(prefix("10.3.0.0/16"), dev="eth0"),
            Route(prefix("0.0.0.0/0"), dev="cali1"),
        ),
    )
    assert host.is_beyond(*at("10.1.0.2", "10.2.0.2", "10.3.0.2", "192.0.2.1")).tolist() == [True, False, False, False]


def test_some_tunnels_call_from_any_port() -> None:
    host = HostNet(
        interfaces=(Interface("vx", kind="vxlan", port=4789), Interface("wg0", kind="wireguard", port=51820))
    )
    assert host.kernel_ports == {4789, 51820}
    assert host.tunnel_ports == {4789}
