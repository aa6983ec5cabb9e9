"""More is kept of what may carry a name, as the kernel runs the filter; what is let through stays the same."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from ratop_py.capture.bpf import Program, accept, compile_expression
from ratop_py.capture.longer import LONG, longer
from ratop_py.capture.ring import attach
from tests.helpers import frames as f

pytestmark = pytest.mark.system
SNAPLEN = 256
HELLO = b"\x16\x03\x01\x07\x00\x01" + bytes(1500)
INITIAL = b"\xc3\0\0\0\1" + bytes(1300)
MORE = bytes(1400)


def passed(program: Program, frame: bytes) -> int:
    """Bytes of a frame that the kernel lets through."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with here, there:
        attach(there, program)
        there.settimeout(0.05)
        try:
            here.send(frame)
            return len(there.recv(1 << 16))
        except (TimeoutError, PermissionError):
            return 0


def four(payload: bytes, proto: int, **how: object) -> bytes:
    return f.ether(f.ip4(payload, proto, **how))  # type: ignore[arg-type]


def six(payload: bytes, proto: int) -> bytes:
    return f.ether(f.ip6(payload, proto), 0x86DD)


@pytest.mark.parametrize("over", [four, six])
@pytest.mark.parametrize(
    ("payload", "proto"),
    [
        (f.udp(MORE, 53, 4000), 17),
        (f.udp(MORE, 5353, 5353), 17),
        (f.udp(MORE, 5355, 4000), 17),
        (f.udp(INITIAL, 4000, 443), 17),
        (f.tcp(f.ACK, 1, 1, HELLO, dport=8443), 6),
        (f.tcp(f.ACK, 1, 1, HELLO, options=bytes(12)), 6),
        (f.tcp(f.ACK, 1, 1, HELLO, options=bytes(40)), 6),
        (f.tcp(f.ACK, 1, 1, MORE, sport=53), 6),
    ],
)
def test_what_may_carry_a_name_is_kept(over: Callable[[bytes, int], bytes], payload: bytes, proto: int) -> None:
    frame = over(payload, proto)
    assert passed(longer(accept(SNAPLEN), SNAPLEN), frame) == min(len(frame), LONG)


@pytest.mark.parametrize(
    "frame",
    [
        four(f.udp(MORE, 4000, 53), 17),
        four(f.udp(INITIAL, 443, 4000), 17),
        four(f.udp(b"\x43" + MORE, 4000, 443), 17),
        four(f.tcp(f.ACK, 1, 1, b"\x17\x03\x03" + MORE), 6),
        four(f.tcp(f.ACK, 1, 1, HELLO), 6, options=bytes(4)),
        four(f.udp(MORE, 53, 4000), 17, frag=100),
        four(f.udp(MORE, 53, 4000), 47),
        six(f.udp(MORE, 53, 4000), 0),
        f.ether(f.arp(1) + MORE, 0x0806),
        f.ether(f.vlan(f.ip4(f.udp(MORE, 53), 17), 7), 0x8100),
    ],
)
def test_of_everything_else_as_much_as_before(frame: bytes) -> None:
    assert passed(longer(accept(SNAPLEN), SNAPLEN), frame) == SNAPLEN


@pytest.mark.parametrize("size", [1, 13, 14, 20, 33, 42, 60, 100, 127, 128, 129, 255, 256, 257, 300])
@pytest.mark.parametrize(
    "frame", [four(f.udp(MORE, 53, 4000), 17), four(f.tcp(0, 1, 1, b"", options=bytes(40)) + MORE, 6)]
)
@pytest.mark.parametrize("snaplen", [64, 256])
def test_no_frame_is_too_short_to_be_let_through(size: int, frame: bytes, snaplen: int) -> None:
    assert passed(longer(accept(snaplen), snaplen), frame[:size]) >= min(size, snaplen)


def test_where_enough_is_kept_of_all_the_program_stays() -> None:
    assert longer(accept(65_535), 65_535) == accept(65_535)


@pytest.mark.parametrize("expression", ["tcp and port 443", "udp or icmp", "not tcp", "net 10.0.0.0/8 and not port 53"])
def test_what_an_expression_refuses_is_still_refused(expression: str) -> None:
    plain = compile_expression(expression, 1, SNAPLEN)
    if plain is None:
        pytest.skip("libpcap is not installed")
    frames = [
        four(f.udp(MORE, 53, 4000), 17),
        four(f.udp(MORE, 53, 4000), 17, src="192.0.2.1", dst="192.0.2.2"),
        four(f.tcp(f.ACK, 1, 1, HELLO, dport=443), 6),
        four(f.tcp(f.ACK, 1, 1, MORE, dport=80), 6),
        four(f.icmp(8) + MORE, 1),
        six(f.udp(MORE, 53, 4000), 17),
    ]
    both = [(passed(plain, frame), passed(longer(plain, SNAPLEN), frame)) for frame in frames]
    assert [bool(before) for before, _ in both] == [bool(after) for _, after in both]
    assert all(after in (0, SNAPLEN, min(len(frame), LONG)) for (_, after), frame in zip(both, frames, strict=True))
    assert any(after > SNAPLEN for _, after in both)
