"""What a person asked an engine to do: sources, filter, limits.

Promise: a frozen value; nothing is opened or checked here.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass

_SECOND = 1_000_000_000
TIMEOUTS = array("q", (600 * _SECOND, 60 * _SECOND, 10 * _SECOND, 60 * _SECOND, 15 * _SECOND, 30 * _SECOND))
"""ns of silence after which a flow ends: TCP open, TCP half-open, TCP closed, UDP, ICMP, other
(`flow.engine.Engine.idle`)."""
HEARD, HEARD_OF_FILE = 1_000, 1 << 20
"""So many payloads that may carry a name are read in a tick, and of a chunk of a file, where room bounds them."""
LIVE_CAPACITY = 500_000
"""Flows a live table can hold: 144 MB when full, resident only as far as used."""
FILE_CAPACITY = 4_000_000
"""Flows of a file; address space, not memory, until they are there."""
SNAPLEN = 256
"""Bytes of a frame that are looked at live: link, VLAN, IPv6 with options, one tunnel, transport."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that decides what an engine does."""

    interfaces: tuple[str, ...] = ()
    """Empty, with no files: every interface that is up and has a route."""
    files: tuple[str, ...] = ()
    filter: str = ""
    """Filter language; live, what is packet-level in it also goes to the kernel."""
    events: str = "auto"
    """Event source: lsof[:interval], psutil[:interval], prog:PATH[:interval], none."""
    context: str | None = None
    """Sidecar file beside a capture: what the host knew."""
    inner: bool = False
    """Also the flows inside tunnels."""
    capacity: int | None = None
    snaplen: int = SNAPLEN
    promiscuous: bool = False
    speed: float = 0.0
    """Files: packet seconds a second; 0: as fast as possible."""
    skip: float = 0.0
    """Files played at a speed: packet seconds from the start that are read at once."""
    names: bool = True
    """Also read what answers of DNS, TLS and QUIC clients call the ends of flows."""
    tick: float = 0.5
    """Seconds between two looks at what changed."""
    keep_ended: float = 5.0
    """Seconds that an ended flow stays in view."""
    history_bytes: int = 64 << 20
    """Memory for what there was in the last minutes; 0: nobody can look back."""
    keep_packets: int = 0
    """Live: bytes of packets that are kept, whole, for an export; 0: none."""
    ring_bytes: int = 32 << 20
    give_up: bool = False
    """The process is the engine's own: once all is open it gives up the privileges that were for that."""

    @property
    def heard(self) -> int:
        """Payloads that may carry a name, of which so many are read at a time."""
        if not self.names:
            return 0
        return HEARD_OF_FILE if self.files else HEARD
