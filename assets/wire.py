"""Frames as a laptop's own interface sees them, from plain `struct`; and the file they are kept in.

Promise: headers and checksums are right; what the laptop sends has the half-made checksums of an offloading card, and
large segments in both directions are whole, as the kernel shows them. Bulk data is filler. The same calls give the same
bytes.
Does not know: the story.
"""

from __future__ import annotations

import gzip
import ipaddress
import random
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

SNAPLEN = 256
FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16
BROADCAST = "ff:ff:ff:ff:ff:ff"
NOBODY = "00:00:00:00:00:00"
LARGEST_SUMMED = 1514
"""Frames above this were put together by the card: their checksums say nothing."""
FILLER = random.Random(1912).randbytes(1400)


@dataclass(frozen=True, slots=True)
class End:
    """One end of a conversation, as it looks from the laptop's interface."""

    address: str
    port: int
    mac: str
    """Source of its frames, as they arrive; also where frames to it are handed."""
    ttl: int = 64
    rtt: float = 0.00004
    """Seconds from the interface to it and back."""
    own: bool = False
    """The laptop itself: its card fills in checksums later."""

    def at(self, port: int) -> End:
        """The same machine, another port."""
        return replace(self, port=port)


Turn = tuple[str, bytes | int, float]
"""(who: "c" client or "s" server, data or how many bytes of filler, seconds of thought before it)"""


def packed(address: str) -> bytes:
    """4 or 16 bytes."""
    return ipaddress.ip_address(address).packed


def mac_bytes(mac: str) -> bytes:
    """6 bytes."""
    return bytes.fromhex(mac.replace(":", ""))


def folded(data: bytes) -> int:
    """The one's complement sum of RFC 1071, not yet inverted."""
    value = int.from_bytes(data + b"\0" * (len(data) % 2), "big") % 0xFFFF
    return value or (0xFFFF if any(data) else 0)


def ip(a: End, b: End, proto: int, payload: bytes, ident: int) -> bytes:
    """An IPv4 or IPv6 packet."""
    if ":" in a.address:
        return (
            struct.pack(">IHBB", 6 << 28, len(payload), proto, a.ttl) + packed(a.address) + packed(b.address) + payload
        )
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident, 0x4000, a.ttl, proto, 0)
    head += packed(a.address) + packed(b.address)
    return head[:10] + struct.pack(">H", ~folded(head) & 0xFFFF) + head[12:] + payload


def summed(a: End, b: End, proto: int, segment: bytes, at: int) -> bytes:
    """The segment with its checksum: whole, half (left to the card), or none (too large)."""
    pseudo = packed(a.address) + packed(b.address) + struct.pack(">II", len(segment), proto)
    whole = ~folded(pseudo + segment) & 0xFFFF if len(segment) <= LARGEST_SUMMED else 0
    value = folded(pseudo) if a.own else whole
    return segment[:at] + struct.pack(">H", value) + segment[at + 2 :]


def ether(to: str, source: str, kind: int, payload: bytes) -> bytes:
    """An Ethernet II frame; what arrives is padded to 60 bytes by the sender's card."""
    return (mac_bytes(to) + mac_bytes(source) + struct.pack(">H", kind) + payload).ljust(60, b"\0")


def filler(size: int, record: bool = True) -> bytes:
    """Bytes that look like one TLS record of application data, or like nothing."""
    head = b"\x17\x03\x03" + struct.pack(">H", min(size, 0x4000)) if record and size > 5 else b""
    return head + (FILLER * (size // len(FILLER) + 1))[: size - len(head)]


def hello(name: str, rng: random.Random) -> bytes:
    """A TLS ClientHello that names the server (RFC 8446, 6066)."""
    host = name.encode()
    names = struct.pack(">HBH", len(host) + 3, 0, len(host)) + host
    extensions = struct.pack(">HH", 0, len(names)) + names
    for kind, body in ((43, b"\x04\x03\x04\x03\x03"), (16, b"\0\x0c\x02h2\x08http/1.1"), (10, b"\0\x02\0\x1d")):
        extensions += struct.pack(">HH", kind, len(body)) + body
    share = b"\0\x24\0\x1d\0\x20" + rng.randbytes(32)
    extensions += struct.pack(">HH", 51, len(share)) + share
    body = b"\x03\x03" + rng.randbytes(32) + b"\0" + b"\0\x06\x13\x01\x13\x02\x13\x03" + b"\x01\0"
    body += struct.pack(">H", len(extensions)) + extensions
    shake = b"\x01" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\x03\x01" + struct.pack(">H", len(shake)) + shake


def server_hello(size: int) -> bytes:
    """What a server sends first, as far as anybody can read it."""
    return b"\x16\x03\x03\x00\x7a\x02\0\0\x76\x03\x03" + filler(size - 11, record=False)


def labels(name: str) -> bytes:
    """A name in a DNS message."""
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def question(ident: int, name: str, kind: int) -> bytes:
    """A DNS query."""
    return struct.pack(">HHHHHH", ident, 0x0100, 1, 0, 0, 0) + labels(name) + struct.pack(">HH", kind, 1)


def answer(ident: int, name: str, kind: int, value: str) -> bytes:
    """The response, with one record: A, AAAA or PTR."""
    data = labels(value) if kind == 12 else packed(value)
    head = struct.pack(">HHHHHH", ident, 0x8180, 1, 1, 0, 0) + labels(name) + struct.pack(">HH", kind, 1)
    return head + struct.pack(">HHHIH", 0xC00C, kind, 1, 300, len(data)) + data


@dataclass(slots=True)
class Stream:
    """One direction of a TCP connection."""

    seq: int
    clock: int
    """Offset of its timestamps, ms (RFC 7323)."""
    scale: int = 7

    def stamp(self, t: float, echo: int) -> bytes:
        """The timestamp option, aligned."""
        return b"\1\1" + struct.pack(">BBII", 8, 10, self.value(t), echo)

    def value(self, t: float) -> int:
        """Its clock."""
        return (self.clock + int(t * 1000)) & 0xFFFFFFFF


@dataclass(slots=True)
class Tap:
    """Frames collected at the laptop's interface."""

    rng: random.Random
    frames: list[tuple[float, int, bytes]] = field(default_factory=list)
    """(time, bytes on the wire, bytes kept)"""

    def put(self, t: float, frame: bytes) -> None:
        """A frame at a time."""
        self.frames.append((t, len(frame), frame[:SNAPLEN]))

    def packet(self, t: float, a: End, b: End, proto: int, payload: bytes) -> None:
        """One IP packet."""
        body = ip(a, b, proto, payload, self.rng.randrange(65536))
        self.put(t, ether(b.mac, a.mac, 0x86DD if ":" in a.address else 0x0800, body))

    def datagram(self, t: float, a: End, b: End, payload: bytes) -> None:
        """One UDP packet."""
        head = struct.pack(">HHHH", a.port, b.port, 8 + len(payload), 0)
        self.packet(t, a, b, 17, summed(a, b, 17, head + payload, 6))

    def icmp(self, t: float, a: End, b: End, kind: int, code: int, rest: bytes) -> None:
        """One ICMP or ICMPv6 message; `rest` follows the checksum."""
        message = struct.pack(">BBH", kind, code, 0) + rest
        if ":" in a.address:
            self.packet(t, a, b, 58, summed(replace(a, own=False), b, 58, message, 2))
        else:
            total = ~folded(message) & 0xFFFF
            self.packet(t, a, b, 1, message[:2] + struct.pack(">H", total) + message[4:])

    def arp(self, t: float, operation: int, a: End, b: End, to: str) -> None:
        """One ARP message for IPv4."""
        target = NOBODY if operation == 1 else b.mac
        body = struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation) + mac_bytes(a.mac) + packed(a.address)
        self.put(t, ether(to, a.mac, 0x0806, body + mac_bytes(target) + packed(b.address)))

    def udp(self, t: float, client: End, server: End, turns: Iterable[Turn]) -> float:
        """Datagrams both ways; returns the time of the last."""
        last = "c"
        for who, what, pause in turns:
            a, b = (client, server) if who == "c" else (server, client)
            t += pause + (a.rtt if who != last else 0.0)
            self.datagram(t, a, b, what if isinstance(what, bytes) else filler(what, record=False))
            last = who
        return t

    def tcp(
        self, t: float, client: End, server: End, turns: Iterable[Turn], *, opened: bool = True, end: str = "fin"
    ) -> float:
        """A connection; not `opened`: it was there before; `end`: fin, rst or open. Returns its last time."""
        ends = {"c": client, "s": server}
        streams = {who: Stream(self.rng.getrandbits(32), self.rng.getrandbits(31)) for who in "cs"}
        if opened:
            t = self._open(t, ends, streams)
        last = "c"
        for who, what, pause in turns:
            t += pause + (ends[who].rtt if who != last else 0.0)
            t = self._burst(t, who, ends, streams, what if isinstance(what, bytes) else filler(what))
            last = who
        return self._close(t + 0.01, ends, streams, end)

    def segment(
        self, t: float, who: str, ends: dict[str, End], streams: dict[str, Stream], flags: int, data: bytes = b""
    ) -> None:
        """One TCP segment."""
        peer = "s" if who == "c" else "c"
        mine, theirs = streams[who], streams[peer]
        options = b"" if flags & RST else mine.stamp(t, 0 if flags == SYN else theirs.value(t - ends[peer].rtt))
        if flags & SYN:
            options = (
                struct.pack(">BBH", 2, 4, 1460) + b"\4\2" + options[2:] + b"\1" + struct.pack(">BBB", 3, 3, mine.scale)
            )
        ack = theirs.seq & 0xFFFFFFFF if flags & ACK else 0
        size, window = (20 + len(options)) << 2, 64240 if flags & SYN else 501
        ports = struct.pack(">HH", ends[who].port, ends[peer].port)
        head = ports + struct.pack(">IIBBHHH", mine.seq & 0xFFFFFFFF, ack, size, flags, window, 0, 0)
        self.packet(t, ends[who], ends[peer], 6, summed(ends[who], ends[peer], 6, head + options + data, 16))

    def _open(self, t: float, ends: dict[str, End], streams: dict[str, Stream]) -> float:
        self.segment(t, "c", ends, streams, SYN)
        streams["c"].seq += 1
        t += ends["s"].rtt
        self.segment(t, "s", ends, streams, SYN | ACK)
        streams["s"].seq += 1
        t += ends["c"].rtt
        self.segment(t, "c", ends, streams, ACK)
        return t

    def _burst(self, t: float, who: str, ends: dict[str, End], streams: dict[str, Stream], data: bytes) -> float:
        """Data in segments as large as the kernel shows them, each answered."""
        peer = "s" if who == "c" else "c"
        for part in parts(data):
            self.segment(t, who, ends, streams, PSH | ACK, part)
            streams[who].seq += len(part)
            self.segment(t + ends[peer].rtt + 0.00002, peer, ends, streams, ACK)
            t += 0.0003 + len(part) * 8e-8
        return t

    def _close(self, t: float, ends: dict[str, End], streams: dict[str, Stream], end: str) -> float:
        if end == "rst":
            self.segment(t, "c", ends, streams, RST | ACK)
        if end == "fin":
            for who in "cs":
                self.segment(t, who, ends, streams, FIN | ACK)
                streams[who].seq += 1
                t += ends["s" if who == "c" else "c"].rtt + 0.00001
            self.segment(t, "c", ends, streams, ACK)
        return t

    def cut(self, seconds: float) -> None:
        """The recording ends here, whoever still speaks."""
        self.frames = [frame for frame in self.frames if 0 <= frame[0] < seconds]

    def pcap(self, start: int) -> bytes:
        """A classic pcap, µs, in the order of time."""
        out = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, SNAPLEN, 1)]
        for t, wire, kept in sorted(self.frames, key=lambda frame: frame[0]):
            micro = round(t * 1e6)
            out.append(struct.pack("<IIII", start + micro // 10**6, micro % 10**6, len(kept), wire) + kept)
        return b"".join(out)


def parts(data: bytes) -> Iterator[bytes]:
    """Pieces of at most 44 full segments: what fits into one large frame."""
    most = 1448 * 44
    return (data[at : at + most] for at in range(0, len(data), most))


def squeezed(data: bytes) -> bytes:
    """Packed, without a time or a name in it."""
    return gzip.compress(data, 9, mtime=0)
