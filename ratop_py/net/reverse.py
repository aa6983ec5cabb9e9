"""The name that the resolver has for an address, asked for when a person asks.

Promise: nothing is ever asked by itself: a question tells the address to strangers. It ends in its time, whatever the
resolver does: the thread that waits on it is left behind, and no more than `MOST` of them are. A name is `confirmed` if
it leads back to the address; else it is a claim of whoever has the address.
Does not know: which names are already known, clocks.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore, Thread

from ratop_py.names.spelling import spelled
from ratop_py.net import address as addresses

MOST = 8
"""Questions that wait at the same time."""
BUSY = "too many questions are waiting for the resolver"
LATE = "the resolver did not answer in time"
NONE = "the address has no name"
_waiting = BoundedSemaphore(MOST)


@dataclass(frozen=True, slots=True)
class Reverse:
    """What came of it."""

    names: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    """Those of them that lead back to the address."""
    why_not: str = ""
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Resolver:
    """The system's, or one in a test."""

    names: Callable[[str], tuple[str, list[str], list[str]]] = socket.gethostbyaddr
    addresses: Callable[[str, None], list[tuple[object, ...]]] = socket.getaddrinfo  # type: ignore[assignment]


def lookup(address: str, timeout: float, resolver: Resolver | None = None) -> Reverse:
    """Names of an address, as text; waits for `timeout` seconds at most."""
    if not _waiting.acquire(blocking=False):
        return Reverse(why_not=BUSY)
    found: list[Reverse] = []
    asking = resolver or Resolver()

    def ask() -> None:
        try:
            found.append(_asked(address, asking))
        finally:
            _waiting.release()

    thread = Thread(target=ask, name="reverse dns", daemon=True)
    thread.start()
    thread.join(timeout)
    return found[0] if found else Reverse(why_not=LATE)


def _asked(address: str, resolver: Resolver) -> Reverse:
    try:
        value, _ = addresses.parse(address)
        first, others, _ = resolver.names(address)
    except (OSError, ValueError):
        return Reverse(why_not=NONE)
    names = tuple(
        dict.fromkeys(name for each in (first, *others) if (name := spelled(each.encode("utf-8", "replace"))))
    )
    confirmed = tuple(name for name in names if _leads_to(name, value, resolver))
    return Reverse(names, confirmed, "" if names else NONE)


def _leads_to(name: str, value: int, resolver: Resolver) -> bool:
    """Whether the name has the address."""
    try:
        found = resolver.addresses(name, None)
        return any(addresses.parse(str(each[4][0]))[0] == value for each in found)  # type: ignore[index]
    except (OSError, ValueError):
        return False
