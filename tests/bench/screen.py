"""The screen in a real pseudo-terminal: `python -m tests.bench.screen [ROWS …]` prints its figures. Asserts nothing.

CPU and memory are those of the whole process: the screen, and `view.select` over that many flows twice a second.
"""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass, field

import psutil

from tests.bench.children import environment

WIDTH, HEIGHT = 160, 44
CHILD = "from tests.bench.screen import child; child({rows})"
IMPORTS = "import textual.app, textual.scroll_view"
FRAME = b"\x1b[1;1H"
"""The first paint begins at the first cell."""
FLOWS = b"firefox"


def child(rows: int) -> None:
    """The screen over real flow rows."""
    from ratop_py.tui.options import Options
    from ratop_py.tui.run import run
    from tests.helpers.flowsfeed import FlowsFeed

    feed = FlowsFeed(rows)
    run(feed, Options(theme="dark"))


@dataclass
class Terminal:
    """A process in a pseudo-terminal of a fixed size, and what it wrote when."""

    command: list[str]
    chunks: list[tuple[float, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        environ = {**environment(), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(self.command, stdin=slave, stdout=slave, stderr=slave, env=environ)
        os.close(slave)
        self.usage = psutil.Process(self.process.pid)

    def read(self, seconds: float) -> bytes:
        """What is written within this time."""
        until, written = time.perf_counter() + seconds, b""
        while (left := until - time.perf_counter()) > 0:
            chunk = self._chunk(left)
            written += chunk
        return written

    def first(self, seconds: float, wanted: bytes = b"") -> float:
        """Seconds until something (that holds `wanted`) is written; the limit if nothing is."""
        begun, written = time.perf_counter(), b""
        while (left := begun + seconds - time.perf_counter()) > 0:
            written += self._chunk(left)
            if written and wanted in written:
                break
        return time.perf_counter() - begun

    def _chunk(self, seconds: float) -> bytes:
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            chunk = os.read(self.master, 1 << 16)
        except OSError:
            return b""
        self.chunks.append((time.perf_counter(), chunk))
        return chunk

    def press(self, keys: bytes) -> None:
        """Keys."""
        os.write(self.master, keys)

    def close(self) -> int:
        """Quit; the exit code."""
        self.press(b"q")
        until = time.perf_counter() + 5
        while self.process.poll() is None and time.perf_counter() < until:
            self.read(0.05)
        os.close(self.master)
        return self.process.wait(1)

    def cpu(self) -> float:
        """Seconds of CPU so far."""
        used = self.usage.cpu_times()
        return used.user + used.system


def import_seconds() -> float:
    """What importing textual costs here, once."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", IMPORTS], check=True, env=environment())
    return time.perf_counter() - begun


def start_to(wanted: bytes) -> float:
    """Seconds from starting a screen over a few flows until something is on it, once."""
    terminal = Terminal([sys.executable, "-m", "tests.helpers.screenrunner"])
    taken = terminal.first(20, wanted)
    terminal.close()
    return taken


def keys(terminal: Terminal, count: int) -> list[float]:
    """Seconds from a key to the first byte of its paint, between refreshes."""
    taken = []
    for number in range(count):
        terminal.read(0.05 + 0.037 * (number % 7))
        terminal.press(b"j" if number % 10 else b"\x1b[6~")
        taken.append(terminal.first(1.0))
    return sorted(taken)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one screen over so many flows costs."""

    cpu: float
    """Percent of a core."""
    written: float
    """Bytes a repaint."""
    keys: list[float]
    """Seconds from key to paint, in order."""
    resident: int
    """Bytes."""
    code: int
    """Exit code."""

    def key(self, share: float) -> float:
        """Milliseconds within which this share of the keys was painted."""
        return 1000 * self.keys[min(len(self.keys) - 1, int(len(self.keys) * share))]


def figures(rows: int, seconds: float = 20, presses: int = 200) -> Figures:
    """All of it for so many flows."""
    terminal = Terminal([sys.executable, "-c", CHILD.format(rows=rows)])
    terminal.first(30, b"risk")
    terminal.read(3)
    cpu, begun, before = terminal.cpu(), time.perf_counter(), len(terminal.chunks)
    terminal.read(seconds)
    passed = time.perf_counter() - begun
    share = 100 * (terminal.cpu() - cpu) / passed
    written = sum(len(chunk) for _, chunk in terminal.chunks[before:]) / passed / 2
    taken = keys(terminal, presses)
    resident = terminal.usage.memory_info().rss
    return Figures(share, written, taken, resident, terminal.close())


def report(rows: int) -> None:
    """All figures for so many flows."""
    found = figures(rows)
    print(
        f"{rows:>8} flows: {found.cpu:4.1f} % of a core at 2 Hz, {found.written / 1000:4.1f} kB a refresh, "
        f"key to paint {found.key(0.5):4.1f} ms median {found.key(0.99):4.1f} ms p99, "
        f"{found.resident / 1e6:4.0f} MB, exit {found.code}"
    )


def main() -> None:
    """Print everything."""
    textual = import_seconds()
    frame, flows = start_to(FRAME), start_to(FLOWS)
    print(
        f"import textual {textual:.3f} s; over it: frame {frame - textual:.3f} s, "
        f"flows {flows - textual:.3f} s (medians of 5)"
    )
    for rows in [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        report(rows)


if __name__ == "__main__":
    main()
