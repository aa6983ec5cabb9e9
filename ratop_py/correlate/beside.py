"""What explains flows without a socket, over time: who could have sent them by hand, whose addresses are translated.

Promise: bounded; somebody is likely only if he held his socket while the flow lived. Likely is not owner.
Does not know: flows' other owners, reasons.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ratop_py.correlate.ends import End
from ratop_py.events.aside import Aside, Tap
from ratop_py.flow.flows import Holders, Owner
from ratop_py.flow.key import Key

MOST = 1_024
"""Taps remembered; the ones longest unseen go first."""
KEPT = 20_000
"""Translated ends remembered."""
APART = 1.0
"""Seconds between a sighting and a flow: sockets are looked at twice a second."""
NEVER = (float("-inf"), b"")
ARP, ARP_TYPE = 0, 0x0806
"""As the protocol of a flow; as an EtherType."""
ANY = 255
"""IPPROTO_RAW: sends every protocol."""


class Beside:
    """Learns what is so now; answers for a flow's time."""

    def __init__(self) -> None:
        self._taps: dict[str, dict[Tap, tuple[float, float]]] = {}
        """Kind → first and last seen, s; in the order of last."""
        self._translated: dict[Key, tuple[float, Key]] = {}
        """When it was last seen, and who speaks; in the order of when."""

    def learn(self, aside: Aside, at: float) -> None:
        """It was so at this time, s."""
        for tap in aside.taps:
            known = self._taps.setdefault(tap.kind, {})
            first, _ = known.pop(tap, (at, at))
            known[tap] = (first, at)
            _cut(known, MOST)
        for end, speaker in aside.translated.items():
            self._translated.pop(end, None)
            self._translated[end] = at, speaker
        _cut(self._translated, KEPT)

    def behind(self, end: End) -> Key | None:
        """Who speaks from this end, if it is not this machine itself."""
        at, speaker = self._translated.get(end.key, NEVER)
        return speaker if at >= end.began - APART else None

    def pinging(self, end: End) -> Holders:
        """Who holds the ping socket with the identifier of this end."""
        return self._holders("ping", end, lambda tap: tap.proto == end.proto and tap.ident == end.port)[1]

    def raw(self, end: End) -> tuple[bool, Holders]:
        """Whether there was a raw socket that could send this end's packets, and who is known to hold one."""
        return self._holders("raw", end, lambda tap: tap.proto in (end.proto, ANY))

    def packet(self, end: End) -> tuple[bool, Holders]:
        """The same of packet sockets: of ARP those that speak it, as the kernel does, too."""
        return self._holders("packet", end, lambda tap: end.proto != ARP or tap.proto == ARP_TYPE)

    def _holders(self, kind: str, end: End, fits: Callable[[Tap], bool]) -> tuple[bool, Holders]:
        late, early = end.heard + APART, end.began - APART
        taps = self._taps.get(kind)
        then = taps and [tap for tap, seen in taps.items() if seen[0] <= late and seen[1] >= early and fits(tap)]
        if not then:
            return False, ()
        if len(then) == 1:
            return True, then[0].owners
        owners: dict[tuple[int, float | None], Owner] = {
            (owner.pid, owner.started): owner for tap in then for owner in tap.owners
        }
        return True, tuple(owners[each] for each in sorted(owners, key=lambda each: each[0]))


def _cut(table: dict[Any, Any], most: int) -> None:
    while len(table) > most:
        del table[next(iter(table))]
