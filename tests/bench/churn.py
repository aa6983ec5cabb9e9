"""Whether the screen grows while flows come and go for long."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Iterator
from itertools import count
from threading import Event, Thread

from tests.bench.children import RATOP
from tests.bench.inputs import AbsentError
from tests.bench.screen import Terminal
from tests.bench.tables import Row

MINUTES = float(os.environ.get("RATOP_CHURN_MINUTES", "5"))
TITLE = "Growth"
ABOUT = (
    f"`ratop -i lo` in a pseudo-terminal for {MINUTES:g} minutes, while 200 datagram flows a second come and go, each from "
    "a socket of its own; once a minute the view changes. Resident memory of the process, each minute; what is kept of "
    "the past is full after half an hour."
)
EACH_SECOND = 200
VIEWS = b"123456789r"
SETTLED = 0.6
"""Part of an hour after which nothing is filled any more: at this rate 64 MB of the past last half an hour."""


def rows() -> Iterator[Row]:
    """One run."""
    if os.geteuid() != 0:
        raise AbsentError("not measured: capture needs root")
    over = Event()
    thread = Thread(target=churn, args=(over,), daemon=True)
    thread.start()
    terminal = Terminal([RATOP, "-i", "lo", "--no-state", "--no-config", "udp"])
    try:
        sizes = list(sampled(terminal))
    finally:
        over.set()
        code = terminal.close()
    settled = sizes[int(len(sizes) * SETTLED) :]
    grown = (settled[-1] - settled[0]) / settled[0]
    yield Row("resident when all that is bounded is full", f"{settled[0] / 1e6:.0f} MB", beside=f"exit code {code}")
    yield Row("resident at the end", f"{settled[-1] / 1e6:.0f} MB", beside=f"most {max(sizes) / 1e6:.0f} MB")
    yield Row("growth after that", f"{100 * grown:.1f} %", "≤ 5 %", grown <= 0.05)
    yield Row("CPU", f"{100 * terminal_cpu[-1] / (MINUTES * 60):.1f} %")


terminal_cpu: list[float] = []
"""Seconds of CPU that the screen had used, at each look."""


def sampled(terminal: Terminal) -> Iterator[int]:
    """Resident bytes, each minute; at least six looks."""
    pause = min(60.0, MINUTES * 10)
    for number in range(max(6, int(MINUTES * 60 / pause))):
        until = time.monotonic() + pause
        terminal.press(VIEWS[number % len(VIEWS) : number % len(VIEWS) + 1])
        while time.monotonic() < until:
            terminal.read(1.0)
            terminal.chunks.clear()
        terminal_cpu.append(terminal.cpu())
        size = terminal.usage.memory_info().rss
        print(f"   {number + 1}: {size / 1e6:.1f} MB", file=sys.stderr, flush=True)
        yield size


def churn(over: Event) -> None:
    """So many flows a second, each two datagrams."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sink:
        sink.bind(("127.0.0.1", 0))
        sink.setblocking(False)
        began = time.monotonic()
        for number in count():
            if over.wait(max(0.0, began + number / EACH_SECOND - time.monotonic())):
                return
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
                for _ in range(2):
                    one.sendto(b"x" * 64, sink.getsockname())
            try:
                while True:
                    sink.recv(100)
            except BlockingIOError:
                pass
