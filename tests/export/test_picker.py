"""Packets picked by flow."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ratop_py.capture.kept import Frame
from ratop_py.capture.pcapfile import PcapFile
from ratop_py.errors import Exit, RatopError
from ratop_py.export import picker as module
from ratop_py.export.picker import Picker
from ratop_py.export.wanted import Wanted
from ratop_py.flow.flows import Flows
from ratop_py.flow.layout import note_dtype
from ratop_py.flow.table import Table
from tests.capture.test_pcapfile import CHANGES, mutated
from tests.capture.test_pcapng import interface, option, section
from tests.helpers import frames as f
from tests.helpers.feeding import START, STEP

MORE = 0x2000


def datagram(port: int, payload: bytes = b"x" * 40) -> bytes:
    return f.ether(f.ip4(f.udp(payload, port, 53), 17))


def parts(port: int, ident: int) -> list[bytes]:
    """A datagram in three fragments."""
    whole = f.udp(bytes(48), port, 53)
    cuts = [whole[:16], whole[16:32], whole[32:]]
    return [f.ether(f.ip4(cut, 17, ident=ident, frag=(MORE if at < 2 else 0) | at * 2)) for at, cut in enumerate(cuts)]


def flows(sent: list[bytes], inner: bool = False) -> Flows:
    """What a table makes of packets."""
    table = Table(4096, inner=inner)
    for number, frame in enumerate(sent):
        table.engine.feed_frame(frame, len(frame), START + number * STEP, 1, 0)
    used = table.rows[table.rows["life"] != 0].copy()
    return Flows(used, np.zeros(len(used), note_dtype()))


def wanted(sent: list[bytes], port: int, inner: bool = False) -> Wanted:
    """The flows of a port."""
    all_flows = flows(sent, inner)
    ports = np.maximum(all_flows.rows["port_a"], all_flows.rows["port_b"])
    made = Wanted()
    made.add([all_flows.take(np.flatnonzero(ports == port))])
    return made


def picked(sent: list[bytes], port: int, inner: bool = False) -> list[bytes]:
    """Packets of a port's flows."""
    found: list[Frame] = []
    picker = Picker(wanted(sent, port, inner), found.append, inner=inner)
    for number, frame in enumerate(sent):
        picker.feed_frame(frame, len(frame), START + number * STEP, 1, 0)
    return [frame.data for frame in found]


def test_packets_of_wanted_flows_are_taken_in_their_order() -> None:
    sent = [datagram(port, bytes([number])) for number, port in enumerate([1000, 2000, 1000, 3000, 1000])]
    assert picked(sent, 1000) == [sent[0], sent[2], sent[4]]


def test_answers_belong_to_the_flow() -> None:
    sent = [datagram(1000), f.ether(f.ip4(f.udp(b"yes", 53, 1000), 17, src=f.B, dst=f.A))]
    assert picked(sent, 1000) == sent


def test_fragments_go_with_their_first() -> None:
    one, two = parts(1000, 1), parts(2000, 2)
    sent = [one[0], two[0], one[1], two[1], one[2], two[2], datagram(1000)]
    assert picked(sent, 1000) == [one[0], one[1], one[2], datagram(1000)]


def test_fragments_that_overtook_their_first_go_with_it() -> None:
    one, two = parts(1000, 1), parts(2000, 2)
    sent = [one[2], one[1], one[0], two[2], two[1], two[0]]
    assert sorted(picked(sent, 1000)) == sorted(one)
    assert sorted(picked(sent, 2000)) == sorted(two)


def test_fragments_without_a_first_are_a_flow_of_their_own() -> None:
    one = parts(1000, 1)
    assert picked([one[1], one[2], datagram(2000)], 0) == [one[1], one[2]]


def test_an_icmp_error_is_a_flow_of_its_own_and_not_that_which_it_quotes() -> None:
    one = parts(1000, 1)
    error = f.ether(f.ip4(struct.pack(">BBHI", 3, 3, 0, 0) + one[0][14:], 1, src=f.B, dst=f.A))
    sent = [one[0], error, one[1]]
    assert picked(sent, 1000) == [one[0], one[1]]
    assert picked(sent, 0x303) == [error]


@pytest.mark.parametrize("inner", [False, True])
def test_what_a_tunnel_carries_counts_where_flows_inside_were_asked_for(inner: bool) -> None:
    carried = f.ip4(f.udp(b"x", 1000, 53), 17, src="172.16.0.1", dst="172.16.0.2")
    sent = [f.ether(f.ip4(f.gre(carried, 0x0800), 47)), datagram(2000)]
    assert picked(sent, 1000, inner) == ([sent[0]] if inner else [])


def test_many_fragmented_flows_take_bounded_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROOM", 20)
    sent = [
        f.ether(f.ip4(f.udp(bytes(8), 5000 + n, 53), 17, ident=n, frag=MORE, src=f"10.1.{n}.1")) for n in range(200)
    ]
    sent += [f.ether(f.ip4(bytes(8), 17, ident=n, frag=2, src=f"10.2.{n}.1")) for n in range(200)]
    picker = Picker(Wanted(), lambda frame: None)
    for frame in sent:
        picker.feed_frame(frame, len(frame), START, 1, 0)
        assert len(picker._held) <= 21
        assert sum(map(len, picker._overtaking.values())) <= 21


def test_memory_does_not_grow_with_the_flows() -> None:
    picker = Picker(Wanted(), lambda frame: None)
    for number in range(5000):
        frame = f.ether(f.ip4(f.udp(b"", 1000 + number % 50_000, 53), 17, src=f"10.{number % 250}.{number // 250}.1"))
        picker.feed_frame(frame, len(frame), START, 1, 0)
    assert picker._engine.used() < 10


def fed(picker: Picker, count: int) -> None:
    for _ in range(count):
        picker.feed_frame(datagram(1000), 82, START, 1, 0)


def test_a_stop_ends_it_soon() -> None:
    picker = Picker(Wanted(), lambda frame: None, lambda done: done < 8000)
    with pytest.raises(RatopError) as caught:
        fed(picker, 20_000)
    assert picker.seen < 8200
    assert caught.value.exit_code is Exit.INTERRUPTED


def everything(path: Path) -> list[Frame]:
    """All packets of a file."""
    table, source = Table(1000), PcapFile(str(path))
    while source.step(table.engine, 0):
        pass
    made, found = Wanted(), list[Frame]()
    made.add([Flows(table.rows.copy(), np.zeros(len(table.rows), note_dtype()))])
    source = PcapFile(str(path))
    picker = Picker(made, found.append)
    while source.step(picker, 0):
        pass
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(CHANGES, st.booleans())
def test_of_a_broken_file_the_packets_that_count_are_found(
    tmp_path: Path, changes: list[tuple[int, int]], ng: bool
) -> None:
    sent = [(START + number * 1000, frame) for number, frame in enumerate([datagram(1000), *parts(2000, 7)] * 3)]
    data = f.pcap(sent)
    if ng:
        data = section() + interface() + b"".join(f.enhanced(frame, ts // 1000) for ts, frame in sent)
    (tmp_path / "in").write_bytes(mutated(data, changes, 0))
    table = Table(1000)
    try:
        source = PcapFile(str(tmp_path / "in"))
    except RatopError:
        return
    while source.step(table.engine, 0):
        pass
    assert len(everything(tmp_path / "in")) == table.rows["pkts"].sum()


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("nano", [False, True])
def test_pcap_records_are_taken_apart(tmp_path: Path, big: bool, nano: bool) -> None:
    sent = [(START + number * 1000, datagram(1000 + number)) for number in range(3)]
    (tmp_path / "in").write_bytes(f.pcap(sent, big=big, nano=nano))
    unit = 1 if nano else 1000
    assert everything(tmp_path / "in") == [Frame(ts // unit * unit, len(data), data, 1, 0) for ts, data in sent]


@pytest.mark.parametrize("order", ["<", ">"])
def test_pcapng_blocks_are_taken_apart(tmp_path: Path, order: str) -> None:
    data = datagram(1000)
    obsolete = bytearray(f.enhanced(data, 3_000_000, order=order))
    struct.pack_into(order + "IIHH", obsolete, 0, 2, len(obsolete), 1, 0)
    (tmp_path / "in").write_bytes(
        section(order)
        + interface(order=order)
        + interface(opts=option(13, b"\x04", order), order=order)
        + f.enhanced(data, 1_000_000, wire=2000, order=order)
        + f.simple(data, order=order)
        + f.enhanced(data + b"FCS!", 2_000_000, interface=1, order=order)
        + bytes(obsolete)
    )
    second = 1_000_000_000
    assert everything(tmp_path / "in") == [
        Frame(second, 2000, data, 1, 0),
        Frame(second, len(data), data, 1, 0),
        Frame(2 * second, len(data), data, 1, 1),
        Frame(3 * second, len(data) - 4, data[:-4], 1, 1),
    ]
