"""Fragments: later ones belong to the flow of the first, whichever comes first."""

from __future__ import annotations

import struct
from collections.abc import Callable

import pytest

from ratop_py.flow.layout import Mark
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import START, counts, feed, only, pair, port, used

WHOLE = f.udp(bytes(2000 - 8))
"""2000 bytes, sent in three pieces."""
MORE = 0x2000
Piece = Callable[[int, int, int], bytes]


def piece4(start: int, stop: int, ident: int = 7) -> bytes:
    """Bytes start … stop of the datagram over IPv4."""
    word = start // 8 | (MORE if stop < len(WHOLE) else 0)
    return f.ether(f.ip4(WHOLE[start:stop], 17, frag=word, ident=ident))


def piece6(start: int, stop: int, ident: int = 7) -> bytes:
    """The same over IPv6."""
    head = struct.pack(">BBHI", 17, 0, start | (1 if stop < len(WHOLE) else 0), ident)
    return f.ether(f.ip6(head + WHOLE[start:stop], 44), 0x86DD)


@pytest.fixture(params=[piece4, piece6], ids=["ipv4", "ipv6"])
def piece(request: pytest.FixtureRequest) -> Piece:
    chosen: Piece = request.param
    return chosen


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 2, 0), (2, 1, 0), (1, 0, 2)])
def test_in_any_order_the_datagram_is_one_flow(table: Table, piece: Piece, order: tuple[int, ...]) -> None:
    pieces = [piece(0, 800, 7), piece(800, 1600, 7), piece(1600, 2000, 7)]
    feed(table, *(pieces[number] for number in order))
    row = only(table)
    assert (port(row), pair(row, "pkts"), pair(row, "app")) == ((1000, 2000), (3, 0), (1992, 0))
    assert pair(row, "bytes") == (sum(map(len, pieces)), 0)
    assert int(row["first"][0]) == START
    assert int(row["marks"]) == Mark.FRAG


def test_without_a_first_fragment_there_is_a_flow_of_fragments(table: Table, piece: Piece) -> None:
    feed(table, piece(800, 1600, 7))
    row = only(table)
    assert (int(row["proto"]), port(row), int(row["marks"])) == (17, (0, 0), Mark.FRAG | Mark.FRAG_ONLY)
    assert counts(table)["orphans"] == 1


def test_another_datagrams_fragment_does_not_join(table: Table, piece: Piece) -> None:
    feed(table, piece(0, 800, 7), piece(800, 1600, 8))
    assert len(used(table)) == 2


def test_an_old_first_fragment_is_forgotten(table: Table, piece: Piece) -> None:
    feed(table, piece(0, 800, 7), piece(800, 1600, 7), step=31_000_000_000)
    assert [port(row) for row in used(table)] == [(1000, 2000), (0, 0)]


def test_fragments_of_a_flow_that_ended_do_not_wake_it(table: Table, piece: Piece) -> None:
    feed(table, piece(0, 800, 7))
    table.engine.end(0, 1)
    table.engine.release(0)
    feed(table, piece(800, 1600, 7))
    assert port(only(table)) == (0, 0)


def test_what_a_record_told_is_not_moved_afterwards(table: Table, piece: Piece) -> None:
    feed(table, piece(800, 1600, 7))
    table.engine.take_mark(0)
    feed(table, piece(0, 800, 7))
    assert [pair(row, "pkts") for row in used(table)] == [(1, 0), (1, 0)]


def test_only_the_late_datagrams_fragments_move(table: Table, piece: Piece) -> None:
    feed(table, piece(800, 1600, 8), piece(800, 1600, 7), piece(0, 800, 7))
    assert sorted((port(row), pair(row, "pkts")) for row in used(table)) == [((0, 0), (1, 0)), ((1000, 2000), (2, 0))]


def test_overlapping_fragments_are_marked(table: Table, piece: Piece) -> None:
    feed(table, piece(0, 800, 7), piece(792, 1600, 7))
    assert int(only(table)["marks"]) == Mark.FRAG | Mark.FRAG_OVERLAP


def test_fragments_of_protocols_without_ports_need_no_first(table: Table) -> None:
    feed(table, f.ether(f.ip4(bytes(80), 50, frag=10)), f.ether(f.ip4(bytes(80), 50, frag=MORE)))
    assert (pair(only(table), "pkts"), int(only(table)["marks"])) == ((2, 0), Mark.FRAG)


def test_a_datagram_in_one_fragment_is_whole(table: Table) -> None:
    feed(table, f.ether(f.ip6(struct.pack(">BBHI", 17, 0, 0, 9) + f.udp(b"abc"), 44), 0x86DD))
    assert (port(only(table)), pair(only(table), "app")) == ((1000, 2000), (3, 0))
