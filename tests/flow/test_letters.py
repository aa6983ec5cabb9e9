"""Words for flows, each made by real frames, as `ra` prints them."""

from __future__ import annotations

import numpy as np
import pytest

from ratop_py.flow import letters
from ratop_py.flow.layout import Cause, Encaps, row_dtype
from ratop_py.flow.table import Table
from tests.helpers import frames as f
from tests.helpers.feeding import feed

SYN, ACK, FIN, RST = f.SYN, f.ACK, f.FIN, f.RST


def out(flags: int, seq: int, ack: int = 0, payload: bytes = b"", win: int = 9, tos: int = 0) -> bytes:
    """From the client."""
    return f.ether(f.ip4(f.tcp(flags, seq, ack, payload, win=win), 6, tos=tos))


def back(flags: int, seq: int, ack: int = 0) -> bytes:
    """From the server."""
    return f.ether(f.ip4(f.tcp(flags, seq, ack, sport=80, dport=1000), 6, f.B, f.A))


OPEN = (out(SYN, 1), back(SYN | ACK, 5, 2), out(ACK, 2, 6))
CLOSED = (*OPEN, out(FIN | ACK, 2, 6), back(FIN | ACK, 6, 3), out(ACK, 3, 7))
UDP = f.ether(f.ip4(f.udp(b"a", 1, 2), 17))
REPLY = f.ether(f.ip4(f.udp(b"a", 2, 1), 17, f.B, f.A))


def word(pair: letters.Words, at: int = 0) -> str:
    """The word of one flow."""
    return pair[1][pair[0][at]]


def table_of(*frames: bytes) -> Table:
    """A table that saw these frames."""
    table = Table(16, seed=1)
    feed(table, *frames)
    return table


def echo(kind: int, src: str = f.A, dst: str = f.B) -> bytes:
    """ICMP between the two hosts."""
    return f.ether(f.ip4(f.icmp(kind, 0, 3), 1, src, dst))


@pytest.mark.parametrize(
    ("frames", "state", "arrow"),
    [
        (OPEN[:1], "REQ", " ->"),
        (OPEN[:2], "ACC", " ->"),
        (OPEN, "CON", " ->"),
        (CLOSED[:4], "FIN", " ->"),
        (CLOSED, "FIN", " ->"),
        ((*CLOSED, back(RST, 7)), "RST", " ->"),
        (OPEN[2:], "CON", " ?>"),
        ((out(ACK, 1, 1), back(ACK, 1, 1)), "CON", "<?>"),
        ((UDP,), "INT", " ->"),
        ((UDP, REPLY), "CON", "<->"),
        ((f.ether(f.arp(1), 0x0806),), "INT", "who"),
        ((f.ether(f.arp(1), 0x0806), f.ether(f.arp(2, f.B, f.A), 0x0806)), "CON", "who"),
        ((f.ether(f.arp(3), 0x8035),), "INT", "tel"),
        ((f.ether(bytes(46), 0x88CC),), "INT", " ->"),
        ((echo(8), echo(0, f.B, f.A)), "ECO", "<->"),
        ((echo(0),), "ECR", " ->"),
        ((f.ether(f.ip4(f.icmp(3, 3), 1)),), "URP", " ->"),
        ((f.ether(f.ip4(f.icmp(3, 200), 1)),), "UR", " ->"),
        ((f.ether(f.ip4(f.icmp(11, 0), 1)),), "TXD", " ->"),
        ((f.ether(f.ip4(f.icmp(200, 0), 1)),), "UNK", " ->"),
        ((f.ether(f.ip6(f.icmp(135), 58), 0x86DD),), "NNS", " ->"),
        ((f.ether(f.ip6(f.icmp(1, 4), 58), 0x86DD),), "URP", " ->"),
        ((f.ether(f.ip6(f.icmp(3, 1), 58), 0x86DD),), "TXR", " ->"),
        ((f.ether(f.ip6(f.icmp(4, 9), 58), 0x86DD),), "PPO", " ->"),
    ],
)
def test_state_and_arrow_are_arguss(frames: tuple[bytes, ...], state: str, arrow: str) -> None:
    rows = table_of(*frames).rows
    assert (word(letters.states(rows)), word(letters.directions(rows))) == (state, arrow)


def test_an_open_connection_that_fell_silent_timed_out() -> None:
    table = table_of(*OPEN)
    table.engine.end(0, Cause.IDLE)
    assert word(letters.states(table.rows)) == "TIM"


def test_only_the_destination_is_an_answer() -> None:
    rows = table_of(UDP, REPLY).rows.copy()
    rows["pkts"][0, 0] = 0
    assert (word(letters.states(rows)), word(letters.directions(rows))) == ("RSP", "<- ")


def test_nothing_sent_has_no_arrow() -> None:
    assert word(letters.directions(np.zeros(1, row_dtype()))) == ""


@pytest.mark.parametrize(
    ("frames", "flags"),
    [
        ((UDP,), " e"),
        ((f.ether(f.vlan(UDP[14:], 5), 0x8100),), " *"),
        ((out(ACK, 1, 1, b"a"), out(ACK, 1, 1, b"a")), " e s"),
        ((out(ACK, 1, 1, win=0),), " e  S"),
        ((out(ACK, 1, 1, tos=3),), " e   x"),
        ((f.ether(f.ip4(f.udp(bytes(16)), 17, frag=0x2000)),), " e    F"),
        ((f.ether(f.ip4(bytes(16), 17, frag=5)),), " e    f"),
        ((f.ether(f.ip4(f.udp(), 17, options=bytes(4))),), " e     O"),
        ((UDP, f.ether(f.ip4(f.icmp(3, 3, 0, UDP[14:]), 1, f.B, f.A))), " eU"),
    ],
)
def test_flags_stand_in_their_columns(frames: tuple[bytes, ...], flags: str) -> None:
    assert word(letters.flags(table_of(*frames).rows)) == flags


def test_every_encapsulation_has_its_letter_once() -> None:
    assert letters.encapsulations(Encaps.ETHER | Encaps.VLAN | Encaps.QINQ | Encaps.MPLS) == "evm"
    assert (letters.encapsulation(0), letters.encapsulation(Encaps.SLL)) == (" ", "S")


def test_no_rows_have_no_words() -> None:
    none = np.zeros(0, row_dtype())
    for make in (letters.states, letters.directions, letters.flags):
        assert len(make(none)[0]) == 0
