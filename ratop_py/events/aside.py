"""What else the host tells that explains flows without a socket: who can send frames by hand, whose addresses the
kernel translates.

Promise: this process' own sockets are not told; a holder that may not be seen, or is gone, is missing among the owners,
not the socket. Reading costs next to nothing while nobody holds such a socket and nothing is translated.
Does not know: flows, times.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ratop_py.events import packetdiag, sockdiag
from ratop_py.events.poller import booted
from ratop_py.events.process import login, read
from ratop_py.flow.flows import Holders, Owner
from ratop_py.flow.key import Key, key
from ratop_py.net import conntrack
from ratop_py.net.conntrack import Translated

TABLES = {"raw": 0, "raw6": 0, "icmp": 1, "icmp6": 58}
"""File in /proc/net → IP protocol; 0: the protocol stands where ports do."""
LARGEST = 1 << 20
"""Bytes of a table that are read."""
SCANS = 60
"""Each such reading looks its holders up again: a socket may have been passed on."""
TRIES = 3
"""Looks for who holds a new socket: it is listed a moment before it is held."""
EVERY = 4
"""Readings between two of the table of connections."""
MOST = 20_000
"""Connections in a table that is read."""
INODE = 9
"""Its place in a line of a table of sockets."""


class Tap(NamedTuple):
    """A socket that can send what no port or connection tells."""

    kind: str
    """packet, raw, ping"""
    proto: int
    """IP protocol; of a packet socket the EtherType that it hears, 0: it only sends."""
    ident: int
    """Of a ping socket the identifier of its echo requests; else 0."""
    owners: Holders
    """Who holds it, as far as one may see."""


@dataclass(frozen=True, slots=True)
class Aside:
    """All of it, at one time."""

    taps: tuple[Tap, ...] = ()
    translated: Mapping[Key, Key] = field(default_factory=dict)
    """Ends of this machine's that others speak from → the end that speaks, as it sees the connection itself."""


NOTHING = Aside()


class Asides:
    """Reads it now and then, and remembers what need not be read again."""

    def __init__(self, proc: Path = Path("/proc"), own: int | None = None) -> None:
        """`own`: the process whose sockets do not count; this one, if it is not told."""
        self._proc, self._own = proc, os.getpid() if own is None else own
        self._known: dict[int, Tap | None] = {}
        """Inode → the tap with its owners; None: it is our own."""
        self._again = 0
        """How often holders that were not found are looked for again."""
        self._readings = 0
        self._translated: dict[Key, Key] = {}

    def read(self, own: frozenset[int], *, forwards: bool) -> Aside:
        """What is so now. `own`: this machine's addresses."""
        self._readings += 1
        if not forwards:
            self._translated = {}
        elif self._readings % EVERY == 1:
            self._translated = translations(own, conntrack.translated) if 0 < conntrack.count() <= MOST else {}
        return Aside(self._taps(), self._translated)

    def _taps(self) -> tuple[Tap, ...]:
        found = dict(self._sockets())
        others = [tap for tap in self._known.values() if tap is not None]
        if found.keys() != self._known.keys():
            self._again = TRIES
        due = self._again > 0 or (others and self._readings % SCANS == 0)
        if due or not found:
            self._known = self._described(found, whole=not self._again)
            ownerless = any(tap is not None and not tap.owners for tap in self._known.values())
            self._again = max(0, self._again - 1) if ownerless else 0
        return tuple(tap for tap in self._known.values() if tap is not None)

    def _described(self, found: Mapping[int, Tap], *, whole: bool) -> dict[int, Tap | None]:
        """The same with their owners. At once one of each, later all: reading what everybody holds may take long."""
        held = sockdiag.holders(self._proc) if whole and found else sockdiag.some_holders(found, self._proc)
        owners: dict[int, Owner | None] = {}
        told: dict[int, Tap | None] = {}
        for inode, tap in found.items():
            pids = held.get(inode, ())
            for pid in pids:
                if pid not in owners:
                    owners[pid] = described(pid, self._proc)
            known = tuple(owner for pid in pids if (owner := owners[pid]) is not None)
            told[inode] = None if self._own in pids else tap._replace(owners=known)
        return told

    def _sockets(self) -> Iterator[tuple[int, Tap]]:
        try:
            packets = packetdiag.rows()
        except OSError:  # no Linux, or not built in
            packets = []
        for row in packets:
            yield row.inode, Tap("packet", row.protocol, 0, ())
        for name, proto in TABLES.items():
            try:
                with (self._proc / "net" / name).open("rb") as file:
                    yield from table(file.read(LARGEST), proto)
            except OSError:
                continue


def table(text: bytes, proto: int) -> Iterator[tuple[int, Tap]]:
    """(inode, tap) of each line of a table of raw or ping sockets; a line that is cut or broken is none."""
    for line in text.split(b"\n")[1:]:
        words = line.split()
        try:
            inode, number = int(words[INODE]), int(words[1].rpartition(b":")[2], 16)
        except (IndexError, ValueError):
            continue
        yield inode, Tap("ping", proto, number, ()) if proto else Tap("raw", number, 0, ())


def described(pid: int, proc: Path) -> Owner | None:
    """A process that lives now; None: it is gone."""
    process = read(pid, proc, booted())
    try:
        uid = os.stat(proc / str(pid)).st_uid
    except OSError:
        return None
    parent = read(process.ppid, proc, None).program if process.ppid else ""
    return Owner(
        pid=pid,
        started=process.started,
        uid=uid,
        user=login(uid),
        program=process.program,
        exe=process.exe,
        cmdline=process.cmdline,
        ppid=process.ppid,
        parent=parent,
        container=process.container,
        netns=process.netns,
    )


def translations(own: frozenset[int], tell: Callable[[], Iterable[Translated]]) -> dict[Key, Key]:
    """`Aside.translated`. What this machine translates of its own has its socket here, and is not among them."""
    try:
        entries = list(tell())
    except OSError:  # not permitted, or no table
        return {}
    return dict(pair for each in entries for pair in _ends(each, own))


def _ends(each: Translated, own: frozenset[int]) -> Iterator[tuple[Key, Key]]:
    (proto, caller, called), (_, answerer, seen) = each.called, each.answered
    if seen != caller and seen[0] in own and caller[0] not in own:
        yield key(proto, seen, answerer), key(proto, caller, called)
    if answerer != called and called[0] in own and answerer[0] not in own:
        yield key(proto, called, caller), key(proto, answerer, seen)
