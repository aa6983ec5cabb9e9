"""TCP, ICMP and the protocols with ports."""

from __future__ import annotations

import struct

import pytest

from ratop_py.flow.layout import Cause, Life, Mark, SynOption
from ratop_py.flow.states import State
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import START, STEP, counts, feed, only, pair, port, used

SYN, ACK, FIN, RST = f.SYN, f.ACK, f.FIN, f.RST


def out(flags: int, seq: int, ack: int = 0, payload: bytes = b"", win: int = 1000, options: bytes = b"") -> bytes:
    """A segment of the client."""
    return f.ether(f.ip4(f.tcp(flags, seq, ack, payload, win=win, options=options), 6))


def back(flags: int, seq: int, ack: int = 0, payload: bytes = b"", win: int = 2000, options: bytes = b"") -> bytes:
    """A segment of the server."""
    packet = f.tcp(flags, seq, ack, payload, sport=80, dport=1000, win=win, options=options)
    return f.ether(f.ip4(packet, 6, f.B, f.A), src=f.MAC_B, dst=f.MAC_A)


HANDSHAKE = (out(SYN, 100), back(SYN | ACK, 500, 101), out(ACK, 101, 501))
CLOSE = (out(FIN | ACK, 101, 501), back(FIN | ACK, 501, 102), out(ACK, 102, 502))


@pytest.mark.parametrize(
    ("frames", "state"),
    [
        (HANDSHAKE[:1], State.REQ),
        (HANDSHAKE[:2], State.ACC),
        (HANDSHAKE, State.CON),
        ((*HANDSHAKE, *CLOSE[:1]), State.FIN),
        ((*HANDSHAKE, *CLOSE[:2]), State.FINS),
        ((*HANDSHAKE, *CLOSE), State.CLO),
        ((*HANDSHAKE, back(RST, 501)), State.RST),
        ((out(ACK, 5, 6, b"x"),), State.CON),
        ((HANDSHAKE[0], back(RST | ACK, 0, 101)), State.RST),
    ],
)
def test_a_connection_stands_where_its_segments_lead(table: Table, frames: tuple[bytes, ...], state: State) -> None:
    feed(table, *frames)
    assert int(only(table)["state"]) == state


def test_a_syn_with_another_number_where_none_was_answered_is_another_connection_s(table: Table) -> None:
    feed(table, out(SYN, 100), out(SYN, 100), out(SYN, 700), out(SYN, 700))
    first, second = used(table)
    assert (pair(first, "pkts"), int(first["cause"])) == ((2, 0), Cause.REUSED)
    assert (pair(second, "pkts"), int(second["state"])) == ((2, 0), State.REQ)


def test_the_sender_of_the_syn_began_though_it_is_side_b(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.tcp(SYN, 1), 6, f.B, f.A)))
    assert int(only(table)["init"]) == 1


def test_the_receiver_of_a_syn_ack_began(table: Table) -> None:
    feed(table, HANDSHAKE[1])
    assert (int(only(table)["init"]), int(only(table)["seen"]) & 4) == (0, 4)


def test_a_later_syn_corrects_who_began(table: Table) -> None:
    feed(table, back(ACK, 4, 5), out(SYN, 100))
    assert int(only(table)["init"]) == 0


def test_the_first_round_trips_are_timed(table: Table) -> None:
    feed(table, *HANDSHAKE, out(ACK, 101, 501, b"x"))
    row = only(table)
    assert [int(row[name]) - START for name in ("t_syn", "t_synack", "t_ack")] == [0, STEP, 2 * STEP]


def test_what_repeats_sequence_space_is_counted_across_the_wrap(table: Table) -> None:
    top = (1 << 32) - 3
    feed(
        table,
        out(ACK, top, 1, b"abc"),
        out(ACK, 0, 1, b"def"),
        out(ACK, top, 1, b"abc"),
        out(ACK, 1, 1, b"efgh"),
        out(ACK, 5, 1, b"i"),
    )
    row = only(table)
    assert (pair(row, "retrans"), pair(row, "next_seq"), pair(row, "base_seq")) == ((2, 0), (6, 0), (top, 0))


def test_a_segment_that_was_overtaken_is_out_of_order_not_sent_again(table: Table) -> None:
    feed(table, out(ACK, 10, 1, b"a"), out(ACK, 12, 1, b"c"), out(ACK, 11, 1, b"b"))
    row = only(table)
    assert (pair(row, "retrans"), int(row["marks"]) & Mark.OUT_OF_ORDER) == ((0, 0), Mark.OUT_OF_ORDER)


def test_a_hole_that_is_filled_late_was_a_loss(table: Table) -> None:
    feed(table, out(ACK, 10, 1, b"a"), out(ACK, 12, 1, b"c"), out(ACK, 11, 1, b"b"), step=5_000_000)
    assert pair(only(table), "retrans") == (1, 0)


def test_an_ack_without_data_repeats_nothing(table: Table) -> None:
    feed(table, *HANDSHAKE, out(ACK, 101, 501), out(ACK, 101, 501))
    assert pair(only(table), "retrans") == (0, 0)


def test_the_options_of_both_syns_are_kept(table: Table) -> None:
    ours = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + bytes(8) + b"\x01\x03\x03\x07\x22\x02"
    feed(table, out(SYN | f.ECE | f.CWR, 1, options=ours), back(SYN | ACK | f.ECE, 5, 2, options=b"\x02\x04\x01\x00"))
    row = only(table)
    every = SynOption.MSS | SynOption.WSCALE | SynOption.SACK | SynOption.TIMESTAMP | SynOption.ECN | SynOption.FASTOPEN
    assert pair(row, "syn_opts") == (every, SynOption.MSS | SynOption.ECN)
    assert (pair(row, "mss"), pair(row, "wscale")) == ((1460, 256), (8, 0))


@pytest.mark.parametrize(
    "options", [b"\x02\x00", b"\x02\x01\x00\x00", b"\x02\xff\x00\x00", b"\x03", b"\x01\x01\x01\x02"]
)
def test_options_that_make_no_sense_are_left_alone(table: Table, options: bytes) -> None:
    feed(table, out(SYN, 1, options=options))
    assert pair(only(table), "syn_opts") == (0, 0)


def test_windows_and_flags_are_kept_and_a_closed_window_marked(table: Table) -> None:
    feed(table, *HANDSHAKE, out(ACK, 101, 501, win=0), back(RST, 501, win=0))
    row = only(table)
    assert (pair(row, "win"), pair(row, "tcp_flags")) == ((0, 2000), (SYN | ACK, SYN | ACK | RST))
    assert int(row["marks"]) == Mark.ZERO_WINDOW


def test_a_connection_seen_from_the_middle_is_marked(table: Table) -> None:
    feed(table, out(ACK, 1, 1), *HANDSHAKE)
    assert int(only(table)["marks"]) == Mark.MIDSTREAM


@pytest.mark.parametrize("closed", [(*HANDSHAKE, *CLOSE), (*HANDSHAKE, back(RST, 501))])
def test_a_new_connection_on_old_ports_is_another_flow(table: Table, closed: tuple[bytes, ...]) -> None:
    feed(table, *closed, out(SYN, 9000))
    first, second = used(table)
    assert (int(first["life"]), int(first["cause"]), int(second["life"])) == (Life.ENDED, Cause.REUSED, Life.LIVE)
    assert (int(first["id"]), int(second["id"]), pair(second, "pkts")) == (1, 2, (1, 0))


@pytest.mark.parametrize("before", [(*HANDSHAKE, *CLOSE), HANDSHAKE])
def test_a_syn_sent_again_is_no_new_connection(table: Table, before: tuple[bytes, ...]) -> None:
    feed(table, *before, HANDSHAKE[0])
    assert int(only(table)["life"]) == Life.LIVE


def test_a_data_offset_beyond_the_packet_is_malformed_and_counted(table: Table) -> None:
    segment = bytearray(f.tcp(ACK, 1, 1, b"xy"))
    segment[12] = 0xF0
    feed(table, f.ether(f.ip4(bytes(segment), 6)))
    assert (pair(only(table), "app"), counts(table)["malformed"]) == ((2, 0), 1)


@pytest.mark.parametrize(
    ("proto", "header", "app"),
    [(132, 12, 8), (136, 8, 12), (33, 16, 4), (17, 8, 12)],
    ids=["sctp", "udplite", "dccp", "udp"],
)
def test_protocols_with_ports_have_them(table: Table, proto: int, header: int, app: int) -> None:
    body = bytearray(struct.pack(">HH", 7, 9) + bytes(16))
    body[4] = header // 4
    feed(table, f.ether(f.ip4(bytes(body), proto)))
    row = only(table)
    assert (int(row["proto"]), port(row), pair(row, "app")) == (proto, (7, 9), (app, 0))


@pytest.mark.parametrize("proto", [2, 50, 51, 88, 89, 103, 253])
def test_protocols_without_ports_are_flows_of_hosts(table: Table, proto: int) -> None:
    feed(table, f.ether(f.ip4(bytes(20), proto)), f.ether(f.ip4(bytes(20), proto, f.B, f.A)))
    row = only(table)
    assert (int(row["proto"]), port(row), pair(row, "pkts")) == (proto, (0, 0), (1, 1))


@pytest.mark.parametrize(("request_", "reply"), [(8, 0), (128, 129)])
def test_echo_pairs_meet_by_identifier(table: Table, request_: int, reply: int) -> None:
    six = request_ == 128
    there = f.ip6(f.icmp(request_, 0, 77, b"x"), 58) if six else f.ip4(f.icmp(request_, 0, 77, b"x"), 1)
    here = f.ip6(f.icmp(reply, 0, 77, b"x"), 58, f.B6, f.A6) if six else f.ip4(f.icmp(reply, 0, 77, b"x"), 1, f.B, f.A)
    other = f.ip6(f.icmp(request_, 0, 78), 58) if six else f.ip4(f.icmp(request_, 0, 78), 1)
    feed(table, *(f.ether(packet, 0x86DD if six else 0x0800) for packet in (there, here, other)))
    first, second = used(table)
    assert (port(first), pair(first, "pkts"), pair(first, "app"), int(first["icmp"])) == (
        (77, 77),
        (1, 1),
        (1, 1),
        request_ * 256,
    )
    assert port(second) == (78, 78)


@pytest.mark.parametrize(("request_", "reply"), [(13, 14), (15, 16), (17, 18), (10, 9)])
def test_other_questions_of_icmp_meet_their_answers(table: Table, request_: int, reply: int) -> None:
    feed(table, f.ether(f.ip4(f.icmp(reply), 1, f.B, f.A)), f.ether(f.ip4(f.icmp(request_), 1)))
    assert (port(only(table)), pair(only(table), "pkts")) == ((request_ * 256,) * 2, (1, 1))


@pytest.mark.parametrize(("request_", "reply"), [(133, 134), (135, 136), (130, 131), (139, 140), (144, 145)])
def test_other_questions_of_icmpv6_meet_their_answers(table: Table, request_: int, reply: int) -> None:
    feed(table, f.ether(f.ip6(f.icmp(request_), 58), 0x86DD), f.ether(f.ip6(f.icmp(reply), 58, f.B6, f.A6), 0x86DD))
    assert pair(only(table), "pkts") == (1, 1)


def test_an_echo_identifier_never_meets_a_type_and_code(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.icmp(8, 0, 0x0D00), 1)), f.ether(f.ip4(f.icmp(13, 0), 1)))
    assert [port(row) for row in used(table)] == [(0x0D00, 0x0D00)] * 2


@pytest.mark.parametrize(
    ("kind", "mark"),
    [(3, Mark.ICMP_UNREACH), (5, Mark.ICMP_REDIRECT), (11, Mark.ICMP_TIMEX), (12, Mark.ICMP_OTHER)],
)
def test_an_icmp_error_marks_the_flow_it_quotes_and_is_one_itself(table: Table, kind: int, mark: int) -> None:
    packet = f.ip4(f.udp(b"hello"), 17)
    table.engine.epoch = 1
    feed(table, f.ether(packet))
    table.engine.epoch = 2
    feed(table, f.ether(f.ip4(f.icmp(kind, 1, 0, packet[:28]), 1, "10.0.0.9", f.A)))
    quoted, error = used(table)
    assert (int(quoted["marks"]), int(quoted["epoch"]), pair(quoted, "pkts")) == (mark, 2, (1, 0))
    assert (int(error["proto"]), port(error)) == (1, (kind * 256 + 1,) * 2)


def test_an_icmpv6_error_marks_the_flow_it_quotes(table: Table) -> None:
    packet = f.ip6(f.udp(b"hello"), 17)
    feed(table, f.ether(packet, 0x86DD), f.ether(f.ip6(f.icmp(1, 4, 0, packet), 58, f.B6, f.A6), 0x86DD))
    assert int(used(table)[0]["marks"]) == Mark.ICMP_UNREACH


def test_an_icmp_error_about_nobody_makes_no_flow_of_nobody(table: Table) -> None:
    feed(table, f.ether(f.ip4(f.icmp(3, 1, 0, f.ip4(f.udp(), 17)), 1)))
    assert int(only(table)["proto"]) == 1


def test_jitter_is_the_sum_of_squared_gaps(table: Table) -> None:
    for at in (0, 1_000_000_000, 4_000_000_000):
        table.engine.feed_frame(f.ether(f.ip4(f.udp(), 17)), 42, START + at, 1, 0)
    row = only(table)
    assert float(row["ipt2"][0]) == pytest.approx(1 + 9)
    assert (int(row["first"][0]), int(row["last"][0])) == (START, START + 4_000_000_000)


def test_packets_out_of_time_widen_the_flow(table: Table) -> None:
    for at in (5, 9, 1):
        table.engine.feed_frame(f.ether(f.ip4(f.udp(), 17)), 42, START + at, 1, 0)
    row = only(table)
    assert (int(row["first"][0]) - START, int(row["last"][0]) - START) == (1, 9)


def asks(payload: bytes = b"x") -> bytes:
    """A datagram of A."""
    return f.ether(f.ip4(f.udp(payload), 17))


def answers() -> bytes:
    """One of B."""
    return f.ether(f.ip4(f.udp(b"y", 2000, 1000), 17, f.B, f.A), src=f.MAC_B, dst=f.MAC_A)


def over(table: Table, side: int, ts: int, row: int = 0) -> int:
    """The socket at a side of a row is over."""
    words = struct.unpack("<5Q", table.rows[row].tobytes()[:40])
    return int(table.engine.over(*words, side, ts))


def test_what_comes_from_a_socket_s_end_after_it_is_over_is_another_flow_s(table: Table) -> None:
    feed(table, asks(), answers())
    assert over(table, 0, START + 3 * STEP) == 1
    feed(table, asks(), answers(), start=START + 2 * STEP)  # they waited to be read
    feed(table, answers(), asks(), asks(), start=START + 6 * STEP)
    first, second = used(table)
    assert (pair(first, "pkts"), int(first["life"]), int(first["cause"])) == ((2, 3), Life.ENDED, Cause.REUSED)
    assert (pair(second, "pkts"), int(second["life"])) == ((2, 0), Life.LIVE)


def test_the_end_of_the_next_socket_waits_for_its_flow(table: Table) -> None:
    feed(table, asks())
    assert over(table, 0, START + 3 * STEP) == 1
    assert over(table, 0, START + 9 * STEP) == 0
    feed(table, asks(), start=START + 6 * STEP)
    assert over(table, 0, START + 9 * STEP, row=1) == 1
    feed(table, asks(), start=START + 12 * STEP)
    assert [pair(row, "pkts") for row in used(table)] == [(1, 0)] * 3


def test_a_socket_at_the_other_side_may_be_over_too(table: Table) -> None:
    feed(table, asks(), answers())
    assert over(table, 1, START + 3 * STEP) == 1
    feed(table, asks(), answers(), start=START + 6 * STEP)
    assert [pair(row, "pkts") for row in used(table)] == [(2, 1), (0, 1)]


def test_a_flow_of_which_something_came_since_is_not_cut(table: Table) -> None:
    feed(table, asks(), answers(), asks())
    assert over(table, 0, START) == -1
    feed(table, asks(), start=START + 9 * STEP)
    assert pair(only(table), "pkts") == (3, 1)


def test_a_flow_that_is_not_there_or_says_itself_when_it_ends_has_no_socket_s_end(table: Table) -> None:
    feed(table, out(SYN, 1), asks())
    assert over(table, 0, START + 9 * STEP, row=0) == 0
    table.engine.end(1, Cause.IDLE)
    assert over(table, 0, START + 9 * STEP, row=1) == 0
