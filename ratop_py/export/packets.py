"""The packets of wanted flows as a pcapng file.

Promise: read back, the file holds the same flows with the same counts, as far as their packets are still there.
Does not know: where packets come from.
"""

from __future__ import annotations

from typing import BinaryIO, Protocol

from ratop_py.capture.kept import Frame
from ratop_py.capture.source import Sink
from ratop_py.export.pcapng import Writer
from ratop_py.export.picker import Going, Picker, always
from ratop_py.export.wanted import Wanted


class Packets(Protocol):
    """All the packets there are: `engine.again.Again`."""

    def feed(self, sink: Sink) -> None:
        """Give them to a sink."""
        ...

    def interface(self, number: int) -> str:
        """Name of an interface."""
        ...


def write(
    wanted: Wanted, packets: Packets, out: BinaryIO, comment: str = "", going: Going = always, *, inner: bool = False
) -> int:
    """Write them; returns how many. `comment` stands in the file's head; `inner`: flows inside tunnels count, too."""
    writer, names = Writer(out, comment), dict[int, str]()

    def take(frame: Frame) -> None:
        name = names.get(frame.iface)
        if name is None:
            name = names[frame.iface] = packets.interface(frame.iface)
        writer.write(frame, name)

    packets.feed(Picker(wanted, take, going, inner=inner))
    return writer.packets
