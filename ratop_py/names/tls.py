"""The first message of a TLS client, and the name of the server in it.

Promise: any bytes give an answer. A message that is cut gives what stands before the cut, and says it is not whole.
Source: RFC 8446 §4.1.2, 6066 §3; draft-ietf-tls-esni. Does not know: where the bytes come from.
"""

from __future__ import annotations

from dataclasses import dataclass

from ratop_py.names.spelling import spelled

CLIENT_HELLO, HANDSHAKE = 1, 22
SERVER_NAME, ENCRYPTED_HELLO = 0, 0xFE0D
RECORD, BEFORE_SESSION = 5, 4 + 2 + 32
"""Bytes of a record's head; of what stands before the session id: head of the message, version, random."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a client says first."""

    name: str = ""
    """Of the server, as the client says."""
    hidden: bool = False
    """It holds an encrypted hello, or what looks like one: then another name may be meant."""
    whole: bool = False


NOTHING = Hello(whole=True)
"""This is no such message: there is nothing to wait for."""


def handshake(stream: bytes) -> bytes:
    """What records of the handshake carry, up to the first other one, or to the end."""
    parts: list[bytes] = []
    at = 0
    while at + RECORD <= len(stream) and stream[at] == HANDSHAKE:
        size = int.from_bytes(stream[at + 3 : at + 5], "big")
        parts.append(stream[at + RECORD : at + RECORD + size])
        at += RECORD + max(size, 1)
    return b"".join(parts)


def client_hello(message: bytes) -> Hello:
    """Read a ClientHello."""
    if message[:1] != bytes([CLIENT_HELLO]):
        return NOTHING if message else Hello()
    end = 4 + int.from_bytes(message[1:4], "big")
    at = BEFORE_SESSION
    for width in (1, 2, 1):  # session id, cipher suites, compression methods
        at += width + int.from_bytes(message[at : at + width], "big")
    whole = len(message) >= end
    stop = min(end, at + 2 + int.from_bytes(message[at : at + 2], "big"), len(message))
    return _extensions(message, at + 2, stop, whole=whole)


def _extensions(message: bytes, at: int, stop: int, *, whole: bool) -> Hello:
    name, hidden = "", False
    while at + 4 <= stop:
        kind = int.from_bytes(message[at : at + 2], "big")
        size = int.from_bytes(message[at + 2 : at + 4], "big")
        at += 4
        if kind == SERVER_NAME and at + size <= stop:
            name = name or _server_name(message[at : at + size])
        hidden = hidden or kind == ENCRYPTED_HELLO
        at += size
    return Hello(name, hidden, whole)


def _server_name(body: bytes) -> str:
    """The first host name of the list."""
    at = 2
    while at + 3 <= len(body):
        size = int.from_bytes(body[at + 1 : at + 3], "big")
        if body[at] == 0:
            return spelled(body[at + 3 : at + 3 + size]) if at + 3 + size <= len(body) else ""
        at += 3 + size
    return ""
