"""Links, tags and network headers, each by one frame or two."""

from __future__ import annotations

import struct

import pytest

from ratop_py.flow.layout import Encaps, Family, Mark
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import counts, feed, low, only, pair, port, used

UDP = f.ip4(f.udp(b"hello"), 17)
LLC_IP = b"\xaa\xaa\x03\x00\x00\x00\x08\x00" + UDP


def test_both_directions_are_one_flow_and_the_first_sender_began(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.udp(b"ask", 9, 8), 17, f.B, f.A)), f.ether(f.ip4(f.udp(b"reply", 8, 9), 17, f.A, f.B)))
    row = only(table)
    assert (pair(row, "pkts"), pair(row, "app"), int(row["init"])) == ((1, 1), (5, 3), 1)
    assert (low(row), port(row)) == ((0x0A000001, 0x0A000002), (8, 9))


def test_ports_order_the_sides_where_the_addresses_are_one(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.udp(b"", 9, 8), 17, f.A, f.A)), f.ether(f.ip4(f.udp(b"", 8, 9), 17, f.A, f.A)))
    row = only(table)
    assert (port(row), pair(row, "pkts"), int(row["init"])) == ((8, 9), (1, 1), 1)


def test_bytes_are_the_wires_and_payload_goes_by_the_ip_length(table: Table) -> None:
    padded = f.ether(UDP) + bytes(20)
    table.engine.feed_frame(padded[:50], len(padded), 5, 1, 0)
    row = only(table)
    assert (pair(row, "bytes"), pair(row, "app"), pair(row, "maxsz")) == ((len(padded), 0), (5, 0), (len(padded), 0))


def test_an_ip_length_of_zero_means_all_of_the_frame(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.udp(bytes(100)), 17, total=0)))
    assert pair(only(table), "app") == (100, 0)


def test_ttl_tos_and_id_are_kept_smallest_largest_last(table: Table) -> None:
    feed(
        table,
        *(
            f.ether(f.ip4(f.udp(), 17, ttl=ttl, tos=tos, ident=ident))
            for ttl, tos, ident in ((9, 1, 5), (3, 2, 6), (7, 4, 7))
        ),
    )
    row = only(table)
    got = [int(row[name][0]) for name in ("ttl_min", "ttl_max", "ttl", "tos", "ipid")]
    assert got == [3, 9, 7, 4, 7]


def test_macs_are_those_of_each_sides_first_frame(table: Table) -> None:
    feed(table, f.ether(UDP), f.ether(f.ip4(f.udp(b"", 2000, 1000), 17, f.B, f.A), src=f.MAC_B, dst=f.MAC_A))
    row = only(table)
    macs = [bytes(row[name]) for name in ("mac_a", "mac_to_b", "mac_b", "mac_to_a")]
    assert macs == [f.mac(each) for each in (f.MAC_A, f.MAC_B, f.MAC_B, f.MAC_A)]


def test_another_mac_or_vlan_is_marked(table: Table) -> None:
    feed(table, f.ether(UDP), f.ether(UDP, src="02:00:00:00:00:0c"), f.ether(f.vlan(UDP, 7), 0x8100))
    assert int(only(table)["marks"]) == Mark.MAC_CHANGED | Mark.VLAN_CHANGED


def test_two_tags_are_outer_and_inner(table: Table) -> None:
    feed(table, f.ether(f.vlan(f.vlan(UDP, 0x6005), 0x2007, 0x8100), 0x88A8))
    row = only(table)
    assert (pair(row, "vlan")[0], pair(row, "vlan2")[0]) == (0x2007, 0x6005)
    assert int(row["encaps"]) == Encaps.ETHER | Encaps.VLAN | Encaps.QINQ


def test_nesting_has_an_end_and_is_counted(table: Table) -> None:
    frame = UDP
    for _ in range(40):
        frame = f.vlan(frame, 1, 0x8100)
    feed(table, f.ether(frame, 0x8100))
    assert (used(table), counts(table)["deep"]) == ([], 1)


@pytest.mark.parametrize(
    ("shim", "etype"),
    [
        (struct.pack(">I", 77 << 12 | 0x140) + UDP, 0x8847),
        (struct.pack(">II", 77 << 12 | 0x40, 5 << 12 | 0x140) + UDP, 0x8848),
        (struct.pack(">I", 77 << 12 | 0x140) + bytes(4) + f.ether(UDP), 0x8847),
        (struct.pack(">I", 77 << 12 | 0x140) + f.ether(UDP), 0x8847),
    ],
    ids=["one label", "two labels", "pseudowire", "pseudowire without control word"],
)
def test_mpls_keeps_its_top_label(table: Table, shim: bytes, etype: int) -> None:
    feed(table, f.ether(shim, etype))
    row = only(table)
    assert (int(row["proto"]), int(row["mpls"][0]), port(row)) == (17, 78, (1000, 2000))


@pytest.mark.parametrize(
    ("linktype", "frame"),
    [
        (1, f.ether(b"\x11\x00\x00\x05" + struct.pack(">H", len(UDP) + 2) + b"\x00\x21" + UDP, 0x8864)),
        (1, f.ether(LLC_IP, len(LLC_IP))),
        (1, f.ether(b"\x06\x06\x03" + UDP, 3 + len(UDP))),
        (1, f.ether(bytes(4) + struct.pack(">H", 0x0800) + UDP, 0x8926)),
        (1, f.ether(b"\x00\x02\x02\x01" + bytes(4) + UDP, 0x894F)),
        (0, b"\x02\x00\x00\x00" + UDP),
        (108, b"\x00\x00\x00\x02" + UDP),
        (12, UDP),
        (101, UDP),
        (228, UDP),
        (113, struct.pack(">HHH", 0, 1, 6) + bytes(8) + b"\x08\x00" + UDP),
        (276, b"\x08\x00" + bytes(8) + b"\x00\x06" + bytes(8) + UDP),
        (9, b"\xff\x03\x00\x21" + UDP),
        (9, b"\x21" + UDP),
        (50, b"\x0f\x00\x08\x00" + UDP),
        (51, b"\x11\x00\x00\x05\x00\x00\x00\x21" + UDP),
        (104, b"\x0f\x00\x08\x00" + UDP),
        (107, b"\x18\x41\x03\xcc" + UDP),
        (107, b"\x18\x41\x08\x00" + UDP),
        (105, b"\x08\x02" + bytes(22) + LLC_IP),
        (105, b"\x88\x02" + bytes(24) + LLC_IP),
        (127, b"\x00\x00\x0a\x00\x02\x00\x00\x00\x10\x00" + b"\x08\x02" + bytes(22) + LLC_IP + b"FCS!"),
        (119, struct.pack("<II", 0x44, 16) + bytes(8) + b"\x08\x02" + bytes(22) + LLC_IP),
        (163, struct.pack(">II", 0x80211001, 16) + bytes(8) + b"\x08\x02" + bytes(22) + LLC_IP),
        (192, struct.pack("<BBHI", 0, 0, 8, 105) + b"\x08\x02" + bytes(22) + LLC_IP),
        (239, b"\x02\x00\x00\x00" + b"\x08\x00\x01\x00abcd" + struct.pack("<HH", 4 + len(UDP), 9) + UDP),
        (10, b"\x50" + bytes(12) + LLC_IP),
        (258, struct.pack("<III", 12, 1, 1) + f.ether(UDP)),
        (285, bytes(12) + b"\xda\xda" + bytes(6) + b"\x08\x00" + UDP),
    ],
)
def test_ip_is_found_behind_every_link(table: Table, linktype: int, frame: bytes) -> None:
    feed(table, frame, linktype=linktype)
    row = only(table)
    assert (int(row["family"]), int(row["proto"]), port(row), pair(row, "app")) == (4, 17, (1000, 2000), (5, 0))
    assert pair(row, "bytes") == (len(frame), 0)


def test_a_link_that_is_not_understood_is_counted(table: Table) -> None:
    feed(table, UDP, linktype=195)
    assert counts(table) == {"packets": 1, "bytes": len(UDP), "unlinked": 1}


def test_secret_and_management_radio_frames_are_flows_of_stations(table: Table) -> None:
    feed(table, b"\x08\x42" + bytes(40), b"\x80\x00" + bytes(40), linktype=105)
    assert {int(row["family"]) for row in used(table)} == {Family.ETHER}
    assert counts(table)["nonip"] == 2


def test_asking_and_answering_are_one_arp_flow_and_who_asks_began(table: Table) -> None:
    feed(table, f.ether(f.arp(2, f.B, f.A), 0x0806), f.ether(f.arp(1, f.A, f.B), 0x0806))
    row = only(table)
    assert (int(row["family"]), int(row["proto"]), pair(row, "pkts"), int(row["init"])) == (Family.ARP, 0, (1, 1), 0)


def test_rarp_has_a_family_of_its_own(table: Table) -> None:
    feed(table, f.ether(f.arp(3), 0x8035))
    assert int(only(table)["family"]) == Family.RARP


def test_what_is_no_ip_is_a_flow_of_stations_by_ethertype(table: Table) -> None:
    feed(
        table,
        f.ether(bytes(46), 0x88CC),
        f.ether(b"\x42\x42\x03" + bytes(43), 46),
        f.ether(b"\xaa\xaa\x03\x00\x00\x0c\x20\x00" + bytes(30), 38),
    )
    assert sorted(port(row)[0] for row in used(table)) == [0x42, 0x2000, 0x88CC]
    assert {int(row["family"]) for row in used(table)} == {Family.ETHER}
    assert low(used(table)[0]) == (10, 11)


def test_ipv6_extension_headers_are_walked(table: Table) -> None:
    chain = b"\x3c\x00" + bytes(6) + b"\x2b\x01" + bytes(14) + b"\x11\x00" + bytes(6) + f.udp(b"abc")
    feed(table, f.ether(f.ip6(chain, 0, traffic=0xB8), 0x86DD))
    row = only(table)
    assert (int(row["proto"]), port(row), pair(row, "app"), pair(row, "tos")) == (17, (1000, 2000), (3, 0), (0xB8, 0))


def test_an_endless_chain_of_headers_is_given_up(table: Table) -> None:
    feed(table, f.ether(f.ip6((b"\x3c\x00" + bytes(6)) * 50, 60), 0x86DD))
    assert (used(table), counts(table)["deep"]) == ([], 1)


def test_ip_options_and_congestion_are_marked(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.udp(), 17, options=b"\x94\x04\x00\x00", tos=3)))
    assert int(only(table)["marks"]) == Mark.IP_OPTIONS | Mark.CE


@pytest.mark.parametrize(
    "packet",
    [b"\x55" + UDP[1:], b"\x44" + UDP[1:], f.ip4(f.udp(), 17, total=10)],
    ids=["version", "header length", "total length"],
)
def test_a_header_that_contradicts_itself_is_malformed(table: Table, packet: bytes) -> None:
    feed(table, f.ether(packet))
    assert (used(table), counts(table)["malformed"]) == ([], 1)


def test_cut_by_the_snap_length_is_truncated_and_cut_on_the_wire_is_malformed(table: Table) -> None:
    feed(table, f.ether(UDP)[:30], wire=200)
    feed(table, f.ether(UDP)[:30])
    assert (used(table), counts(table)["truncated"], counts(table)["malformed"]) == ([], 1, 1)


def test_a_cut_transport_header_still_counts_for_its_hosts(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.udp(bytes(50)), 17))[:36], wire=92)
    row = only(table)
    assert (port(row), int(row["marks"]), pair(row, "bytes")) == ((0, 0), Mark.TRUNCATED, (92, 0))
