"""The parent's parent, its parent, and so on: who a process descends from, as /proc shows it now.

Promise: a line that was read is used again as long as its first member lives and has the same parent. Bounded. A line
that cannot be read is short, not wrong.
Does not know: owners, sockets.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from ratop_py.events.process import stat

Line = tuple[tuple[int, str], ...]
"""(pid, program), the nearest first."""
DEEPEST = 16
"""Generations."""
MOST = 4_096
"""Lines remembered."""


class Forebears:
    """Asks /proc."""

    def __init__(self, proc: Path = Path("/proc")) -> None:
        self._proc = proc
        self._lines: OrderedDict[int, tuple[int | None, int, Line]] = OrderedDict()

    def of(self, pid: int) -> Line:
        """Those above this process; it is not among them itself."""
        line: list[tuple[int, str]] = []
        ticks, parent, _ = self._stat(pid)
        known = self._lines.get(pid)
        if known is not None and known[:2] == (ticks, parent):
            return known[2]
        above = parent
        while above and len(line) < DEEPEST and above not in {each for each, _ in line}:
            _, next_above, name = self._stat(above)
            if not name:
                break
            line.append((above, name))
            above = next_above
        found = tuple(line)
        if ticks is not None:
            self._lines[pid] = (ticks, parent, found)
            self._lines.move_to_end(pid)
            if len(self._lines) > MOST:
                self._lines.popitem(last=False)
        return found

    def _stat(self, pid: int) -> tuple[int | None, int, str]:
        try:
            return stat((self._proc / str(pid) / "stat").read_bytes())
        except OSError:
            return None, 0, ""
