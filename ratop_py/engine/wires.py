"""From settings to what an engine reads: sources of frames, the source of events, what the host knows.

Promise: all of it is open, or nothing is and a RatopError says why.
Does not know: threads, the table.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from ratop_py.capture.kept import WHOLE
from ratop_py.capture.source import Source
from ratop_py.engine.settings import Settings
from ratop_py.errors import Exit, RatopError
from ratop_py.events import lsof
from ratop_py.events.aside import NOTHING, Aside, Asides
from ratop_py.events.over import TellOver
from ratop_py.events.socket import EventSource, Listing
from ratop_py.net.host import HostNet

NAMING = "udp port 53 or udp port 5353 or udp port 5355"
"""What tells names of flows that a filter lets through; the flows that it makes are left out later."""
HOST_NS = 10_000_000_000
"""How often interfaces, routes and neighbours are read again, live."""


class World:
    """What an engine reads."""

    def __init__(
        self,
        sources: tuple[Source, ...],
        events: EventSource,
        read_host: Callable[[], HostNet],
        *,
        live: bool,
        notices: tuple[str, ...] = (),
        progress: Callable[[], Iterable[tuple[int, int]]] = tuple,
    ) -> None:
        """`progress`: (bytes read, bytes there are) of each file."""
        self.sources, self.events, self.live, self.notices = sources, events, live, notices
        self._progress = progress
        self._read_host = read_host
        self._asides = Asides() if live else None
        self._host: HostNet | None = None
        self._host_at = 0

    def host(self, now: int) -> HostNet:
        """What the host knows; read again now and then."""
        if self._host is None or (self.live and now - self._host_at > HOST_NS):
            self._host, self._host_at = self._read_host(), now
        return self._host

    @property
    def interfaces(self) -> tuple[str, ...]:
        """Their names, of all sources."""
        return tuple(name for source in self.sources for name in source.interfaces)

    @property
    def troubles(self) -> list[str]:
        """Why nothing comes from some of the sources."""
        return [source.trouble for source in self.sources if source.trouble]

    def position(self) -> float | None:
        """Share 0…1 of the files that has been read; None: there are none, or of one nobody knows how long it is."""
        told = list(self._progress())
        if not told or not all(size for _, size in told):
            return None
        return min(1.0, sum(read for read, _ in told) / sum(size for _, size in told))

    def aside(self) -> Aside:
        """What explains flows without a socket, as it is now; nothing where a file is read."""
        if self._asides is None or self._host is None:
            return NOTHING
        return self._asides.read(self._host.own_addresses, forwards=self._host.masquerades)


def open_world(settings: Settings, clock: Callable[[], int], tell_over: TellOver | None = None) -> World:
    """Open everything. `clock`: packet time, ns, for listings beside a file; `tell_over`: hears which datagrams' ends
    have no socket any more."""
    return _files(settings, clock) if settings.files else _wires(settings, tell_over)


def _files(settings: Settings, clock: Callable[[], int]) -> World:
    from ratop_py.capture.names import Names
    from ratop_py.capture.pcapfile import PcapFile

    names = Names()
    host, events = _beside(settings, clock)
    sources: list[PcapFile] = []
    try:
        sources.extend(PcapFile(name, names) for name in settings.files)
    except RatopError:
        for source in sources:
            source.close()
        raise
    return World(
        tuple(sources),
        events,
        lambda: host,
        live=False,
        progress=lambda: [source.progress() for source in sources],
    )


def _beside(settings: Settings, clock: Callable[[], int]) -> tuple[HostNet, EventSource]:
    """What the sidecar tells."""
    from ratop_py.events.poller import Recorded, Silence

    if settings.context is None:
        return HostNet(), Silence("none: a capture needs --context for owners")
    from ratop_py.net.context import load

    context = load(settings.context)
    listings = [_listing(each.path.as_posix(), each.time, each.complete) for each in context.sockets]
    return context.host, Recorded(listings, lambda: clock() / 1e9 if clock() else float("inf"))


def _listing(path: str, time: float | None, complete: bool) -> Listing:
    """A listing in a file; without a time it speaks of any time, and proves no absence."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read(64 << 20)
    except OSError as error:
        raise RatopError(f"cannot read {path}: {error.strerror}", exit_code=Exit.NO_SOURCE) from None
    sockets = lsof.parse(text)
    if time is None:
        return Listing("lsof", 0.0, ALWAYS, complete=False, sockets=sockets, why_not="its time is not told")
    return Listing("lsof", time, time, complete, sockets)


ALWAYS = 1e11
"""End of a listing without a time, s."""


def _wires(settings: Settings, tell_over: TellOver | None) -> World:
    from ratop_py.capture.open import open_interfaces
    from ratop_py.events.open import open_source
    from ratop_py.events.spec import parse
    from ratop_py.filter import compile_filter
    from ratop_py.net import live

    spec = parse(settings.events)
    snaplen = WHOLE if settings.keep_packets else settings.snaplen
    expression = None if settings.inner else compile_filter(settings.filter, 0.0).packet_level
    if expression is not None and settings.names:
        expression = f"{expression} or {NAMING}"
    events = open_source(spec, time.monotonic, tell_over)  # first: of what is captured every socket can be known
    try:
        sources, notices = open_interfaces(
            settings.interfaces, expression, snaplen, settings.ring_bytes, settings.promiscuous
        )
    except RatopError:
        events.stop()
        raise
    return World(sources, events, live.read, live=True, notices=notices)
