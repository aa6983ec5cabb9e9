"""A capture filter that keeps more of the few packets that may carry a name.

Promise: what a program lets through it still lets through, and nothing else; of most frames the first `snaplen` bytes,
of answers of DNS and its kin, of the beginning of a TLS handshake and of QUIC's long headers to port 443 `LONG` bytes.
Only plain Ethernet is looked into, with IPv4 without options or IPv6 without extension headers: what lies in tunnels is
as short as before. So is a hello's second segment: nothing in it tells it from other data.
Does not know: what is in the packets.
"""

from __future__ import annotations

from collections.abc import Sequence

from ratop_py.capture.bpf import RETURN, Instruction, Program

LONG = 2048
"""As much as the engine keeps of a payload."""
LEAST = 128
"""Bytes of a frame below which nothing is looked at: no read of the program is past them, for one that is would drop
the frame."""
JUMP = 0x05
_LENGTH, _HALF, _BYTE, _HALF_AT_X = 0x80, 0x28, 0x30, 0x48
_EQUAL, _GREATER, _ANY_BIT = 0x15, 0x25, 0x45
_AND, _SHIFT, _TO_X = 0x54, 0x74, 0x07
_JUMPS = (_EQUAL, _GREATER, _ANY_BIT)

_Line = tuple[str, int, int, str, str]
"""label, code, k, and where to go when true and when false; nothing: to the next line."""


def longer(program: Program, snaplen: int) -> Program:
    """The program, whose acceptance now depends on what a frame may carry. For Ethernet only."""
    if snaplen >= LONG:
        return program
    end = len(program)
    head = tuple(
        (JUMP, 0, 0, end - at - 1) if each[0] == RETURN and each[3] else each for at, each in enumerate(program)
    )
    return head + _assembled(_lines(snaplen))


def _lines(snaplen: int) -> list[_Line]:
    return [
        ("", _LENGTH, 0, "", ""),
        ("", _GREATER, max(snaplen, LEAST), "", "short"),
        ("", _HALF, 12, "", ""),
        ("", _EQUAL, 0x0800, "ip4", ""),
        ("", _EQUAL, 0x86DD, "ip6", "short"),
        ("ip4", _BYTE, 14, "", ""),
        ("", _EQUAL, 0x45, "", "short"),
        ("", _HALF, 20, "", ""),
        ("", _ANY_BIT, 0x1FFF, "short", ""),
        ("", _BYTE, 23, "", ""),
        ("", _EQUAL, 17, "udp4", ""),
        ("", _EQUAL, 6, "tcp4", "short"),
        *_transport("4", 34),
        ("ip6", _BYTE, 20, "", ""),
        ("", _EQUAL, 17, "udp6", ""),
        ("", _EQUAL, 6, "tcp6", "short"),
        *_transport("6", 54),
        ("short", RETURN, snaplen, "", ""),
        ("long", RETURN, LONG, "", ""),
    ]


def _transport(version: str, at: int) -> list[_Line]:
    """UDP and TCP headers at this place."""
    return [
        ("udp" + version, _HALF, at, "", ""),
        ("", _EQUAL, 53, "long", ""),
        ("", _EQUAL, 5353, "long", ""),
        ("", _EQUAL, 5355, "long", ""),
        ("", _HALF, at + 2, "", ""),
        ("", _EQUAL, 443, "", "short"),
        ("", _BYTE, at + 8, "", ""),
        ("", _AND, 0xC0, "", ""),
        ("", _EQUAL, 0xC0, "long", "short"),
        ("tcp" + version, _HALF, at, "", ""),
        ("", _EQUAL, 53, "long", ""),
        ("", _BYTE, at + 12, "", ""),
        ("", _AND, 0xF0, "", ""),
        ("", _SHIFT, 2, "", ""),
        ("", _TO_X, 0, "", ""),
        ("", _HALF_AT_X, at, "", ""),
        ("", _EQUAL, 0x1603, "long", "short"),
    ]


def _assembled(lines: Sequence[_Line]) -> Program:
    places = {label: at for at, (label, *_) in enumerate(lines) if label}

    def instruction(at: int, code: int, k: int, true: str, false: str) -> Instruction:
        if code not in _JUMPS:
            return code, 0, 0, k
        yes, no = (places[label] - at - 1 if label else 0 for label in (true, false))
        return code, yes, no, k

    return tuple(instruction(at, *line[1:]) for at, line in enumerate(lines))
