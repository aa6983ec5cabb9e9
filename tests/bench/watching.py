"""A program in a pseudo-terminal that nobody looks at: `python -m tests.bench.watching COMMAND …`."""

from __future__ import annotations

import signal
import sys
from threading import Event

from tests.bench.screen import Terminal


def main(command: list[str]) -> None:
    """Read what it draws, then quit it."""
    over = Event()
    signal.signal(signal.SIGINT, lambda *_: over.set())
    terminal = Terminal(command)
    while not over.is_set() and terminal.process.poll() is None:
        terminal.read(0.2)
        terminal.chunks.clear()
    terminal.close()


if __name__ == "__main__":
    main(sys.argv[1:])
