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
        self._same: dict[int, int] = {}
        """id of a set in `sets` → its number: the same object need not be hashed."""

    def number(self, owners: OwnerSet) -> int:
        """The number of a set of owners."""
        known = self._same.get(id(owners))
        if known is not None and self.sets[known] is owners:
            return known
        found = self._numbers.get(owners)
        if found is None:
            found = self._numbers[owners] = len(self.sets)
            self.sets.append(owners)
            self._same[id(owners)] = found
        return found

    def kept(self, used: Iterable[int]) -> dict[int, int]:
        """Forget all sets but these; returns old number → new number."""
        sets = self.sets
        self.sets, self._numbers, self._same = [()], {(): 0}, {}
        return {0: 0} | {old: self.number(sets[old]) for old in sorted(used) if old}
