"""A program in a pseudo-terminal whose keys are pressed while it works: `python -m tests.bench.pressing COMMAND …` prints
the seconds from each key to the first byte of its paint, as JSON.
"""

from __future__ import annotations

import json
import signal
import sys
from threading import Event

from tests.bench.screen import Terminal

KEYS = (b"j", b"j", b"k", b"\x1b[6~", b"\x1b[5~")


def main(command: list[str]) -> None:
    """Press until told to end."""
    over = Event()
    signal.signal(signal.SIGINT, lambda *_: over.set())
    terminal, taken = Terminal(command), list[float]()
    terminal.first(20, b"sort")
    while not over.is_set() and terminal.process.poll() is None:
        terminal.read(0.03 + 0.011 * (len(taken) % 7))
        terminal.chunks.clear()
        terminal.press(KEYS[len(taken) % len(KEYS)])
        taken.append(terminal.first(1.0))
    terminal.close()
    print(json.dumps({"keys": taken}))


if __name__ == "__main__":
    main(sys.argv[1:])
