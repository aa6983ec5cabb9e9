"""Hostile input for the engine: frames of every kind, mutated, in every container.

Promise: everything comes from the `random.Random` that is handed in; the same seed gives the same bytes.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from tests.helpers import frames as f

UDP4 = f.ip4(f.udp(b"hello"), 17)
UDP6 = f.ip6(f.udp(b"hello"), 17)
FRAMED = f.ether(UDP4)
LINKTYPES = (
    1,
    1,
    1,
    1,
    0,
    8,
    9,
    10,
    12,
    50,
    51,
    100,
    101,
    104,
    105,
    106,
    107,
    108,
    109,
    113,
    117,
    119,
    123,
    127,
    149,
    163,
)
RARE = (192, 204, 226, 228, 229, 239, 242, 258, 276, 284, 285, 195)
SYN_OPTIONS = b"\x02\x04\x05\xb4\x04\x02\x08\x0a" + bytes(8) + b"\x01\x03\x03\x07\x22\x02"
NASTY = (0, 1, 3, 4, 5, 6, 0x45, 0x60, 0x7F, 0x80, 0xAA, 0xFE, 0xFF)


def address(rng: random.Random) -> str:
    """One of few hosts, so that flows meet."""
    return f"10.0.0.{rng.randrange(1, 5)}"


def segment(rng: random.Random) -> bytes:
    """A TCP segment near others of its flow."""
    flags = rng.choice((f.SYN, f.SYN | f.ACK, f.ACK, f.ACK, f.ACK | f.PSH, f.FIN | f.ACK, f.RST, rng.randrange(256)))
    seq, ack = (rng.choice((0, 0xFFFFFFF0, rng.randrange(1 << 32))) + rng.randrange(40) for _ in "ab")
    ports = [80, rng.choice((1000, 1001))]
    rng.shuffle(ports)
    options = SYN_OPTIONS if flags & f.SYN else b""
    data = rng.choice((bytes(rng.randrange(20)), bytes(rng.randrange(20)), hello(rng)))
    return f.tcp(flags, seq, ack, data, sport=ports[0], dport=ports[1], win=rng.choice((0, 500)), options=options)


def hello(rng: random.Random) -> bytes:
    """The beginning of a TLS handshake, whole or not; what follows it may come in the next segment."""
    size = rng.choice((40, 60, 5000))
    return b"\x16\x03\x01" + struct.pack(">H", size) + b"\x01" + bytes(rng.choice((10, 39, 70)))


def told(rng: random.Random) -> bytes:
    """A datagram that may carry a name: an answer, or the first of a client of QUIC."""
    if rng.random() < 0.5:
        return f.udp(b"answer" * rng.randrange(3), rng.choice((53, 5353, 5355)), rng.randrange(5))
    first = rng.choice((b"\xc3\0\0\0\1", b"\xd0\x6b\x33\x43\xcf", b"\xe0\0\0\0\1", b"\xc0\0\0\0\2"))
    return f.udp(first + bytes(rng.choice((1194, 1195, 1300))), rng.randrange(5), 443)


def datagram(rng: random.Random) -> bytes:
    """UDP, now and then to a tunnel's port with a tunnel in it."""
    if rng.random() < 0.2:
        return told(rng)
    inside = rng.choice((b"", b"hello", UDP4, UDP6, FRAMED))
    head = rng.choice(
        (
            b"",
            b"\x08" + bytes(7),
            b"\x0c\x00\x00\x03" + bytes(4),
            b"\x01\x00\x65\x58" + bytes(8),
            b"\x34\xff" + bytes(9) + b"\x85\x01\x00\x00\x00",
        )
    )
    return f.udp(head + inside, rng.randrange(5), rng.choice((53, 2152, 3544, 4754, 4789, 4790, 6081, 6635, 8472)))


def message(rng: random.Random) -> bytes:
    """ICMP, quoting something."""
    quoted = rng.choice((b"", UDP4, UDP6, f.ip4(segment(rng), 6, address(rng), address(rng))))
    return f.icmp(
        rng.choice((0, 3, 4, 5, 8, 9, 11, 12, 13, 1, 2, 128, 129, 133, 135, 137)),
        rng.randrange(3),
        rng.randrange(3),
        quoted,
    )


def tunnelled(rng: random.Random) -> tuple[int, bytes]:
    """(protocol, payload) of a tunnel without ports."""
    kinds: tuple[tuple[int, bytes], ...] = (
        (4, UDP4), (41, UDP6), (94, UDP4), (97, b"\x30\x00" + FRAMED), (137, struct.pack(">I", 0x140) + UDP4),
        (47, f.gre(UDP4, 0x0800)), (47, f.gre(FRAMED, 0x6558, 0xB000, bytes(12))),
        (47, f.gre(bytes(8) + FRAMED, 0x88BE, 0x1000, bytes(4))),
        (47, f.gre(b"\xff\x03\x00\x21" + UDP4, 0x880B, 0x3001, bytes(8))),
        (47, f.gre(bytes(12) + FRAMED, 0x22EB, 0x1000, bytes(4))),
        (51, b"\x11\x04" + bytes(22) + f.udp(b"x")), (51, b"\x29\x04" + bytes(22) + UDP6),
    )  # fmt: skip
    return rng.choice(kinds)


def network(rng: random.Random) -> tuple[int, bytes]:
    """(ethertype, packet)."""
    proto, payload = rng.choice(
        (
            lambda: (6, segment(rng)),
            lambda: (6, segment(rng)),
            lambda: (17, datagram(rng)),
            lambda: (rng.choice((1, 58)), message(rng)),
            lambda: (rng.choice((2, 33, 50, 89, 132, 136, rng.randrange(256))), bytes(rng.randrange(40))),
            lambda: tunnelled(rng),
        )
    )()
    if rng.random() < 0.1:
        return 0x0806, f.arp(rng.randrange(1, 5), address(rng), address(rng))
    if rng.random() < 0.3:
        return 0x86DD, _six(rng, proto, payload)
    frag = rng.choice((0, 0, 0, 0, 0, 0x2000, 0x2001, 1, 2, rng.randrange(1 << 14)))
    options = rng.choice((b"", b"", b"\x94\x04\x00\x00"))
    total = rng.choice((None, None, None, 0, rng.randrange(80)))
    return 0x0800, f.ip4(
        payload, proto, address(rng), address(rng), ident=rng.randrange(3), frag=frag, options=options, total=total
    )


def _six(rng: random.Random, proto: int, payload: bytes) -> bytes:
    for _ in range(rng.choice((0, 0, 1, 2))):
        kind = rng.choice((0, 43, 44, 60))
        offset = rng.choice((0, 1, 8, 9))
        head = struct.pack(">BBHI", proto, 0, offset, rng.randrange(3)) if kind == 44 else bytes((proto, 0)) + bytes(6)
        proto, payload = kind, head + payload
    return f.ip6(payload, proto, f"fd00::{rng.randrange(1, 4)}", f"fd00::{rng.randrange(1, 4)}")


def tagged(rng: random.Random) -> bytes:
    """Ethernet with whatever may stand between it and the packet."""
    etype, packet = network(rng)
    for _ in range(rng.choice((0, 0, 0, 1, 2))):
        shim, kind = rng.choice(SHIMS)
        etype, packet = kind, shim(etype, packet, rng)
    return f.ether(packet, etype, f"02:00:00:00:00:0{rng.randrange(4)}")


Shim = Callable[[int, bytes, random.Random], bytes]
SHIMS: tuple[tuple[Shim, int], ...] = (
    (lambda etype, packet, rng: f.vlan(packet, rng.randrange(1 << 16), etype), 0x8100),
    (lambda etype, packet, rng: f.vlan(packet, rng.randrange(1 << 16), etype), 0x88A8),
    (lambda etype, packet, rng: struct.pack(">I", rng.randrange(1 << 20) << 12 | 0x140) + packet, 0x8847),
    (lambda etype, packet, rng: struct.pack(">II", 0, 0x140) + bytes(4) + f.ether(packet, etype), 0x8847),
    (lambda etype, packet, rng: b"\x11\x00\x00\x05\x00\x00\x00\x21" + packet, 0x8864),
    (lambda etype, packet, rng: b"\xaa\xaa\x03\x00\x00\x00" + struct.pack(">H", etype) + packet, 60),
    (lambda etype, packet, rng: b"\x00\x02\x02\x03" + bytes(4) + f.ether(packet, etype), 0x894F),
    (lambda etype, packet, rng: bytes(4) + struct.pack(">H", etype) + packet, 0x8926),
)


def linked(rng: random.Random) -> tuple[int, bytes]:
    """(link type, frame)."""
    linktype = rng.choice(LINKTYPES if rng.random() < 0.8 else RARE)
    if linktype == 1:
        return 1, tagged(rng)
    etype, packet = network(rng)
    named = struct.pack(">H", etype)
    snap = b"\xaa\xaa\x03\x00\x00\x00" + named + packet
    wifi = bytes((rng.choice((0x08, 0x88, 0x80)), rng.randrange(4))) + bytes(24) + snap
    heads = {
        0: b"\x02\x00\x00\x00", 9: b"\xff\x03\x00\x21", 50: b"\x0f\x00\x08\x00",
        51: b"\x11\x00\x00\x05\x00\x00\x00\x21", 104: b"\x0f\x00" + named,
        107: b"\x18\x41\x03\xcc", 113: bytes(5) + b"\x06" + bytes(8) + named,
        276: named + bytes(9) + b"\x06" + bytes(8), 239: b"\x02\x00\x00\x00" + struct.pack("<HH", 4 + len(packet), 9),
        258: struct.pack("<III", 12, 1, rng.choice((1, 101, 258))), 149: struct.pack("<III", 12, 1, 101),
        204: b"\x00\xff\x03\x00\x21", 242: bytes(40) + named + bytes(2),
    }  # fmt: skip
    radios = {
        105: b"", 127: b"\x00\x00\x0a\x00\x02\x00\x00\x00\x10\x00", 119: struct.pack("<II", 0x44, 16) + bytes(8),
        163: struct.pack(">II", 0x80211001, 16) + bytes(8), 192: struct.pack("<BBHI", 0, 0, 8, 105),
    }  # fmt: skip
    if linktype in radios:
        return linktype, radios[linktype] + wifi
    if linktype in (10, 100, 106, 123):
        return linktype, bytes({10: 13, 123: 4}.get(linktype, 0)) + snap
    return linktype, heads.get(linktype, b"") + packet


def mutate(rng: random.Random, data: bytes) -> bytes:
    """The same, with a few bytes changed, cut out, doubled, or the end missing."""
    out = bytearray(data)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 5))):
        if not out:
            break
        at = rng.randrange(len(out))
        deed = rng.randrange(6)
        if deed < 3:
            out[at] = rng.choice((rng.choice(NASTY), rng.randrange(256), out[at] ^ (1 << rng.randrange(8))))
        elif deed == 3:
            del out[at : at + rng.randrange(1, 9)]
        elif deed == 4:
            out[at:at] = out[at : at + rng.randrange(1, 9)]
        else:
            del out[at:]
    return bytes(out)
