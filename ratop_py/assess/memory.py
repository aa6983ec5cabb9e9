"""What a detector remembers: a table that is bounded, and forgets what was not seen for long.

Promise: never more than `most` entries, the one longest unseen goes first; time is packet time, never the clock's.
Does not know: what it holds.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")
SECOND = 1_000_000_000
MINUTE, HOUR = 60 * SECOND, 3600 * SECOND


class Memory(Generic[K, V]):
    """key → value, with the packet time it was last seen."""

    def __init__(self, most: int, keep: int) -> None:
        self.most = most
        self.keep = keep
        """ns."""
        self._table: OrderedDict[K, tuple[int, V]] = OrderedDict()

    def __len__(self) -> int:
        """Entries."""
        return len(self._table)

    def get(self, key: K) -> V | None:
        """The value; looking is not seeing."""
        found = self._table.get(key)
        return None if found is None else found[1]

    def put(self, key: K, value: V, now: int) -> None:
        """Seen now."""
        before = self._table.get(key)
        self._table[key] = (now if before is None else max(now, before[0]), value)
        self._table.move_to_end(key)
        if len(self._table) > self.most:
            self._table.popitem(last=False)

    def items(self) -> Iterator[tuple[K, V]]:
        """All of it, the longest unseen first."""
        return ((key, value) for key, (_, value) in self._table.items())

    def forget(self, now: int) -> None:
        """What was not seen for too long goes."""
        while self._table:
            key, (seen, _) = next(iter(self._table.items()))
            if seen >= now - self.keep:
                return
            del self._table[key]
