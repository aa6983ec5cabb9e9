from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratop_py.capture.pcapfile import PcapFile
from ratop_py.capture.pcapng import options
from ratop_py.capture.source import Losses
from ratop_py.errors import RatopError
from ratop_py.flow.table import Table
from tests.capture.test_pcapfile import CHANGES, mutated, packets, read, written
from tests.helpers import frames
from tests.helpers.boundsink import BoundSink

ONE = frames.ether(frames.ip4(frames.udp(b"hello"), 17))
SECOND = 10**9


def block(kind: int, body: bytes, order: str = "<") -> bytes:
    body += bytes(-len(body) % 4)
    size = len(body) + 12
    return struct.pack(order + "II", kind, size) + body + struct.pack(order + "I", size)


def section(order: str = "<") -> bytes:
    return block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)


def interface(link: int = 1, opts: bytes = b"", order: str = "<") -> bytes:
    return block(1, struct.pack(order + "HHI", link, 0, 0) + opts, order)


def option(code: int, value: bytes, order: str = "<") -> bytes:
    return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders_are_read(tmp_path: Path, order: str) -> None:
    data = section(order) + interface(order=order) + frames.enhanced(ONE, 5_000_000, order=order) * 3
    table, source = read(written(tmp_path, data))
    assert packets(table) == 3
    assert table.rows["first"].max() == 5 * SECOND
    assert source.losses().cut == 0


@pytest.mark.parametrize(("resolution", "units"), [(9, 10**9), (3, 10**3), (0x80 | 10, 1 << 10), (0, 1)])
def test_times_are_in_the_interface_s_own_resolution(tmp_path: Path, resolution: int, units: int) -> None:
    data = section() + interface(opts=option(9, bytes([resolution]))) + frames.enhanced(ONE, 7 * units)
    assert read(written(tmp_path, data))[0].rows["first"].max() == 7 * SECOND


def test_a_time_offset_is_added(tmp_path: Path) -> None:
    data = section() + interface(opts=option(14, struct.pack("<q", 100))) + frames.enhanced(ONE, 1_000_000)
    assert read(written(tmp_path, data))[0].rows["first"].max() == 101 * SECOND


def test_interfaces_have_names_and_numbers_of_their_own_over_all_sections(tmp_path: Path) -> None:
    named = [interface(opts=option(2, name)) for name in (b"eth0", b"wlan0")]
    first = section() + named[0] + named[1] + frames.enhanced(ONE, 1, interface=1)
    second = section(">") + interface(order=">", opts=option(2, b"lo", ">")) + frames.enhanced(ONE, 2, order=">")
    table, source = read(written(tmp_path, first + second))
    assert source.interfaces == ("eth0", "wlan0", "lo")
    assert packets(table) == 2
    assert table.rows["iface"][0] == 1


def test_simple_packets_are_read(tmp_path: Path) -> None:
    assert packets(read(written(tmp_path, section() + interface() + frames.simple(ONE)))[0]) == 1


def test_other_blocks_are_passed_over_and_unknown_ones_counted(tmp_path: Path) -> None:
    quiet, unknown = block(4, b"names"), block(0x77, b"what is this")
    data = section() + interface() + quiet + frames.enhanced(ONE, 1) + unknown + frames.enhanced(ONE, 2)
    table, source = read(written(tmp_path, data))
    assert packets(table) == 2
    assert source.losses().skipped == 1


def test_a_packet_of_an_interface_that_is_not_described_is_passed_over(tmp_path: Path) -> None:
    data = section() + interface() + frames.enhanced(ONE, 1, interface=9) + frames.enhanced(ONE, 2)
    assert packets(read(written(tmp_path, data))[0]) == 1


def test_a_cut_last_block_is_counted(tmp_path: Path) -> None:
    data = section() + interface() + frames.enhanced(ONE, 1) + frames.enhanced(ONE, 2)[:-5]
    table, source = read(written(tmp_path, data))
    assert packets(table) == 1
    assert source.losses() == Losses(cut=1)


def test_a_section_without_a_byte_order_ends_the_reading(tmp_path: Path) -> None:
    torn = block(0x0A0D0D0A, struct.pack("<IHHq", 0x12345678, 1, 0, -1))
    table, source = read(written(tmp_path, section() + interface() + frames.enhanced(ONE, 1) + torn))
    assert packets(table) == 1
    assert source.losses().cut == 1


def test_a_description_whose_two_lengths_differ_ends_the_reading(tmp_path: Path) -> None:
    torn = interface()[:-4] + struct.pack("<I", 400)
    table, source = read(written(tmp_path, section() + torn + frames.enhanced(ONE, 1)))
    assert packets(table) == 0
    assert source.losses().cut == 1


def test_so_many_interfaces_as_have_a_number_are_kept(tmp_path: Path) -> None:
    data = section() + interface() * 70_000 + frames.enhanced(ONE, 1, interface=65_535)
    table, source = read(written(tmp_path, data), most=200_000)
    assert len(source.interfaces) == 1 << 16
    assert packets(table) == 1
    assert source.losses().skipped == 70_000 - (1 << 16)


def test_a_packet_block_that_says_nonsense_is_passed_over_and_counted_once(tmp_path: Path) -> None:
    wrong = frames.enhanced(ONE, 1)[:-4] + struct.pack("<I", 4)
    data = section() + interface() + wrong + frames.enhanced(ONE, 2)
    table, source = read(written(tmp_path, data))
    assert packets(table) == 1
    assert table.counters()["broken"] == 1
    assert source.losses().skipped == 1


def test_a_section_in_a_pipe_is_waited_for_without_delaying_anybody() -> None:
    reader, writer = os.pipe()
    whole = section() + interface()
    os.write(writer, whole[:40])  # within the description
    table, source = Table(16), PcapFile(f"/dev/fd/{reader}")
    for _ in range(4):
        assert source.step(table.engine, 0.01)
    os.write(writer, whole[40:] + frames.enhanced(ONE, 1))
    os.close(writer)
    while source.step(table.engine, 0.05):
        pass
    assert (packets(table), source.losses().cut) == (1, 0)
    os.close(reader)


WHOLE = section() + interface(opts=option(2, b"eth0") + option(9, b"\x09")) + frames.enhanced(ONE, 1) * 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(CHANGES, st.integers(0, 150))
def test_a_damaged_file_ends(tmp_path: Path, changes: list[tuple[int, int]], cut: int) -> None:
    try:
        read(written(tmp_path, mutated(WHOLE, changes, cut)))
    except RatopError as error:
        assert error.message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(CHANGES, st.integers(0, 150), st.data())
def test_the_engine_is_given_nothing_outside_the_buffer(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int, data: st.DataObject
) -> None:
    sink = BoundSink(lambda off, end: data.draw(st.integers(off, end)))
    try:
        source = PcapFile(str(written(tmp_path, mutated(WHOLE, changes, cut))))
    except RatopError:
        return
    for _ in range(1000):
        if not source.step(sink, 0):
            return
    raise AssertionError("it does not end")


@given(st.binary(max_size=100))
def test_options_are_read_as_far_as_their_lengths_hold(data: bytes) -> None:
    assert sum(len(value) + 4 for _, value in options(data, "<")) <= len(data)


def test_interfaces_may_come_between_packets(tmp_path: Path) -> None:
    named = [
        interface(opts=option(2, b"eth%d" % number)) + frames.enhanced(ONE, number, interface=number)
        for number in range(20)
    ]
    table, source = read(written(tmp_path, section() + b"".join(named)))
    assert packets(table) == 20
    assert source.interfaces == tuple(f"eth{number}" for number in range(20))
