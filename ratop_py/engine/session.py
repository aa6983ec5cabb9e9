"""One engine at work: sources feed the table, a tick looks at what changed, readers ask.

Promise: one writer. The tick alone writes notes; readers get copies made under the lock, and keep them as long as they like.
Capture holds the table's lock for one block at a time and waits for nobody.
Does not know: screens, formats.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Event, Lock, Thread

import numpy as np

from ratop_py.capture.source import Source
from ratop_py.engine.ledger import Ledger
from ratop_py.engine.records import Records
from ratop_py.engine.settings import FILE_CAPACITY, LIVE_CAPACITY, Settings
from ratop_py.engine.sinks import LockedSink, PacedSink
from ratop_py.engine.wires import World, open_world
from ratop_py.errors import RatopError
from ratop_py.flow.flows import Flows, Index
from ratop_py.flow.layout import Life
from ratop_py.flow.table import Table
from ratop_py.view import Answer, Meters, Snapshot, View, answer, select

SWEEP = 50_000
"""Rows that one tick looks at for idle flows."""
WAIT = 0.2
"""Seconds a capture thread waits for a block before it looks whether to stop."""
HOST_SECONDS = 10.0
"""How often interfaces, routes and neighbours are read again."""
GRACE = 3_000_000_000
"""ns after a flow's first packet in which it is assessed at each tick: rules wait for a second look."""


class Engine:
    """Call `start`, then `ask` as often as you like, then `stop`; or `run_to_end` for a file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.live = not settings.files
        self.table = Table(settings.capacity or (LIVE_CAPACITY if self.live else FILE_CAPACITY), inner=settings.inner)
        self.ledger = Ledger(self.table.capacity)
        self.world: World | None = None
        self._state = "starting"
        self._reason = ""
        self._stop = Event()
        self._threads: list[Thread] = []
        self._desk = Lock()  # one tick, or one copy for a reader, at a time
        self._generation = 0
        self._published: tuple[int, Flows] | None = None
        self._held: Flows | None = None
        self._hand = 0
        self._ticked = 0
        self._played_from = 0.0
