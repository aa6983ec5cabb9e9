"""The kernel's socket tables as a source, with what else the kernel tells of sockets and processes where it may be
asked: notices of datagram sockets that end, forks and execs.

Promise: what is not to be had is said, and done without. This is one of the leaves that read a clock.
Does not know: flows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from ratop_py.events import sockdiag
from ratop_py.events.connector import Connector
from ratop_py.events.deaths import Deaths
from ratop_py.events.diag_looker import OFTEN, SHARE, DiagLooker
from ratop_py.events.past import Past
from ratop_py.events.poller import Poller, booted, suspended
from ratop_py.events.process import login
from ratop_py.events.socket import Health, Listing
from ratop_py.flow.flows import Owner
from ratop_py.safetext import words_of

Part = TypeVar("Part")


class Diag:
    """An `events.socket.EventSource`."""

    def __init__(self, seconds: float, past: Past | None = None) -> None:
        """`past`: who processes were, if somebody else tells it of forks and execs."""
        self._missing: list[str] = []
        self._own = past is None
        self.past = past or Past(login, _since_epoch, suspended)
        self._deaths = self._have("notice of sockets that end", Deaths)
        self._connector = self._have("process events", lambda: Connector(self.past, lives=self._own))
        who = None if self._own and self._connector is None else self._who
        states = sockdiag.ALL if self._own else sockdiag.HELD  # who told of forks tells of connections
        looker = DiagLooker(seconds, time.time, time.sleep, booted, self._deaths, who, states)
        said = f"socket tables every {seconds:g} s"
        self._poller = Poller(looker, min(seconds, OFTEN), self._note, said, SHARE, self._close, prompt=True)

    def start(self) -> None:
        """Begin."""
        if self._connector is not None:
            self._connector.start()
        self._poller.start()

    def take(self) -> Sequence[Listing]:
        """Listings since the last call."""
        return self._poller.take()

    def health(self) -> Health:
        """How it does now."""
        health = self._poller.health()
        return health if self._connector is None else replace(health, cost=health.cost + self._connector.cost)

    def stop(self) -> None:
        """End."""
        self._poller.stop()

    def _close(self) -> None:
        for part in (self._deaths, self._connector):
            if part is not None:
                part.close()

    def _have(self, name: str, make: Callable[[], Part]) -> Part | None:
        """A part, if it may be had."""
        try:
            return make()
        except OSError as error:
            self._missing.append(f"no {name} ({words_of(error, 60)})")
            return None

    def _note(self) -> str:
        words = self._connector.words() if self._connector is not None else ""
        return "; ".join(filter(None, (*self._missing, words)))

    def _who(self, pid: int) -> Owner | None:
        """Who has this number now."""
        if self._own and self._connector is not None and self._connector.failure:
            self.past.missed()  # nobody tells of forks any more
        now = time.monotonic()
        return self.past.owner(pid, now, now)


def _since_epoch() -> float:
    return (booted() or 0.0) + suspended()
