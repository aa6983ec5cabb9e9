"""Walking pcap, pcapng and ring blocks: what is taken, where it stops, what is counted."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from numpy.typing import NDArray

from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import START, STEP, counts, only, pair

FRAME = f.ether(f.ip4(f.udp(b"hello"), 17))
TIMED = [(START + number * STEP, FRAME) for number in range(3)]
HEAD = 24


def times(table: Table) -> tuple[int, int]:
    """First and last time of A's packets, after START."""
    row = only(table)
    return int(row["first"][0]) - START, int(row["last"][0]) - START


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_is_read_in_all_its_variants(table: Table, big: bool, nano: bool) -> None:
    data = f.pcap(TIMED, big=big, nano=nano)
    assert table.engine.feed_pcap(data, HEAD, len(data), big | nano << 1, 1, 5) == len(data)
    assert (pair(only(table), "pkts"), times(table), int(only(table)["iface"])) == ((3, 0), (0, 2 * STEP), 5)


def test_modified_pcap_has_longer_record_headers(table: Table) -> None:
    record = struct.pack("<IIIIIHBB", 1, 2, len(FRAME), len(FRAME), 0, 0, 0, 0) + FRAME
    assert table.engine.feed_pcap(record * 2, 0, 1000, 4, 1, 0) == 2 * len(record)
    assert pair(only(table), "pkts") == (2, 0)


def test_records_past_the_limit_wait(table: Table) -> None:
    data = f.pcap(TIMED)
    second = HEAD + 16 + len(FRAME)
    assert table.engine.feed_pcap(data, HEAD, second, 2, 1, 0) == second
    assert counts(table)["packets"] == 1


@pytest.mark.parametrize("short", [1, len(FRAME), len(FRAME) + 1, len(FRAME) + 15])
def test_a_cut_record_waits_for_the_rest(table: Table, short: int) -> None:
    data = f.pcap(TIMED)
    assert table.engine.feed_pcap(data[:-short], HEAD, len(data), 2, 1, 0) == len(data) - 16 - len(FRAME)
    assert "broken" not in counts(table)


@pytest.mark.parametrize("place", [8, 12], ids=["captured", "wire"])
def test_an_absurd_length_is_counted_and_stops_the_walk(table: Table, place: int) -> None:
    data = bytearray(f.pcap(TIMED))
    struct.pack_into("<I", data, HEAD + place, 0x7FFFFFFF)
    assert table.engine.feed_pcap(data, HEAD, len(data), 2, 1, 0) == HEAD
    assert counts(table) == {"broken": 1}


def test_the_largest_time_does_not_wrap(table: Table) -> None:
    data = struct.pack("<IIII", 0xFFFFFFFF, 0xFFFFFFFF, len(FRAME), len(FRAME)) + FRAME
    table.engine.feed_pcap(data, 0, len(data), 0, 1, 0)
    assert 0 < int(only(table)["first"][0]) < 1 << 62


def links(*rows: tuple[int, ...]) -> NDArray[np.int64]:
    """Interfaces as the engine wants them."""
    return np.array([(*row, *(0,) * (8 - len(row))) for row in rows], np.int64).reshape(-1, 8)


MICRO = 10**6


@pytest.mark.parametrize("order", ["<", ">"])
def test_blocks_of_several_interfaces_are_told_apart(table: Table, order: str) -> None:
    raw = FRAME[14:]
    data = f.enhanced(FRAME, 1, order=order) + f.enhanced(raw, 2, interface=1, order=order)
    table.engine.feed_pcapng(data, 0, len(data), order == ">", links((1, MICRO, 0, 0, 4), (101, MICRO, 0, 0, 5)))
    row = only(table)
    assert (pair(row, "pkts"), pair(row, "bytes"), int(row["iface"])) == ((2, 0), (len(FRAME) + len(raw), 0), 4)


@pytest.mark.parametrize(
    ("per_second", "units"),
    [
        (1, 5),
        (1000, 5250),
        (MICRO, 5_250_000),
        (10**9, 5_250_000_000),
        (10**12, 5_250_000_000_000),
        (2**20, 5 << 20 | 1 << 18),
        (2**40, 5 << 40 | 1 << 38),
    ],
)
def test_times_of_every_resolution_become_nanoseconds(table: Table, per_second: int, units: int) -> None:
    data = f.enhanced(FRAME, units)
    table.engine.feed_pcapng(data, 0, len(data), False, links((1, per_second, 7)))
    assert int(only(table)["first"][0]) == (5_000_000_000 if per_second == 1 else 5_250_000_000) + 7


def test_a_simple_block_has_the_time_of_the_one_before_and_the_snap_length_of_its_interface(table: Table) -> None:
    data = f.enhanced(FRAME, 9) + f.simple(FRAME[:40], wire=500)
    table.engine.feed_pcapng(data, 0, len(data), False, links((1, MICRO, 0, 40, 0)))
    row = only(table)
    assert (pair(row, "pkts"), pair(row, "bytes"), int(row["last"][0])) == ((2, 0), (len(FRAME) + 500, 0), 9000)


def test_obsolete_blocks_are_read(table: Table) -> None:
    data = bytearray(f.enhanced(FRAME, 9))
    struct.pack_into("<IIHH", data, 0, 2, len(data), 1, 0)
    table.engine.feed_pcapng(data, 0, len(data), False, links((101, MICRO), (1, MICRO)))
    assert pair(only(table), "pkts") == (1, 0)


def test_other_blocks_stop_the_walk(table: Table) -> None:
    data = f.enhanced(FRAME, 1)
    other = struct.pack("<III", 5, 12, 12)
    assert table.engine.feed_pcapng(data + other + data, 0, 1 << 20, False, links((1, MICRO))) == len(data)


def test_a_checksum_at_the_end_is_no_payload(table: Table) -> None:
    frame = f.ether(f.ip4(f.udp(b"abc"), 17, total=0)) + b"FCS!"
    data = f.enhanced(frame, 1)
    table.engine.feed_pcapng(data, 0, len(data), False, links((1, MICRO, 0, 0, 0, 4)))
    assert pair(only(table), "app") == (3, 0)


@pytest.mark.parametrize(
    ("place", "value"),
    [(4, 8), (4, 33), (4, 0x7FFFFFFF), (-4, 12), (8, 9), (20, 5000), (24, 0x7FFFFFFF)],
    ids=["length", "odd length", "huge length", "trailing length", "interface", "captured", "wire"],
)
def test_a_block_that_contradicts_itself_is_broken(table: Table, place: int, value: int) -> None:
    data = bytearray(f.enhanced(FRAME, 1))
    struct.pack_into("<I", data, place if place >= 0 else len(data) + place, value)
    table.engine.feed_pcapng(data, 0, len(data), False, links((1, MICRO)))
    assert counts(table) == {"broken": 1}


def test_interfaces_of_another_shape_are_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="columns"):
        table.engine.feed_pcapng(b"", 0, 0, False, np.zeros((1, 3), np.int64))


def test_a_ring_block_is_walked_to_its_end(table: Table) -> None:
    ring = bytearray(1 << 16) + f.ring_block(TIMED)
    assert table.engine.feed_ring(ring, 1 << 16, 1 << 16, 1, 2, False) == 3
    assert (pair(only(table), "pkts"), times(table), int(only(table)["iface"])) == ((3, 0), (0, 2 * STEP), 2)


def test_the_tag_that_the_kernel_took_off_is_put_back(table: Table) -> None:
    inner = f.ether(f.vlan(FRAME[14:], 9), 0x8100)
    table.engine.feed_ring(f.ring_block([(START, inner)], tag=0x6005), 0, 1 << 16, 1, 0, False)
    row = only(table)
    assert (pair(row, "vlan"), pair(row, "vlan2"), pair(row, "bytes")) == ((0x6005, 0), (9, 0), (len(inner) + 4, 0))


@pytest.mark.parametrize(("skip", "taken"), [(True, 0), (False, 3)])
def test_outgoing_frames_are_left_out_on_request(table: Table, skip: bool, taken: int) -> None:
    assert table.engine.feed_ring(f.ring_block(TIMED, outgoing=True), 0, 1 << 16, 1, 0, skip) == taken


@pytest.mark.parametrize(
    ("place", "value"), [(16, 7), (16, 1 << 20), (12, 1 << 20), (48 + 12, 1 << 20), (48, 4), (48, 1 << 30)],
    ids=["first early", "first late", "count", "captured", "step small", "step large"],
)  # fmt: skip
def test_a_ring_block_that_contradicts_itself_is_broken(table: Table, place: int, value: int) -> None:
    block = f.ring_block(TIMED)
    struct.pack_into("<I", block, place, value)
    table.engine.feed_ring(block, 0, len(block), 1, 0, False)
    assert counts(table)["broken"] == 1


@pytest.mark.parametrize(("off", "size"), [(-1, 48), (0, 47), (0, 1 << 17), (1 << 16, 48)])
def test_a_block_outside_the_ring_is_refused(table: Table, off: int, size: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        table.engine.feed_ring(bytes(1 << 16), off, size, 1, 0, False)


@pytest.mark.parametrize("wire", [-1, 1 << 40])
def test_a_frame_of_absurd_length_is_broken(table: Table, wire: int) -> None:
    table.engine.feed_frame(FRAME, wire, 0, 1, 0)
    assert counts(table) == {"broken": 1}


def test_a_forgotten_check_costs_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table(8, seed=1, pure=True)
    engine = type(table.engine)
    whole = engine.arp
    monkeypatch.setattr(engine, "arp", lambda self: self.two(1 << 40) and whole(self))
    data = f.pcap([(START, FRAME), (START, f.ether(f.arp(1), 0x0806)), (START, FRAME)])
    assert table.engine.feed_pcap(data, HEAD, len(data), 2, 1, 0) == len(data)
    assert (pair(only(table), "pkts"), counts(table)["malformed"]) == ((2, 0), 1)
