"""What is said about names, made by hand: messages of DNS, TLS and QUIC."""

from __future__ import annotations

import socket
import ssl
import struct

from ratop_py.names import quic

A, CNAME, PTR, AAAA = 1, 5, 12, 28
WHO = b"\xc0\x0c"
"""A pointer to the question's name."""


def qname(name: str) -> bytes:
    """A name in labels."""
    return b"".join(bytes([len(label)]) + label.encode("latin-1") for label in name.split(".") if label) + b"\0"


def record(owner: bytes, kind: int, data: bytes, ttl: int = 60, family: int = 1) -> bytes:
    """A resource record."""
    return owner + struct.pack(">HHIH", kind, family, ttl, len(data)) + data


def address(text: str, owner: bytes = WHO, ttl: int = 60) -> bytes:
    """A record with an address."""
    if ":" in text:
        return record(owner, AAAA, socket.inet_pton(socket.AF_INET6, text), ttl)
    return record(owner, A, socket.inet_aton(text), ttl)


def alias(target: str, owner: bytes = WHO) -> bytes:
    """A CNAME."""
    return record(owner, CNAME, qname(target))


def answer(name: str, *records: bytes, kind: int = A, flags: int = 0x8180, count: int | None = None) -> bytes:
    """An answer of DNS with one question."""
    head = struct.pack(">HHHHHH", 7, flags, 1, len(records) if count is None else count, 0, 0)
    return head + question(name, kind) + b"".join(records)


def question(name: str, kind: int = A) -> bytes:
    """A question's section."""
    return qname(name) + struct.pack(">HH", kind, 1)


def query(name: str) -> bytes:
    """A question."""
    return struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + question(name)


def hello(name: str) -> bytes:
    """The record that Python's own TLS client begins with."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=name)
    try:
        client.do_handshake()
    except ssl.SSLWantReadError:
        return outgoing.read()
    raise AssertionError("nobody answered, and it is content")


def client_hello(name: bytes = b"", *, hidden: bool = False, before: int = 0) -> bytes:
    """A ClientHello by hand; `before`: bytes of padding before the name."""
    extensions = struct.pack(">HH", 21, before) + bytes(before) if before else b""
    if name:
        entry = b"\0" + struct.pack(">H", len(name)) + name
        extensions += struct.pack(">HHH", 0, len(entry) + 2, len(entry)) + entry
    if hidden:
        extensions += struct.pack(">HH", 0xFE0D, 4) + bytes(4)
    body = b"\3\3" + bytes(32) + b"\0" + b"\0\2\x13\1" + b"\1\0" + struct.pack(">H", len(extensions)) + extensions
    return b"\1" + len(body).to_bytes(3, "big") + body


def tls_records(message: bytes, size: int = 16384) -> bytes:
    """A handshake message in records."""
    parts = [message[at : at + size] for at in range(0, len(message), size)]
    return b"".join(b"\x16\3\1" + struct.pack(">H", len(part)) + part for part in parts)


def crypto(offset: int, data: bytes) -> bytes:
    """A CRYPTO frame."""
    return b"\6" + varint(offset) + varint(len(data)) + data


def varint(value: int) -> bytes:
    """A number of QUIC."""
    if value < 64:
        return bytes([value])
    return struct.pack(">H", 0x4000 | value) if value < 1 << 14 else struct.pack(">I", 0x80000000 | value)


def initial(
    frames: bytes, *, number: int = 0, connection: bytes = b"\x83\x94\xc8\xf0\x3e\x51\x57\x08", version: int = 1,
    keys: quic.Keys | None = None, token: bytes = b"",
) -> bytes:  # fmt: skip
    """A client's Initial packet of 1,200 bytes, protected as RFC 9001 says."""
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.ciphers.algorithms import AES
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    keys = keys or quic.derived(version, connection)
    head = struct.pack(">BI", quic.INITIAL[version] | 3, version) + bytes([len(connection)]) + connection + b"\0"
    head += varint(len(token)) + token
    room = 1200 - len(head) - 2 - 4 - 16
    payload = frames + bytes(max(0, room - len(frames)))
    head += varint(4 + len(payload) + 16)
    counted = struct.pack(">I", number)
    nonce = (int.from_bytes(keys.iv, "big") ^ number).to_bytes(12, "big")
    sealed = AESGCM(keys.key).encrypt(nonce, payload, head + counted)
    mask = Cipher(AES(keys.header), ECB()).encryptor().update(sealed[:16])
    first = bytes([head[0] ^ mask[0] & 0x0F])
    return first + head[1:] + bytes(a ^ b for a, b in zip(counted, mask[1:5], strict=True)) + sealed
