"""The kernel's own tables through netlink: of rtnetlink links, addresses, routes, neighbours; others by number.

Promise: a dump is whole, or an OSError; parsing is pure and never reads past a message.
Source: rtnetlink(7), linux/rtnetlink.h, linux/neighbour.h, linux/if_link.h. Does not know: what it is for.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from collections.abc import Iterator

LINK, ADDR, ROUTE, NEIGH = 18, 22, 26, 30
"""RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH; answers are two less."""
ROUTE_PROTOCOL = 0
"""NETLINK_ROUTE"""
HEADERS = {LINK: 16, ADDR: 8, ROUTE: 12, NEIGH: 12}
"""Bytes of the fixed part of each kind."""
_REQUEST, _DUMP = 0x1, 0x300
_DONE, _ERROR = 3, 2
_MESSAGE = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
TYPE_MASK = 0x3FFF
WAIT = 2.0
"""Seconds."""
LARGEST = 1 << 18
"""Bytes of a datagram; the kernel sends less."""
INTERRUPTED = 0x10
"""Flag: the table changed while it was told, so that something may be missing."""
TRIES = 5

Attributes = dict[int, bytes]
Message = tuple[bytes, Attributes]


def dump(kind: int) -> list[Message]:
    """All entries of a table of rtnetlink: (fixed part, attributes). OSError as `told`."""
    size = HEADERS[kind]
    payloads = told(ROUTE_PROTOCOL, kind, bytes(size), kind - 2)
    return [(each[:size], dict(attributes(each[size:]))) for each in payloads if len(each) >= size]


def told(protocol: int, kind: int, body: bytes, answer: int) -> list[bytes]:
    """The payloads of all messages of the type `answer` to one question. OSError: the kernel refused, or the table
    never rested."""
    for _ in range(TRIES):
        found, whole = _told(protocol, kind, body, answer)
        if whole:
            return found
    raise OSError(errno.EINTR, "the kernel's table changed all the time")


def _told(protocol: int, kind: int, body: bytes, answer: int) -> tuple[list[bytes], bool]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol) as asked:
        asked.settimeout(WAIT)
        asked.bind((0, 0))
        asked.send(_MESSAGE.pack(_MESSAGE.size + len(body), kind, _REQUEST | _DUMP, 1, 0) + body)
        found: list[bytes] = []
        whole = True
        while True:
            for what, flags, payload in messages(asked.recv(LARGEST)):
                whole = whole and not flags & INTERRUPTED
                if what == _ERROR:
                    code = -struct.unpack_from("=i", payload)[0]
                    raise OSError(code, os.strerror(code))
                if what == _DONE:
                    return found, whole
                if what == answer:
                    found.append(payload)


def messages(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(type, flags, payload) of each message in a datagram."""
    at = 0
    while at + _MESSAGE.size <= len(data):
        length, kind, flags, _, _ = _MESSAGE.unpack_from(data, at)
        if length < _MESSAGE.size or at + length > len(data):
            return
        yield kind, flags, data[at + _MESSAGE.size : at + length]
        at += (length + 3) & ~3


def attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, value) of each attribute."""
    at = 0
    while at + 4 <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < 4 or at + length > len(data):
            return
        yield kind & TYPE_MASK, data[at + 4 : at + length]
        at += (length + 3) & ~3
