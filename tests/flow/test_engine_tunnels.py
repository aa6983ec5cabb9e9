"""Tunnels: the outer flow always, the inner ones on request."""

from __future__ import annotations

import struct

import pytest

from ratop_py.flow.layout import Mark
from tests.helpers import frames as f
from tests.helpers.feeding import MakeTable, counts, feed, only, pair, port, used

INNER = f.ip4(f.udp(b"hello", 53, 54), 17, "192.168.0.1", "192.168.0.2")
INNER6 = f.ip6(f.udp(b"hello", 53, 54), 17)
FRAMED = f.ether(INNER)


def ported(number: int, payload: bytes) -> bytes:
    """UDP to a tunnel's port."""
    return f.ip4(f.udp(payload, 40000, number), 17)


TUNNELS = {
    "ipip": f.ip4(INNER, 4),
    "6in4": f.ip4(INNER6, 41),
    "4in6": f.ip6(INNER, 4),
    "gre": f.ip4(f.gre(INNER, 0x0800), 47),
    "gre with everything": f.ip4(f.gre(INNER, 0x0800, 0xB000, bytes(12)), 47),
    "gre ethernet": f.ip4(f.gre(FRAMED, 0x6558), 47),
    "gre mpls": f.ip4(f.gre(struct.pack(">I", 0x140) + INNER, 0x8847), 47),
    "erspan 1": f.ip4(f.gre(FRAMED, 0x88BE), 47),
    "erspan 2": f.ip4(f.gre(bytes(8) + FRAMED, 0x88BE, 0x1000, bytes(4)), 47),
    "erspan 3": f.ip4(f.gre(bytes(12) + FRAMED, 0x22EB, 0x1000, bytes(4)), 47),
    "pptp": f.ip4(f.gre(b"\xff\x03\x00\x21" + INNER, 0x880B, 0x3001, bytes(8)), 47),
    "vxlan": ported(4789, b"\x08\x00\x00\x00\x00\x00\x07\x00" + FRAMED),
    "vxlan linux": ported(8472, b"\x08\x00\x00\x00\x00\x00\x07\x00" + FRAMED),
    "vxlan gpe": ported(4790, b"\x0c\x00\x00\x01\x00\x00\x07\x00" + INNER),
    "geneve": ported(6081, b"\x01\x00\x65\x58\x00\x00\x07\x00" + bytes(4) + FRAMED),
    "geneve ip": ported(6081, b"\x00\x00\x08\x00\x00\x00\x07\x00" + INNER),
    "gtp": ported(2152, b"\x30\xff\x00\x00\x00\x00\x00\x01" + INNER),
    "gtp extended": ported(
        2152, b"\x34\xff\x00\x00\x00\x00\x00\x01" + b"\x00\x00\x00\x85" + b"\x01\x00\x00\x00" + INNER
    ),
    "teredo": ported(3544, INNER6),
    "teredo with origin": ported(3544, bytes(8) + INNER6),
    "teredo with authentication": ported(3544, b"\x00\x01\x00\x00" + bytes(9) + INNER6),
    "etherip": f.ip4(b"\x30\x00" + FRAMED, 97),
    "mpls in ip": f.ip4(struct.pack(">I", 0x140) + INNER, 137),
    "gre in udp": ported(4754, f.gre(INNER, 0x0800)),
}


@pytest.mark.parametrize("packet", TUNNELS.values(), ids=TUNNELS)
def test_the_outer_flow_is_counted_and_the_inner_one_on_request(make: MakeTable, packet: bytes) -> None:
    frame = f.ether(packet, 0x86DD if packet[0] >> 4 == 6 else 0x0800)
    outer, both = make(), make(inner=True)
    feed(outer, frame)
    feed(both, frame)
    assert (int(only(outer)["depth"]), int(only(outer)["marks"])) == (0, Mark.TUNNEL)
    assert used(both)[0].tobytes() == only(outer).tobytes()
    inside = used(both)[1]
    assert (int(inside["depth"]), int(inside["proto"]), port(inside), pair(inside, "app")) == (1, 17, (53, 54), (5, 0))
    assert counts(both)["inner"] == 1


@pytest.mark.parametrize("packet", [TUNNELS["ipip"], TUNNELS["vxlan"]], ids=["ip", "ethernet"])
def test_an_inner_flow_has_the_bytes_of_its_packet(make: MakeTable, packet: bytes) -> None:
    table = make(inner=True)
    feed(table, f.ether(packet) + bytes(30))
    assert pair(used(table)[1], "bytes")[0] == (len(INNER) if packet is TUNNELS["ipip"] else len(FRAMED))


def test_what_ah_protects_is_an_inner_flow_of_the_same_hosts(make: MakeTable) -> None:
    table = make(inner=True)
    feed(table, f.ether(f.ip4(b"\x11\x04" + bytes(22) + f.udp(b"hello"), 51)))
    outer, inside = used(table)
    assert (int(outer["proto"]), int(outer["marks"]), int(inside["proto"]), port(inside)) == (51, 0, 17, (1000, 2000))


def test_tunnels_in_tunnels_are_opened_to_a_depth(make: MakeTable) -> None:
    table = make(inner=True)
    packet = INNER
    for number in range(20):
        packet = f.ip4(packet, 4, f"10.1.0.{number}")
    feed(table, f.ether(packet))
    assert max(int(row["depth"]) for row in used(table)) == 5
    assert counts(table)["deep"] == 1


@pytest.mark.parametrize("port_", [4789, 6081, 2152, 3544, 4790])
def test_a_tunnels_port_alone_makes_no_tunnel(make: MakeTable, port_: int) -> None:
    table = make(inner=True)
    feed(table, f.ether(ported(port_, b"\xc3 nothing of the sort, really")))
    assert int(only(table)["marks"]) == 0


def test_a_fault_inside_a_tunnel_is_not_the_frames(make: MakeTable) -> None:
    table = make(inner=True)
    feed(table, f.ether(f.ip4(b"\x45\x00", 4)), f.ether(f.ip4(b"\x51" * 40, 4)))
    assert counts(table) == {"packets": 2, "bytes": 14 + 20 + 2 + 14 + 20 + 40, "created": 1}
