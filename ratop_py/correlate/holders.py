"""Sets of owners by number, so that a note is four bytes.

Promise: number 0 is nobody; equal sets have one number; `kept` renumbers to what is still used, so the table stays
bounded.
Does not know: flows, sockets.
"""

from __future__ import annotations

from collections.abc import Iterable

from ratop_py.flow.flows import Holders as OwnerSet


class Holders:
    """An interning table."""

    def __init__(self) -> None:
        self.sets: list[OwnerSet] = [()]
        self._numbers: dict[OwnerSet, int] = {(): 0}

    def number(self, owners: OwnerSet) -> int:
        """The number of a set of owners."""
        found = self._numbers.get(owners)
        if found is None:
            found = self._numbers[owners] = len(self.sets)
            self.sets.append(owners)
        return found

    def kept(self, used: Iterable[int]) -> dict[int, int]:
        """Forget all sets but these; returns old number → new number."""
        sets = self.sets
        self.sets, self._numbers = [()], {(): 0}
        return {0: 0} | {old: self.number(sets[old]) for old in sorted(used) if old}
