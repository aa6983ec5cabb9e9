"""When sockets were looked at, and which local ports had one in which look.

Promise: bounded; `without` proves an absence, so what was forgotten or is in doubt makes it count fewer, never more.
Does not know: sockets' owners, flows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

MOST = 65_536
"""Looks remembered."""
RUNS = 8
"""Runs of looks remembered for a port; the two oldest become one."""
SETTLED = 0.2
"""Seconds a socket may be younger than the first packet says: clocks and capture delay."""


class Looks:
    """Grows with each look."""

    def __init__(self) -> None:
        self._began: list[float] = []
        self._ended: list[float] = []
        self._complete: list[int] = [0]
        """Complete looks before each one."""
        self._base = 0
        """Number of the first look still remembered."""
        self._runs: dict[int, list[int]] = {}
        """port → first and last look of each unbroken run that saw it, flat, by number."""
        self._over = float("-inf")
        """End of the last look."""

    def __len__(self) -> int:
        """Looks remembered."""
        return len(self._began)

    def add(self, began: float, ended: float, complete: bool, ports: Iterable[int]) -> None:
        """Take a look in; ports are protocol * 65536 + local port. One out of order tells no absence."""
        self._over = max(self._over, ended)
        if self._began and began < self._began[-1]:
            return
        number = self._base + len(self._began)
        self._began.append(began)
        self._ended.append(ended)
        self._complete.append(self._complete[-1] + complete)
        for port in ports:
            self._saw(port, number)
        if len(self._began) > MOST:
            self._drop(MOST // 4)

    def _saw(self, port: int, number: int) -> None:
        runs = self._runs.get(port)
        if runs is None:
            self._runs[port] = [number, number]
        elif runs[-1] >= number - 1:
            runs[-1] = number
        else:
            runs += (number, number)
            if len(runs) > 2 * RUNS:
                del runs[1:3]

    @property
    def over(self) -> float:
        """End of the last look, s; -inf before it."""
        return self._over

    def since(self, when: float) -> bool:
        """Whether a look was still going on well after this time, so that a socket of then could be in it."""
        return self._over >= when + SETTLED

    def without(self, port: int, first: float, last: float) -> int:
        """Complete looks between these times; 0 as soon as one of then saw something on this port."""
        low, high = bisect_left(self._began, first), bisect_right(self._began, last)
        while high > low and self._ended[high - 1] > last:
            high -= 1
        count = self._complete[high] - self._complete[low] if high > low else 0
        if not count:
            return 0
        runs = self._runs.get(port, ())  # the looks just before and after count as well: a closed socket may speak on
        low, high = low + self._base - 1, high + self._base
        return 0 if any(a <= high and b >= low for a, b in zip(runs[::2], runs[1::2], strict=True)) else count

    def forget(self, before: float) -> None:
        """Looks that were over before this time."""
        gone = bisect_left(self._began, before)
        if gone >= len(self._began) // 2:  # not at each look: the ports are gone through
            self._drop(gone)

    def _drop(self, gone: int) -> None:
        del self._began[:gone], self._ended[:gone], self._complete[:gone]
        self._base += gone
        self._runs = {port: runs for port, runs in self._runs.items() if runs[-1] >= self._base}
