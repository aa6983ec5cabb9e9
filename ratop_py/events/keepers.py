"""Who holds which socket, as /proc/PID/fd shows it, without going through all of it each time.

Promise: a socket not seen before, a holder that is gone or another process by now, and the passing of time each have
all of /proc read anew. Whoever is told lived when it was told, and is that process: number and start.
Does not know: sockets beyond their inode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from ratop_py.events import sockdiag
from ratop_py.events.process import ticks

TURNS = 30
"""Looks after which all is read anew: a socket may have been passed on, or inherited."""
Keeper = tuple[int, int]
"""(pid, start in ticks)"""


class Keepers:
    """Remembers between looks."""

    def __init__(self, proc: Path = sockdiag.PROC) -> None:
        self._proc = proc
        self._held: dict[int, tuple[Keeper, ...]] = {}
        self._asked: frozenset[int] = frozenset()
        """Inodes of the last reading, those without holders as well."""
        self._turns = 0

    def of(self, inodes: Iterable[int]) -> Mapping[int, tuple[Keeper, ...]]:
        """Inode → its holders, lowest pid first."""
        wanted = frozenset(filter(None, inodes))
        self._turns += 1
        if self._turns >= TURNS or not wanted <= self._asked or not self._live(wanted):
            self._read(wanted)
        return self._held

    def _live(self, inodes: frozenset[int]) -> bool:
        """Whether all that are told are still who they were."""
        keepers = {keeper for inode in inodes for keeper in self._held.get(inode, ())}
        return all(ticks(pid, self._proc) == start for pid, start in keepers)

    def _read(self, wanted: frozenset[int]) -> None:
        starts: dict[int, int | None] = {}
        self._held, self._turns = {}, 0
        found = sockdiag.holders(self._proc)
        self._asked = wanted | found.keys()
        for inode, pids in found.items():
            for pid in pids:
                if pid not in starts:
                    starts[pid] = ticks(pid, self._proc)
            self._held[inode] = tuple((pid, start) for pid in pids if (start := starts[pid]) is not None)
