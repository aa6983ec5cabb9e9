"""The threads of an engine.

Promise: a thread that fails does not die silently: what it raised waits for whoever asks next.
Does not know: what they do.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Any

PATIENCE = 2.0
"""Seconds that each is waited for in the end."""


class Crew:
    """Starts them, and ends them."""

    def __init__(self, stop: Event) -> None:
        self._stop, self._threads = stop, list[Thread]()
        self._failure: Exception | None = None

    def begin(self, name: str, work: Callable[..., None], *words: Any) -> None:
        """A thread that does this."""
        thread = Thread(target=self._guarded, args=(work, *words), name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _guarded(self, work: Callable[..., None], *words: Any) -> None:
        try:
            work(*words)
        except Exception as error:  # noqa: BLE001 - raised again in the reader's thread
            self._failure = error

    def check(self) -> None:
        """Raise what one of them died of."""
        if self._failure is not None:
            raise self._failure

    def end(self) -> None:
        """Tell all to stop, and wait for them. Twice is fine."""
        self._stop.set()
        for thread in self._threads:
            if thread.ident is not None:  # a second Ctrl-C may come in the middle of a start
                thread.join(PATIENCE)
