"""Ctrl-C, SIGTERM and a closed terminal while `print` follows the wire.

Promise: a request to end interrupts waiting, never writing, and what was due is written. A second one ends at once.
Does not know: engines.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any, TypeVar

Item = TypeVar("Item")
SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ending:
    """Takes over the signals inside a `with` block."""

    def __init__(self) -> None:
        self.asked = False
        self._waiting = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Ending:
        """From here on, signals are ours. Those that were ignored (nohup) stay ignored."""
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _hear(self, _number: int, _frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        if self._waiting or again:
            raise KeyboardInterrupt

    def each(self, items: Iterator[Item], stop: Callable[[], None]) -> Iterator[Item]:
        """Items as they come. Asked to end, `stop` is called, and whatever `items` still has is the last.

        `items` itself answers a KeyboardInterrupt `waiting` by coming to its end.
        """
        while True:
            if self.asked:
                stop()
            item = next(items, None)
            if item is None:
                return
            yield item

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """Inside, a request to end is a KeyboardInterrupt; one that came before, too. Work goes on outside."""
        self._waiting = True
        try:
            if self.asked:
                raise KeyboardInterrupt
            yield
        finally:
            self._waiting = False
