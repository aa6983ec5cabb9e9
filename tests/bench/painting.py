"""The screen's figures as rows (`tests.bench.screen` measures them)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from tests.bench import screen
from tests.bench.figures import in_turn, spread
from tests.bench.tables import Row

TITLE = "The screen"
ABOUT = (
    "In a pseudo-terminal of 160 × 44, the real `view.select` over real rows twice a second, a hundredth of "
    "the rates changing each time. CPU and memory are those of the whole process; first paint counts from the "
    "start of Python, less what importing textual takes (nine pairs in turn)."
)
MANY, SOME = 100_000, 10_000

STARTS = 9


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
    for what, wanted, goal in (("first paint", screen.FRAME, 0.25), ("first flows", screen.FLOWS, None)):
        began, imported = in_turn(partial(screen.start_to, wanted), screen.import_seconds, STARTS)
        over = spread(start - alone for start, alone in zip(began, imported, strict=True))
        yield Row(
            f"{what}, over importing textual",
            over.words(" s", 2),
            f"≤ {goal} s" if goal else "–",
            over.middle <= goal if goal else None,
            f"import textual: {spread(imported).words(' s', 2)}",
        )
