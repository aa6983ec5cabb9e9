"""Flows cut where their socket ended: what comes next from there is another program's.

Promise: quick, under the table's lock; what is told before its packets were read waits for them a while, bounded.
Does not know: who tells.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ratop_py.events.over import Over
from ratop_py.flow.table import Table

WAIT = 0.5
"""Seconds in which packets of then are read."""
MOST = 4_096
_WORDS = struct.Struct("<5QB")
"""A key: the first words of a row, and the side."""


class Cuts:
    """Of one table."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._waiting: list[Over] = []

    def told(self, overs: Sequence[Over], now: float) -> None:
        """These ends have no socket any more. `now`: s since the epoch."""
        waiting = [each for each in (*self._waiting, *overs) if each.at > now - WAIT]
        if waiting:
            with self._table.lock:
                self._waiting = [each for each in waiting if not self._cut(each)][-MOST:]
        else:
            self._waiting = waiting

    def _cut(self, over: Over) -> bool:
        """True: done, or too late; False: there is no such flow yet."""
        return self._table.engine.over(*_WORDS.unpack(over.ends), round(over.at * 1e9)) != 0
