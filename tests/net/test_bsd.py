"""The samples are written after the manuals; nothing here ran on such a machine."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.net import bsd
from ratop_py.net.address import parse, parse_mac
from ratop_py.net.host import V4, Prefix, Route

MACOS = """Routing tables

Internet:
Destination        Gateway            Flags               Netif Expire
default            192.168.1.1        UGScg                 en0
127                127.0.0.1          UCS                   lo0
192.168.1          link#6             UCS                   en0      !
192.168.1.1        2:0:5e:0:0:1       UHLWIir               en0   1172
224.0.0/4          link#6             UmCS                  en0      !

Internet6:
Destination                             Gateway                         Flags         Netif Expire
default                                 fe80::1%en0                     UGcg            en0
2001:db8::/64                           link#6                          UC              en0
fe80::%en0/64                           link#6                          UCI             en0
"""
OPENBSD = """Internet:
Destination        Gateway            Flags   Refs      Use   Mtu  Prio Iface
default            10.0.0.1           UGS        5     1234     -     8 em0
10.0.0/24          10.0.0.5           UCn        1        0     -     4 em0
"""
ARP = """? (192.168.1.1) at 2:0:5e:0:0:1 on en0 ifscope [ethernet]
? (192.168.1.9) at (incomplete) on en0 ifscope [ethernet]
"""
NDP = """Neighbor                             Linklayer Address  Netif Expire    St Flgs Prbs
fe80::1%en0                          2:0:5e:0:0:1         en0 23h59m58s S  R
2001:db8::9                          2:0:5e:0:0:9         en0 12s       R
2001:db8::a                          (incomplete)         en0 permanent N
"""


def test_the_routes_of_macos_are_read() -> None:
    routes = list(bsd.netstat(MACOS.splitlines()))
    assert routes[0] == Route(Prefix(parse("0.0.0.0")[0], V4), parse("192.168.1.1")[0], "en0")
    assert [(route.to.bits - V4, route.via) for route in routes[1:4]] == [(8, 0), (24, 0), (4, 0)]
    assert routes[2].to.net == parse("192.168.1.0")[0]
    assert routes[4] == Route(Prefix(0, 0), parse("fe80::1")[0], "en0")
    assert [route.to for route in routes[5:]] == [Prefix(parse("2001:db8::")[0], 64), Prefix(parse("fe80::")[0], 64)]


def test_the_routes_of_openbsd_are_read() -> None:
    default, net = bsd.netstat(OPENBSD.splitlines())
    assert (default.via, default.dev) == (parse("10.0.0.1")[0], "em0")
    assert (net.to, net.via) == (Prefix(parse("10.0.0.0")[0], V4 + 24), 0)


def test_neighbours_are_read_with_their_router_flag() -> None:
    (four,) = bsd.arp(ARP.splitlines())
    assert (four.address, four.mac, four.dev) == (parse("192.168.1.1")[0], parse_mac("02:00:5e:00:00:01"), "en0")
    router, other = bsd.ndp(NDP.splitlines())
    assert (router.address, router.router, other.router) == (parse("fe80::1")[0], True, False)


def test_what_cannot_be_run_is_named_and_the_rest_is_there() -> None:
    def run(command: tuple[str, ...]) -> str:
        if "netstat" in command[0]:
            raise OSError(2, "No such file")
        return ARP if "arp" in command[0] else ""

    routes, neighbours, unknown = bsd.read(run)
    assert (routes, len(neighbours)) == ((), 1)
    assert unknown == ("routes are not known: [Errno 2] No such file.",)


def test_a_command_s_output_is_taken_and_its_failure_is_an_error() -> None:
    assert bsd.output(("/bin/echo", "x")) == "x\n"
    for command in (("/bin/false",), ("/no/such",)):
        with pytest.raises(OSError, match=r"false|such"):
            bsd.output(command)


LINES = st.lists(
    st.text(max_size=60) | st.sampled_from([*MACOS.split("\n"), "a b U c", "999 x U y", "1/99 x U y"]), max_size=9
)


@given(LINES)
def test_any_lines_give_entries_or_none(lines: list[str]) -> None:
    for parser in (bsd.netstat, bsd.arp, bsd.ndp):
        list(parser(lines))
