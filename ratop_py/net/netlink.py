"""The kernel's own tables through rtnetlink: links, addresses, routes, neighbours.

Promise: a dump is whole, or an OSError; parsing is pure and never reads past a message.
Source: rtnetlink(7), linux/rtnetlink.h, linux/neighbour.h, linux/if_link.h. Does not know: what it is for.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator

LINK, ADDR, ROUTE, NEIGH = 18, 22, 26, 30
"""RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE, RTM_GETNEIGH; answers are two less."""
HEADERS = {LINK: 16, ADDR: 8, ROUTE: 12, NEIGH: 12}
"""Bytes of the fixed part of each kind."""
_REQUEST, _DUMP = 0x1, 0x300
_DONE, _ERROR = 3, 2
_MESSAGE = struct.Struct("=IHHII")
_ATTRIBUTE = struct.Struct("=HH")
TYPE_MASK = 0x3FFF
WAIT = 2.0

Attributes = dict[int, bytes]
Message = tuple[bytes, Attributes]


def dump(kind: int) -> list[Message]:
    """All entries of a table: (fixed part, attributes). OSError: the kernel refused."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as asked:
        asked.settimeout(WAIT)
        asked.bind((0, 0))
        body = b"\0" * HEADERS[kind]
        asked.send(_MESSAGE.pack(_MESSAGE.size + len(body), kind, _REQUEST | _DUMP, 1, 0) + body)
        found: list[Message] = []
        while True:
            data = asked.recv(1 << 18)
            done = False
            for what, payload in messages(data):
                if what == _ERROR:
                    raise OSError(-struct.unpack_from("=i", payload)[0], "rtnetlink")
                done = done or what == _DONE
                if what == kind - 2 and len(payload) >= HEADERS[kind]:
                    found.append((payload[: HEADERS[kind]], dict(attributes(payload[HEADERS[kind] :]))))
            if done:
                return found


def messages(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, payload) of each message in a datagram."""
    at = 0
    while at + _MESSAGE.size <= len(data):
        length, kind, _, _, _ = _MESSAGE.unpack_from(data, at)
        if length < _MESSAGE.size or at + length > len(data):
            return
        yield kind, data[at + _MESSAGE.size : at + length]
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
