"""A live interface through libpcap, by way of scapy: macOS and the BSDs. Untested there; tested on Linux.

Promise: the same seam as the ring: frames, one by one, with wire length and time. This is one of the leaves that
read a clock: it waits.
Does not know: frames beyond their bytes.
"""

from __future__ import annotations

import logging
import select
import time
from threading import Lock
from typing import Any

from ratop_py.capture.source import Losses, Sink
from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean

HINT = "macOS: sudo ratop; BSD: sudo ratop, and libpcap installed"
MOST = 1000
"""Frames of one step."""
NAP = 0.02
"""Seconds between two looks where libpcap has nothing to wait on."""
NANOSECONDS = 1000


class Libpcap:
    """A `capture.source.Source`."""

    live = True
    trouble = ""

    def __init__(
        self, name: str | None, expression: str | None, snaplen: int, number: int = 0, *, promiscuous: bool = False
    ) -> None:
        """Open the interface; None: the one that scapy takes for the usual. RatopError: not permitted, not there, or
        libpcap is missing."""
        self._wire = _opened(name, expression, promiscuous)
        self.name = str(name or self._wire.iface)
        self.interfaces = (self.name,)
        self._number, self._snaplen = number, snaplen
        self._linktype = int(self._wire.pcap_fd.datalink())
        self._stepping = Lock()
        self._closed = False

    def step(self, sink: Sink, wait: float) -> bool:
        """Feed what is there, waiting up to `wait` seconds for the first. False only after `close`."""
        with self._stepping:
            if not self._closed and self._ready(wait):
                self._feed(sink)
            return not self._closed

    def _ready(self, wait: float) -> bool:
        handle = self._wire.fileno()
        if handle < 0:
            time.sleep(min(wait, NAP))
            return True
        return bool(select.select([handle], [], [], wait)[0])

    def _feed(self, sink: Sink) -> None:
        pcap = self._wire.pcap_fd
        for _ in range(MOST):
            _, frame = pcap.next()
            if frame is None:
                return
            head = pcap.header.contents
            ts = (int(head.ts.tv_sec) * 1_000_000 + int(head.ts.tv_usec)) * NANOSECONDS
            sink.feed_frame(frame[: self._snaplen], int(head.len), ts, self._linktype, self._number)

    def losses(self) -> Losses:
        """Libpcap's counters are not reachable through scapy."""
        return Losses()

    def close(self) -> None:
        """Give the handle back; a step that runs is waited for."""
        with self._stepping:
            if not self._closed:
                self._closed = True
                self._wire.close()


def _opened(name: str | None, expression: str | None, promiscuous: bool) -> Any:
    """Scapy's socket, which never blocks."""
    try:
        logging.getLogger("scapy.runtime").setLevel(logging.ERROR)  # its warnings would stand across the screen
        from scapy.config import conf

        conf.use_pcap = True
        from scapy.arch.libpcap import L2pcapListenSocket
    except (ImportError, OSError) as error:
        raise RatopError(f"libpcap cannot be used: {error}", hint=HINT, exit_code=Exit.NO_SOURCE) from None
    try:
        wire = L2pcapListenSocket(iface=name, filter=expression, promisc=promiscuous)
        wire.pcap_fd.setnonblock(True)  # its own time limit does not hold on every system
    except PermissionError:
        raise RatopError("may not capture", hint=HINT, exit_code=Exit.NOT_PERMITTED) from None
    except Exception as error:  # noqa: BLE001 - scapy raises its own types, and plain Exception
        words = clean(str(error), 200)
        denied = "permi" in words.lower()
        raise RatopError(
            f"cannot capture on {clean(name or 'the usual interface', 40)}: {words}",
            hint=HINT,
            exit_code=Exit.NOT_PERMITTED if denied else Exit.NO_SOURCE,
        ) from None
    return wire
