"""The screen's figures as rows (`tests.bench.screen` measures them)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench import screen
from tests.bench.tables import Row

TITLE = "The screen"
ABOUT = (
    "In a pseudo-terminal of 160 × 44, the real `view.select` over real rows twice a second, a hundredth of "
    "the rates changing each time. CPU and memory are those of the whole process; first paint counts from the "
    "start of Python, less what importing textual takes (medians of 5)."
)
MANY, SOME = 100_000, 10_000


def rows() -> Iterator[Row]:
    """100,000 flows, then 10,000, then the start."""
    much = screen.figures(MANY, seconds=12, presses=150)
    yield Row("100,000 flows at 2 Hz: CPU", f"{much.cpu:.1f} %", "≤ 15 %", much.cpu <= 15)
    middle, late = much.key(0.5), much.key(0.99)
    yield Row("100,000 flows: key to paint, median", f"{middle:.1f} ms", "≤ 20 ms", middle <= 20)
    yield Row("100,000 flows: key to paint, p99", f"{late:.1f} ms", "≤ 50 ms", late <= 50)
    yield Row("100,000 flows: written a repaint", f"{much.written / 1000:.1f} kB")
    yield Row("100,000 flows: resident", f"{much.resident / 1e6:.0f} MB")
    few = screen.figures(SOME, seconds=4, presses=0)
    yield Row("10,000 flows: resident", f"{few.resident / 1e6:.0f} MB", "≤ 120 MB", few.resident <= 120e6)
    textual = screen.import_seconds()
    over = screen.start_to(screen.FRAME) - textual
    beside = f"import textual: {textual:.2f} s"
    yield Row("first paint, over importing textual", f"{over:.2f} s", "≤ 0.25 s", over <= 0.25, beside)
    yield Row("first flows, over importing textual", f"{screen.start_to(screen.FLOWS) - textual:.2f} s")
