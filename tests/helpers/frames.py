"""Frames and captures for tests, built by hand: every byte is the test's own.

Layers are bytes; `ether(ip4(udp(...)))` nests them. Checksums are zero: the engine does not look at them.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable

MAC_A, MAC_B = "02:00:00:00:00:0a", "02:00:00:00:00:0b"
A, B = "10.0.0.1", "10.0.0.2"
A6, B6 = "fd00::1", "fd00::2"
FIN, SYN, RST, PSH, ACK, ECE, CWR = 1, 2, 4, 8, 16, 64, 128


def mac(text: str) -> bytes:
    """Six bytes."""
    return bytes.fromhex(text.replace(":", ""))


def ether(payload: bytes, etype: int = 0x0800, src: str = MAC_A, dst: str = MAC_B) -> bytes:
    """Ethernet II."""
    return mac(dst) + mac(src) + struct.pack(">H", etype) + payload


def vlan(payload: bytes, tag: int, etype: int = 0x0800) -> bytes:
    """What follows the ethertype 0x8100."""
    return struct.pack(">HH", tag, etype) + payload


def ip4(
    payload: bytes,
    proto: int,
    src: str = A,
    dst: str = B,
    *,
    ttl: int = 64,
    tos: int = 0,
    ident: int = 1,
    frag: int = 0,
    options: bytes = b"",
    total: int | None = None,
) -> bytes:
    """IPv4; `frag` is the flags-and-offset word."""
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if total is None else total
    head = struct.pack(">BBHHHBBH", 0x40 | words, tos, length, ident, frag, ttl, proto, 0)
    return head + socket.inet_aton(src) + socket.inet_aton(dst) + options + payload


def ip6(
    payload: bytes,
    proto: int,
    src: str = A6,
    dst: str = B6,
    *,
    hops: int = 64,
    traffic: int = 0,
    length: int | None = None,
) -> bytes:
    """IPv6."""
    head = struct.pack(">IHBB", 0x60000000 | traffic << 20, len(payload) if length is None else length, proto, hops)
    return head + socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst) + payload


def udp(payload: bytes = b"", sport: int = 1000, dport: int = 2000) -> bytes:
    """UDP."""
    return struct.pack(">HHHH", sport, dport, 8 + len(payload), 0) + payload


def tcp(
    flags: int,
    seq: int,
    ack: int = 0,
    payload: bytes = b"",
    *,
    sport: int = 1000,
    dport: int = 80,
    win: int = 1000,
    options: bytes = b"",
) -> bytes:
    """TCP; options are padded to words."""
    options += bytes(-len(options) % 4)
    words = 5 + len(options) // 4
    return (
        struct.pack(">HHIIBBHHH", sport, dport, seq & 0xFFFFFFFF, ack & 0xFFFFFFFF, words << 4, flags, win, 0, 0)
        + options
        + payload
    )


def icmp(kind: int, code: int = 0, ident: int = 0, payload: bytes = b"") -> bytes:
    """ICMP of either version, with identifier and sequence number, or what stands in their place."""
    return struct.pack(">BBHHH", kind, code, 0, ident, 0) + payload


def arp(operation: int, src: str = A, dst: str = B, mac_src: str = MAC_A, mac_dst: str = "00:00:00:00:00:00") -> bytes:
    """ARP for IPv4 over Ethernet."""
    return (
        struct.pack(">HHBBH", 1, 0x0800, 6, 4, operation)
        + mac(mac_src)
        + socket.inet_aton(src)
        + mac(mac_dst)
        + socket.inet_aton(dst)
    )


def gre(payload: bytes, proto: int, flags: int = 0, extra: bytes = b"") -> bytes:
    """GRE; `extra` are the optional words that the flags promise."""
    return struct.pack(">HH", flags, proto) + extra + payload


def pcap(frames: Iterable[tuple[int, bytes]], *, linktype: int = 1, big: bool = False, nano: bool = True) -> bytes:
    """A pcap file of (time in ns, frame)."""
    order = ">" if big else "<"
    head = struct.pack(order + "IHHiIII", 0xA1B23C4D if nano else 0xA1B2C3D4, 2, 4, 0, 0, 262144, linktype)
    unit = 1 if nano else 1000
    records = (
        struct.pack(order + "IIII", ts // 10**9, ts % 10**9 // unit, len(frame), len(frame)) + frame
        for ts, frame in frames
    )
    return head + b"".join(records)


def enhanced(frame: bytes, units: int, *, interface: int = 0, wire: int | None = None, order: str = "<") -> bytes:
    """A pcapng enhanced packet block."""
    body = frame + bytes(-len(frame) % 4)
    length = 32 + len(body)
    head = struct.pack(
        order + "IIIIIII",
        6,
        length,
        interface,
        units >> 32,
        units & 0xFFFFFFFF,
        len(frame),
        len(frame) if wire is None else wire,
    )
    return head + body + struct.pack(order + "I", length)


def simple(frame: bytes, *, wire: int | None = None, order: str = "<") -> bytes:
    """A pcapng simple packet block."""
    body = frame + bytes(-len(frame) % 4)
    length = 16 + len(body)
    return (
        struct.pack(order + "III", 3, length, len(frame) if wire is None else wire)
        + body
        + struct.pack(order + "I", length)
    )


def ring_block(
    frames: Iterable[tuple[int, bytes]], *, size: int = 1 << 16, tag: int | None = None, outgoing: bool = False
) -> bytearray:
    """A TPACKET_V3 block as the kernel fills it; `tag`: a VLAN tag that it took off."""
    block = bytearray(size)
    at, last, count = 48, 0, 0
    for ts, frame in frames:
        place = at + 82
        step = (82 + len(frame) + 15) // 16 * 16
        status = 0x51 if tag is not None else 0x01
        struct.pack_into("<IIIIIIHH", block, at, step, ts // 10**9, ts % 10**9, len(frame), len(frame), status, 82, 96)
        struct.pack_into("<IIHH", block, at + 28, 0, tag or 0, 0x8100, 0)
        struct.pack_into("<HHiHBB", block, at + 48, 17, 0, 1, 1, 4 if outgoing else 0, 6)
        block[place : place + len(frame)] = frame
        last, at, count = at, at + step, count + 1
    if count:
        struct.pack_into("<I", block, last, 0)
    struct.pack_into("<IIIIII", block, 0, 1, 0, 1, count, 48, at)
    return block
