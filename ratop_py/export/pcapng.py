"""A pcapng file: one section, an interface when its first packet comes, times in ns (draft-ietf-opsawg-pcapng).

Promise: what is written is read back the same by ratop, Wireshark and tcpdump: bytes, length on the wire, time, link
type and name of the interface.
Does not know: which packets, or what is in them.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

from ratop_py.capture.kept import Frame
from ratop_py.safetext import clean

SECTION, INTERFACE, PACKET = 0x0A0D0D0A, 1, 6
MAGIC = 0x1A2B3C4D
COMMENT, APPLICATION, NAME, RESOLUTION = 1, 4, 2, 9
NANOSECONDS = bytes([9])
UNKNOWN_LENGTH = b"\xff" * 8
LONGEST = 4096
"""Characters of a comment."""
_HEAD = struct.Struct("<IIIIIII")


class Writer:
    """Writes as it is told."""

    def __init__(self, out: BinaryIO, comment: str = "") -> None:
        self.packets = 0
        self._out = out
        self._interfaces: dict[tuple[str, int], int] = {}
        told = _option(COMMENT, clean(comment, LONGEST)) if comment else b""
        self._block(
            SECTION, struct.pack("<IHH", MAGIC, 1, 0) + UNKNOWN_LENGTH + told + _option(APPLICATION, "ratop") + END
        )

    def write(self, frame: Frame, interface: str) -> None:
        """One packet, heard on an interface of this name."""
        number = self._interfaces.get((interface, frame.linktype))
        if number is None:
            number = self._interface(interface, frame.linktype)
        size = len(frame.data)
        length = 32 + size + (-size % 4)
        self._out.write(
            _HEAD.pack(PACKET, length, number, frame.ts >> 32, frame.ts & 0xFFFFFFFF, size, frame.wire)
            + frame.data
            + bytes(-size % 4)
            + length.to_bytes(4, "little")
        )
        self.packets += 1

    def _interface(self, name: str, linktype: int) -> int:
        """A new interface."""
        number = self._interfaces[name, linktype] = len(self._interfaces)
        told = _option(NAME, clean(name)) if name else b""
        self._block(INTERFACE, struct.pack("<HHI", linktype, 0, 0) + told + _option(RESOLUTION, NANOSECONDS) + END)
        return number

    def _block(self, kind: int, body: bytes) -> None:
        length = (12 + len(body)).to_bytes(4, "little")
        self._out.write(kind.to_bytes(4, "little") + length + body + length)


END = bytes(4)


def _option(code: int, value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<HH", code, len(raw)) + raw + bytes(-len(raw) % 4)
