"""Packets once more: those of files are read again, those of a wire come out of what was kept.

Promise: what cannot be had again is said before anything is written. Does not disturb who captures.
Does not know: which packets are wanted, where they go.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.capture.kept import Kept
from ratop_py.capture.names import Names
from ratop_py.capture.pcapfile import PcapFile
from ratop_py.capture.source import Sink
from ratop_py.capture.unpack import STDIN
from ratop_py.engine.settings import Settings
from ratop_py.errors import Exit, RatopError

WAIT = 0.2
HINT = "--keep-packets 64M"


class Again:
    """May be fed to any number of sinks, one at a time."""

    def __init__(self, settings: Settings, kept: Kept | None, interfaces: Callable[[], tuple[str, ...]]) -> None:
        self._settings, self._kept, self._interfaces = settings, kept, interfaces
        self._names: Names | None = None

    @property
    def why_not(self) -> str:
        """Why there are none, in words; empty: there are."""
        if STDIN in self._settings.files:
            return "standard input cannot be read twice"
        return "" if self._settings.files or self._kept is not None else "packets are not kept"

    @property
    def gone(self) -> str:
        """What is not there any more, in words; empty: nothing left."""
        if self._kept is None or not self._kept.gone:
            return ""
        return f"{self._kept.gone:,} packets had left to make room: --keep-packets keeps the newest"

    def feed(self, sink: Sink) -> None:
        """All of them, in the order they came in."""
        if self.why_not:
            raise RatopError(f"no packets: {self.why_not}", hint=HINT, exit_code=Exit.USAGE)
        if self._settings.files:
            self._read(sink)
            return
        assert self._kept is not None
        for frame in self._kept.frames():
            sink.feed_frame(frame.data, frame.wire, frame.ts, frame.linktype, frame.iface)

    def _read(self, sink: Sink) -> None:
        self._names = Names()
        for name in self._settings.files:
            source = PcapFile(name, self._names)
            try:
                while source.step(sink, WAIT):
                    pass
            finally:
                source.close()

    def interface(self, number: int) -> str:
        """Name of an interface; empty: it has none."""
        names = self._interfaces() if self._names is None else self._names.all
        return names[number] if number < len(names) else ""
