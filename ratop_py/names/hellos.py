"""First messages of TLS clients that come in several pieces, put together.

Promise: bounded: the oldest unfinished one makes room for a new one. A name is told as soon as it is there, and once
more when the message is whole.
Does not know: rows, addresses.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ratop_py.names import quic
from ratop_py.names.tls import Hello, client_hello, handshake

MOST = 1024
"""Messages that are waited for."""
LONGEST = 8192
"""Bytes of a message that are kept."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """What there is so far of a flow's message."""

    stream: bytes = b""
    """Of TCP."""
    pieces: tuple[quic.Piece, ...] = field(default=())
    """Of QUIC, in the order of their offsets."""
    keys: quic.Keys | None = None


class Hellos:
    """By flow id."""

    def __init__(self) -> None:
        self._begun: dict[int, _Begun] = {}

    def segment(self, flow: int, data: bytes, *, more: bool) -> Hello | None:
        """A segment of TCP; `more`: it goes on where the last one of this flow ended. None: nothing to tell yet."""
        if more and flow not in self._begun:
            return None
        before = self._begun[flow].stream if more else b""
        stream = (before + data)[:LONGEST]
        return self._told(flow, _Begun(stream=stream), handshake(stream))

    def datagram(self, flow: int, data: bytes) -> Hello | None:
        """A datagram of QUIC."""
        before = self._begun.get(flow, _Begun())
        found, keys = quic.pieces(data, before.keys)
        if not found:
            return None
        kept = sorted({*before.pieces, *found})
        inside = tuple(each for each in kept if each[0] + len(each[1]) <= LONGEST)
        return self._told(flow, _Begun(pieces=inside, keys=keys), _joined(inside))

    def _told(self, flow: int, begun: _Begun, message: bytes) -> Hello | None:
        hello = client_hello(message)
        self._begun.pop(flow, None)
        if not hello.whole:
            self._begun[flow] = begun
            if len(self._begun) > MOST:
                del self._begun[next(iter(self._begun))]
        return hello if hello.name else None


def _joined(pieces: tuple[quic.Piece, ...]) -> bytes:
    """The message up to the first hole."""
    message = b""
    for offset, data in pieces:
        if offset > len(message):
            break
        message += data[len(message) - offset :]
    return message
