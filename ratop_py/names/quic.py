"""Initial packets of a QUIC client: opened with the keys that everybody can derive, and the handshake in them.

Promise: any bytes give an answer; a packet that does not open is left out. The library for AES is loaded with the first
packet.
Source: RFC 9000 §17.2.2 and 19.6, RFC 9001 §5, RFC 9369 §3. Does not know: TLS, which flow a datagram belongs to.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

VERSION_1, VERSION_2 = 1, 0x6B3343CF
SALTS = {
    VERSION_1: bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"),
    VERSION_2: bytes.fromhex("0dede3def700a6db819381be6e269dcbf9bd2ed9"),
}
LABELS = {VERSION_1: b"quic ", VERSION_2: b"quicv2 "}
INITIAL = {VERSION_1: 0xC0, VERSION_2: 0xD0}
"""First byte of an Initial packet, upper half."""
LONGEST_ID = 20
SAMPLE, TAG = 16, 16
PADDING, PING, ACK, ACK_ECN, CRYPTO = 0, 1, 2, 3, 6
MOST_FRAMES = 256
MOST_RANGES = 64
MOST_PACKETS = 8
"""Packets of one datagram."""

Piece = tuple[int, bytes]
"""(offset, bytes) of the handshake."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What protects the Initial packets of a client."""

    key: bytes
    iv: bytes
    header: bytes


@dataclass(frozen=True, slots=True)
class _Packet:
    """An Initial packet as it lies in a datagram, still closed."""

    version: int
    id: bytes
    """Connection id of the destination."""
    start: int
    number_at: int
    end: int


class _CutError(Exception):
    """The datagram ends, or makes no sense, here."""


def pieces(datagram: bytes, known: Keys | None) -> tuple[list[Piece], Keys | None]:
    """(pieces of the handshake, the keys that opened them). `known`: the connection's keys, from its first packet; a
    client that had to begin anew has others."""
    found: list[Piece] = []
    for packet in _packets(datagram):
        for keys in (known, derived(packet.version, packet.id)):
            payload = _opened(datagram, packet, keys) if keys else None
            if payload is not None:
                known = keys
                found.extend(_frames(payload))
                break
    return found, known


def derived(version: int, connection: bytes) -> Keys:
    """A client's keys from the connection id that it chose for the server."""
    initial = hmac.digest(SALTS[version], connection, hashlib.sha256)
    secret, label = _expanded(initial, b"client in", 32), LABELS[version]
    return Keys(*(_expanded(secret, label + name, size) for name, size in ((b"key", 16), (b"iv", 12), (b"hp", 16))))


def _expanded(secret: bytes, label: bytes, size: int) -> bytes:
    """HKDF-Expand-Label of RFC 8446 §7.1; one block of SHA-256 is enough."""
    label = b"tls13 " + label
    info = size.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0"
    return hmac.digest(secret, info + b"\1", hashlib.sha256)[:size]


def _packets(datagram: bytes) -> Iterator[_Packet]:
    """The Initial packets of a datagram; others between them are stepped over as far as they say their length."""
    at = 0
    try:
        for _ in range(MOST_PACKETS):
            packet, initial = _header(datagram, at)
            if initial:
                yield packet
            at = packet.end
    except _CutError:
        return


def _header(data: bytes, start: int) -> tuple[_Packet, bool]:
    """A long header, and whether it is an Initial packet's."""
    version = int.from_bytes(_taken(data, start + 1, 4), "big")
    if version not in SALTS or data[start] & 0xC0 != 0xC0:
        raise _CutError
    initial = data[start] & 0xF0 == INITIAL[version]
    connection, at = _prefixed(data, start + 5)
    _, at = _prefixed(data, at)
    if initial:
        size, at = _varint(data, at)  # the token
        at += size
    length, at = _varint(data, at)
    if at + length > len(data):
        raise _CutError
    return _Packet(version, connection, start, at, at + length), initial


def _taken(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise _CutError
    return data[at : at + size]


def _prefixed(data: bytes, at: int) -> tuple[bytes, int]:
    """A connection id and where the header goes on."""
    size = _taken(data, at, 1)[0]
    if size > LONGEST_ID:
        raise _CutError
    return _taken(data, at + 1, size), at + 1 + size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of 1, 2, 4 or 8 bytes, and where the data goes on."""
    size = 1 << (_taken(data, at, 1)[0] >> 6)
    return int.from_bytes(_taken(data, at, size), "big") & (1 << 8 * size - 2) - 1, at + size


def _opened(data: bytes, packet: _Packet, keys: Keys) -> bytes | None:
    """The frames of a packet; None: these are not its keys."""
    at = packet.number_at
    sample = data[at + 4 : at + 4 + SAMPLE]
    if at + 4 + SAMPLE > packet.end:
        return None
    mask = _block(keys.header, sample)
    first = data[packet.start] ^ mask[0] & 0x0F
    size = (first & 3) + 1
    number = bytes(a ^ b for a, b in zip(data[at : at + size], mask[1 : 1 + size], strict=True))
    nonce = int.from_bytes(keys.iv, "big") ^ int.from_bytes(number, "big")
    header = bytes([first]) + data[packet.start + 1 : at] + number
    return _plain(keys.key, nonce.to_bytes(12, "big"), data[at + size : packet.end], header)


def _block(key: bytes, block: bytes) -> bytes:
    """One block of AES, as RFC 9001 §5.4.3 wants it."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    return Cipher(AES(key), ECB()).encryptor().update(block)  # noqa: S305


def _plain(key: bytes, nonce: bytes, sealed: bytes, header: bytes) -> bytes | None:
    """What AES-GCM opens; None: it was sealed with another key, or changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(nonce, sealed, header)
    except InvalidTag:
        return None


def _frames(payload: bytes) -> list[Piece]:
    """What CRYPTO frames hold; at any frame that an Initial packet may not have, reading ends."""
    found: list[Piece] = []
    at = 0
    try:
        for _ in range(MOST_FRAMES):
            at = _unpadded(payload, at)
            kind, at = _varint(payload, at)
            if kind == CRYPTO:
                offset, at = _varint(payload, at)
                size, at = _varint(payload, at)
                found.append((offset, _taken(payload, at, size)))
                at += size
            elif kind in (ACK, ACK_ECN):
                at = _acknowledged(payload, at, kind)
            elif kind != PING:
                break
    except _CutError:
        pass
    return found


def _unpadded(payload: bytes, at: int) -> int:
    while at < len(payload) and payload[at] == PADDING:
        at += 1
    return at


def _acknowledged(payload: bytes, at: int, kind: int) -> int:
    """Where an ACK frame ends."""
    _, at = _varint(payload, at)
    _, at = _varint(payload, at)
    ranges, at = _varint(payload, at)
    if ranges > MOST_RANGES:
        raise _CutError
    for _ in range(1 + 2 * ranges + (3 if kind == ACK_ECN else 0)):
        _, at = _varint(payload, at)
    return at
