"""A live interface through libpcap, by way of scapy: macOS and the BSDs. Untested there.

Promise: the same seam as the ring: frames, one by one, with wire length and time. This is one of the leaves that
read a clock.
Does not know: frames beyond their bytes.
"""

from __future__ import annotations

import select
from typing import Any

from ratop_py.capture.source import Losses, Sink
from ratop_py.errors import Exit, RatopError

HINT = "macOS: sudo ratop; BSD: sudo ratop, and libpcap installed"
MOST = 1000
"""Frames of one step."""


class Libpcap:
    """A `capture.source.Source`."""

    live = True

    def __init__(self, name: str | None, expression: str | None, snaplen: int, number: int = 0) -> None:
        """Open the interface. RatopError: not permitted, not there, or libpcap is missing."""
        try:
            from scapy.config import conf

            conf.use_pcap = True
            from scapy.arch.libpcap import L2pcapListenSocket
        except (ImportError, OSError) as error:
            raise RatopError(f"libpcap cannot be used: {error}", hint=HINT, exit_code=Exit.NO_SOURCE) from None
        try:
            self._wire: Any = L2pcapListenSocket(iface=name, filter=expression)
        except PermissionError:
            raise RatopError("may not capture", hint=HINT, exit_code=Exit.NOT_PERMITTED) from None
        except Exception as error:  # noqa: BLE001 - scapy raises its own types, and plain Exception
            raise RatopError(f"cannot capture on {name}: {error}", hint=HINT, exit_code=Exit.NO_SOURCE) from None
        self.name = str(name or "default")
        self.interfaces = (self.name,)
        self._number, self._snaplen = number, snaplen
        self._linktype = int(self._wire.pcap_fd.datalink())

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed what is there, waiting up to `wait` seconds for the first."""
        ready, _, _ = select.select([self._wire.fileno()], [], [], wait)
        for _ in range(MOST if ready else 0):
            ts, frame = self._wire.pcap_fd.next()
            if frame is None:
                break
            sink.feed_frame(frame[: self._snaplen], len(frame), int(ts * 1e9), self._linktype, self._number)
        return True

    def losses(self) -> Losses:
        """Libpcap's counters are not reachable through scapy."""
        return Losses()

    def close(self) -> None:
        """Give the handle back."""
        self._wire.close()
