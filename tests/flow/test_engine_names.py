"""Payloads that may carry a name are kept aside, bounded, and nothing else is."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from ratop_py.flow.layout import HEARD, HEARD_BYTES, Hint, offsets
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import MakeTable

HELLO = bytes.fromhex("160301") + struct.pack(">H", 400) + b"\x01" + bytes(399)
INITIAL = b"\xc3\x00\x00\x00\x01" + bytes(1195)


def feed(table: Table, *frames: bytes, limit: int = 100) -> None:
    table.engine.listen(limit)
    for number, frame in enumerate(frames):
        table.engine.feed_frame(frame, len(frame), 1000 + number, 1, 0)


def kept(table: Table) -> list[tuple[int, int, bytes]]:
    """(kind, side, payload) of all that is taken."""
    data, at, found = table.engine.take_heard(), 0, []
    while at < len(data):
        _, _, _, kind, side, size = struct.unpack_from("<QqIBBH", data, at)
        found.append((kind, side, data[at + 24 : at + 24 + size]))
        at += 24 + (size + 7) // 8 * 8
    return found


def kinds(table: Table) -> list[int]:
    return [kind for kind, _, _ in kept(table)]


def datagram(payload: bytes, sport: int, dport: int = 4000, src: str = f.B, dst: str = f.A) -> bytes:
    return f.ether(f.ip4(f.udp(payload, sport, dport), 17, src, dst))


def segment(payload: bytes, seq: int, *, sport: int = 4000, dport: int = 443, flags: int = f.ACK) -> bytes:
    return f.ether(f.ip4(f.tcp(flags, seq, 1, payload, sport=sport, dport=dport), 6))


def test_the_head_of_a_payload_has_the_size_that_the_layout_says() -> None:
    assert offsets(HEARD)[""] == struct.calcsize("<QqIBBH") == 24


@pytest.mark.parametrize(("port", "kind"), [(53, Hint.DNS), (5353, Hint.MDNS), (5355, Hint.LLMNR)])
def test_an_answer_is_kept_with_its_flow(table: Table, port: int, kind: int) -> None:
    feed(table, datagram(b"answer", port))
    data = table.engine.take_heard()
    assert struct.unpack_from("<QqIBBH", data) == (1, 1000, 0, kind, 1, 6)
    assert data[24:30] == b"answer"


def test_whether_somebody_had_asked_stands_beside_it(table: Table) -> None:
    feed(table, datagram(b"question", 4000, 53, f.A, f.B), datagram(b"answer", 53))
    assert kept(table) == [(Hint.DNS, 3, b"answer")]


def test_questions_and_other_datagrams_are_not_kept(table: Table) -> None:
    feed(table, datagram(b"question", 4000, 53), datagram(b"x" * 1300, 4000, 443), datagram(b"", 53))
    assert kept(table) == []


def test_nothing_is_kept_before_somebody_listens(table: Table) -> None:
    frame = datagram(b"answer", 53)
    table.engine.feed_frame(frame, len(frame), 1, 1, 0)
    assert table.engine.take_heard() == b""
    assert table.counters()["names_missed"] == 0


def test_what_is_too_much_is_counted_and_left_out_till_some_was_taken(table: Table) -> None:
    feed(table, *(datagram(b"%d" % number, 53) for number in range(5)), limit=2)
    assert len(kept(table)) == 2
    assert table.counters()["names_missed"] == 3
    feed(table, datagram(b"again", 53), limit=2)
    assert kept(table) == [(Hint.DNS, 1, b"again")]


def test_the_room_is_bounded_whatever_the_limit(make: MakeTable) -> None:
    table, frame = make(), datagram(bytes(1400), 53)
    each = 24 + 1400
    table.engine.listen(1 << 40)
    more = HEARD_BYTES // each + 10
    data = f.pcap((number, frame) for number in range(more))
    table.engine.feed_pcap(data, 24, len(data), 2, 1, 0)
    assert HEARD_BYTES - 2 * each < len(table.engine.take_heard()) <= HEARD_BYTES
    assert 10 <= table.counters()["names_missed"] < 13


def test_two_kilobytes_of_a_payload_are_kept(table: Table) -> None:
    feed(table, datagram(bytes(5000), 53))
    assert [len(payload) for _, _, payload in kept(table)] == [2048]


def test_padding_behind_the_datagram_is_none_of_it(table: Table) -> None:
    feed(table, datagram(b"ab", 53) + bytes(20))
    assert kept(table) == [(Hint.DNS, 1, b"ab")]


def test_a_hello_is_kept_on_any_port_and_with_it_the_segment_that_goes_on(table: Table) -> None:
    rest = segment(HELLO[300:], 301, dport=8443)
    feed(table, segment(HELLO[:300], 1, dport=8443), rest, rest, segment(b"more data", 406, dport=8443))
    assert kept(table) == [(Hint.TLS, 0, HELLO[:300]), (Hint.TLS_MORE, 0, HELLO[300:])]


def test_a_whole_hello_waits_for_no_segment(table: Table) -> None:
    feed(table, segment(HELLO, 1), segment(b"more data", 406))
    assert kinds(table) == [Hint.TLS]


def test_a_hello_after_a_few_packets_of_another_protocol_is_kept_one_later_is_not(table: Table) -> None:
    talk = [segment(b"220 hello", 1 + 9 * number) for number in range(11)]
    feed(table, *talk, segment(HELLO, 100))
    assert kinds(table) == [Hint.TLS]
    feed(table, segment(HELLO, 1000))
    assert kinds(table) == []


def test_a_hello_on_a_row_used_again_is_not_taken_for_the_rest_of_another(table: Table) -> None:
    feed(table, segment(HELLO[:300], 1))
    table.engine.end(0, 1)
    table.engine.release(0)
    feed(table, segment(HELLO, 9))
    assert kinds(table) == [Hint.TLS, Hint.TLS]


def test_of_a_hello_that_was_cut_the_next_segment_is_not_kept(table: Table) -> None:
    frame = segment(HELLO[:300], 1)
    table.engine.listen(9)
    table.engine.feed_frame(frame[:200], len(frame), 1, 1, 0)
    feed(table, segment(HELLO[300:], 301))
    assert kinds(table) == [Hint.TLS]


def test_other_records_of_tls_are_not_kept(table: Table) -> None:
    feed(
        table, segment(b"\x16\x03\x03\x00\x10\x02" + bytes(15), 1), segment(b"\x17\x03\x03\x00\x10\x01" + bytes(15), 22)
    )
    assert kept(table) == []


def test_an_answer_over_tcp_is_kept(table: Table) -> None:
    feed(table, segment(b"\0\6answer", 1, sport=53, dport=4000))
    assert kept(table) == [(Hint.DNS_TCP, 0, b"\0\6answer")]


@pytest.mark.parametrize("first", [b"\xc3\x00\x00\x00\x01", b"\xd3\x6b\x33\x43\xcf"])
def test_the_first_datagrams_of_a_quic_client_are_kept(table: Table, first: bytes) -> None:
    feed(table, *[datagram(first + bytes(1195), 4000, 443)] * 6)
    assert kinds(table) == [Hint.QUIC] * 4


@pytest.mark.parametrize(
    "payload",
    [
        b"\xe3\x00\x00\x00\x01" + bytes(1195),  # a handshake packet
        b"\xc3\x00\x00\x00\x02" + bytes(1195),  # a version nobody knows
        b"\x43\x00\x00\x00\x01" + bytes(1195),  # a short header
        INITIAL[:1199],
    ],
)
def test_other_datagrams_are_no_initial_packets(table: Table, payload: bytes) -> None:
    feed(table, datagram(payload, 4000, 443))
    assert kept(table) == []


def test_what_a_quic_server_sends_is_not_kept(table: Table) -> None:
    feed(table, datagram(INITIAL, 4000, 443, f.A, f.B), datagram(INITIAL, 443, 4000, f.B, f.A))
    assert kinds(table) == [Hint.QUIC]


def test_rows_are_the_same_whether_somebody_listens_or_not(make: MakeTable) -> None:
    frames = [datagram(b"answer", 53), segment(HELLO[:300], 1), segment(HELLO[300:], 301), datagram(INITIAL, 4000, 443)]
    deaf, listening = make(), make()
    feed(deaf, *frames, limit=0)
    feed(listening, *frames)
    assert np.array_equal(deaf.rows, listening.rows)


def test_a_limit_below_nothing_is_refused(table: Table) -> None:
    with pytest.raises(ValueError, match="limit"):
        table.engine.listen(-1)
