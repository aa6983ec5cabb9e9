"""Sets by numbers that stay: what was noted long ago still says who was meant.

Promise: a number is given once and never again, whatever is forgotten; number 0 is the empty set. The ledger's numbers
of holders, and of names, change when their tables are made anew; these do not.
Does not know: flows, when a set is used no more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

OVERHEAD = 200
"""Bytes that a member costs beside its texts, about."""
NUMBER = 32
"""…and anything in it that is no text."""
Set = tuple[Any, ...]
"""Of owners, or of names: frozen dataclasses."""


class Register:
    """An interning table without renumbering."""

    def __init__(self) -> None:
        self.sets: dict[int, Set] = {0: ()}
        self.nbytes = 0
        """Memory that the sets take, about: members that others hold, too, are counted."""
        self._numbers: dict[Set, int] = {(): 0}
        self._same: dict[int, int] = {}
        """id of a set in `sets` → its number: the same object need not be hashed."""
        self._next = 1

    def number(self, members: Set) -> int:
        """The number of a set."""
        known = self._same.get(id(members))
        if known is not None:
            return known
        found = self._numbers.get(members)
        if found is None:
            found, self._next = self._next, self._next + 1
            self._keep(found, members)
        return found

    def _keep(self, number: int, members: Set) -> None:
        self.sets[number] = members
        self._numbers[members] = self._same[id(members)] = number
        self.nbytes += size_of(members)

    def keep(self, used: Iterable[int]) -> None:
        """Forget all sets but these."""
        sets, self.nbytes = self.sets, 0
        self.sets, self._numbers, self._same = {0: ()}, {(): 0}, {}
        for number in set(used) - {0}:
            self._keep(number, sets[number])


def size_of(members: Set) -> int:
    """Bytes of memory of a set, about."""
    facts = (fact for each in members for fact in astuple(each))
    return OVERHEAD * len(members) + sum(NUMBER + (len(fact) if isinstance(fact, str) else 0) for fact in facts)
