"""Which names addresses were said to have, and by whom.

Promise: bounded: `MOST` addresses, `EACH` names of one; what was not said again for the longest time makes room, and is
counted. A name is given to what began while it held, and also to what began before it was first heard: an address
mostly had its name already.
Does not know: flows, packets, whether a name is true.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST = 65_536
EACH = 8
SECOND = 1_000_000_000
GRACE = 3600 * SECOND
"""A name may be used for so long after it should be asked for again: programs keep addresses longer than they are
told."""
DNS, DNS_OTHER, PTR, MDNS, LLMNR = "dns", "dns-other", "ptr", "mdns", "llmnr"
SNI, QUIC, HIDDEN = "sni", "quic", "ech"
"""How a name was heard: `DNS` alone is more than somebody's claim."""
RANK = {DNS: 0, HIDDEN: 1, SNI: 1, QUIC: 1, DNS_OTHER: 2, PTR: 3, MDNS: 4, LLMNR: 5}
"""The surest first. What a client says of one flow stands before what is said of an address in general."""


@dataclass(frozen=True, slots=True)
class Known:
    """An address has a name, somebody said."""

    name: str
    how: str
    first: int
    """When it was first heard, ns since the epoch."""
    last: int
    ttl: int
    """Nanoseconds from `last` in which it holds."""


class Book:
    """Names by address."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: dict[int, tuple[Known, ...]] = {}
        self.evicted = 0
        """Addresses and names that were forgotten for want of room."""

    def __len__(self) -> int:
        """Addresses that have a name."""
        return len(self._known)

    def __contains__(self, address: int) -> bool:
        """Whether it has a name."""
        return address in self._known

    def learn(self, address: int, name: str, how: str, at: int, ttl: int) -> bool:
        """An address was said to have a name; `ttl` in seconds. True: nobody had said so before."""
        before = self._known.pop(address, ())
        same = [each for each in before if each.name == name and each.how == how]
        others = [each for each in before if each not in same] if before else []
        first, last = (min(same[0].first, at), max(same[0].last, at)) if same else (at, at)
        self.evicted += max(0, len(others) + 1 - EACH)
        self._known[address] = (Known(name, how, first, last, ttl * SECOND), *others[: EACH - 1])
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]
            self.evicted += 1
        return not same

    def names(self, address: int, began: int) -> tuple[Known, ...]:
        """What an address was called when something began, the surest first, and of these the last heard."""
        found = [each for each in self._known.get(address, ()) if began <= each.last + each.ttl + GRACE]
        if len(found) < 2:
            return tuple(found)
        return tuple(sorted(found, key=lambda each: (RANK[each.how], *_distance(each, began))))


def _distance(known: Known, began: int) -> tuple[bool, int]:
    """Names heard before it began come first; the nearer, the better."""
    if known.first > began:
        return True, known.first - began
    return False, began - min(known.last, began)
