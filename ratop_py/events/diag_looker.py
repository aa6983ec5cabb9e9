"""All sockets with their owners through the kernel's socket tables: what lsof tells, at a small part of its cost.

Promise: the sockets of this network namespace, each with its cookie. Where the kernel gives notice of sockets that
end, it is told of each datagram socket from when on no other had its port, since two looks cannot tell who had it
between them. Does not know: intervals, threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from ratop_py.events import sockdiag
from ratop_py.events.deaths import Deaths
from ratop_py.events.keepers import Keeper, Keepers
from ratop_py.events.looker import LookError, Seen
from ratop_py.events.process import Processes, login, sees_everybody
from ratop_py.events.sockdiag import Row
from ratop_py.events.socket import Socket, SocketState
from ratop_py.events.table_looker import PARTLY
from ratop_py.events.unheld import STATES, Unheld
from ratop_py.flow.flows import Owner
from ratop_py.safetext import words_of

TCP, UDP = 6, 17
TURNS = 100
"""Looks after which it is asked again what tables there are."""
OFTEN = 0.1
"""Seconds between two looks at datagram sockets: the kernel goes through those alone in a tenth of the time."""
SHARE = 0.03
"""Of a core, that looking may cost on average."""
GRACE = 0.02
"""Seconds that a notice of a socket's end may take."""
BEFORE = float("-inf")


class DiagLooker:
    """An `events.looker.Looker`."""

    name = words = "diag"

    def __init__(
        self,
        seconds: float,
        clock: Callable[[], float],
        wait: Callable[[float], None],
        booted: Callable[[], float | None] | None = None,
        deaths: Deaths | None = None,
        who: Callable[[int], Owner | None] | None = None,
        states: int = sockdiag.ALL,
    ) -> None:
        """`seconds`: between two looks at all sockets; those between are at datagram sockets. `clock`: s since the
        epoch. `deaths`: None, if there is no such notice here. `who`: who has a number now, from a history of
        processes; without one /proc is asked at each look. `states`: of TCP, that are looked at."""
        self._states = states
        self._who = who
        self._seconds, self.partial = seconds, False
        self._clock, self._wait, self._deaths = clock, wait, deaths
        self._keepers, self._unheld = Keepers(), Unheld()
        self._processes = {partial: Processes(booted=booted) for partial in (False, True)}
        """By whether a look is partial: they forget who is not seen."""
        self._whole = sees_everybody()
        self._turns = 0
        self._present: tuple[int, ...] = sockdiag.PROTOCOLS
        self._before = self._all_before = BEFORE
        """When the last look began, and the last one at all sockets."""
        self._since: dict[tuple[int, int], float] = {}
        """(cookie, port) → from when on no other socket had this port."""

    def look(self, stopped: Callable[[], bool]) -> Seen:
        """All sockets now."""
        if stopped():
            raise LookError("nobody waits for it")
        now = self._clock()
        self.partial = 0 <= now - self._all_before < self._seconds - OFTEN / 2
        try:
            rows = sockdiag.rows((UDP,)) if self.partial else self._rows()
            held = self._keepers.of(row.inode for row in rows)
            lost = self._date(rows, now)
        except OSError as error:
            raise LookError(f"sock_diag: {words_of(error, 120)}") from None
        owners: dict[int, Owner | None] = {}
        sockets = [self._socket(row, held.get(row.inode, ()), owners) for row in rows]
        owned = self._described([socket for socket in sockets if socket.owners])
        self._before = now
        if self.partial:
            return owned, self._whole, ""
        self._all_before = now
        unheld = self._unheld.sure(socket for socket in sockets if not socket.owners)
        return (*owned, *unheld), self._whole, "; ".join(filter(None, ("" if self._whole else PARTLY, lost)))

    def close(self) -> None:
        """Look no more."""
        if self._deaths is not None:
            self._deaths.close()

    def _rows(self) -> list[Row]:
        if self._turns % TURNS == 0:
            self._present = sockdiag.PROTOCOLS
        self._turns += 1
        tables = dict(sockdiag.tables(self._present, self._states))
        self._present = tuple(tables)
        return [row for table in tables.values() for row in table]

    def _date(self, rows: Iterable[Row], now: float) -> str:
        """Note from when on each new datagram socket was alone; words, if notices were lost."""
        if self._deaths is None:
            return ""
        udp = {(row.cookie, row.lport) for row in rows if row.proto == UDP}
        if udp - self._since.keys():
            self._wait(GRACE)
        lost = self._deaths.lost
        dead = {row.lport for row in self._deaths.take()}
        missed = self._deaths.lost > lost
        self._since = {
            place: self._since.get(place, now if missed or place[1] in dead else self._before) for place in udp
        }
        return f"notices of ended sockets lost {self._deaths.lost} times" if self._deaths.lost else ""

    def _described(self, sockets: list[Socket]) -> tuple[Socket, ...]:
        return tuple(sockets) if self._who is not None else self._processes[self.partial].describe(sockets)

    def _socket(self, row: Row, keepers: tuple[Keeper, ...], known: dict[int, Owner | None]) -> Socket:
        state = STATES[row.state] if row.proto == TCP and row.state < len(STATES) else SocketState.NONE
        for pid, _ in keepers:
            if pid not in known:
                known[pid] = self._who(pid) if self._who is not None else owner_of(pid)
        owners = tuple(owner for pid, _ in keepers if (owner := known[pid]) is not None)
        since = self._since.get((row.cookie, row.lport)) if row.proto == UDP else None
        return Socket(
            row.proto, row.family, row.local, row.lport, row.remote, row.rport, state, owners, row.cookie, since
        )


def owner_of(pid: int) -> Owner:
    """A holder by its number and user."""
    uid = _user(sockdiag.PROC / str(pid))
    return Owner(pid, None, uid, login(uid) if uid >= 0 else "", "")


def _user(folder: Path) -> int:
    try:
        return os.stat(folder).st_uid
    except OSError:  # gone
        return -1
