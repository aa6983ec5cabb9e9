"""Numbers for interface names, counted over everything that is read together.

Promise: a number is given once, to one name; several files read together share one count. A row has 16 bits for it:
whoever comes later shares the last one.
Does not know: what an interface is.
"""

from __future__ import annotations

from threading import Lock

MOST = 1 << 16


class Names:
    """Interface names by number."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._adding = Lock()

    def add(self, name: str) -> int:
        """Its number."""
        with self._adding:
            if len(self._names) < MOST:
                self._names.append(name)
            return len(self._names) - 1

    @property
    def all(self) -> tuple[str, ...]:
        """By number, so far."""
        return tuple(self._names)
