"""The flow table as Python sees it: the engine, its lock, and its memory as numpy rows.

Promise: `rows` is a view, never a copy; whoever reads or writes it holds `lock`. The memory never moves.
`pure=True`, or RATOP_PURE=1, runs the engine's source uncompiled even where a compiled one lies beside it.
Does not know: where frames come from, what a row means.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from functools import cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np

from ratop_py.flow.flows import Index, Rows
from ratop_py.flow.layout import COUNTERS, Life, row_dtype

CAPACITY = 1 << 21
"""Rows of an ordinary table: 600 MB of addresses, of which only touched pages are resident."""


class Table:
    """Rows of flows, written by an engine."""

    def __init__(
        self, capacity: int = CAPACITY, inner: bool = False, seed: int | None = None, pure: bool | None = None
    ) -> None:
        module = _pure() if _wants_pure(pure) else _compiled()
        self.lock = Lock()
        self.compiled = not module.__file__.endswith(".py") if module.__file__ else False
        self.engine: Any = module.Engine(capacity, _seed() if seed is None else seed, inner)
        self._memory: Rows = np.frombuffer(self.engine.memory(), dtype=row_dtype())
        self._counters = self.engine.counters()

    @property
    def rows(self) -> Rows:
        """All rows ever used, live or not; a view."""
        return self._memory[: self.engine.used()]

    def changed(self, since_epoch: int) -> Index:
        """Rows in use that a packet, or their end, touched in this epoch or a later one."""
        rows = self.rows
        return np.flatnonzero((rows["epoch"] >= since_epoch) & (rows["life"] != Life.FREE))

    def live(self) -> Index:
        """Rows of flows that have not ended."""
        return np.flatnonzero(self.rows["life"] == Life.LIVE)

    def counters(self) -> dict[str, int]:
        """The engine's counters by name."""
        return {name: self._counters[place] for place, (name, _) in enumerate(COUNTERS)}


def _wants_pure(pure: bool | None) -> bool:
    return os.environ.get("RATOP_PURE", "") not in ("", "0") if pure is None else pure


def _seed() -> int:
    return int.from_bytes(os.urandom(8), "little")


def _compiled() -> ModuleType:
    from ratop_py.flow import engine

    return engine


@cache
def _pure() -> ModuleType:
    """The engine's source as a module of its own name, beside the compiled one."""
    name = "ratop_py.flow._engine_uncompiled"
    path = Path(__file__).with_name("engine.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
