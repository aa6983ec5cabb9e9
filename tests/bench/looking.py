"""What a look costs: every view over many rows, and keys while packets arrive."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.bench.children import RATOP, environment, scratch
from tests.bench.figures import Spread, spread
from tests.bench.inputs import WIRE, AbsentError, load_generator, made
from tests.bench.tables import Row

TITLE = "Looking"
ABOUT = (
    "Refresh: the question to `view.select` over so many flows, and the drawing of a table of 160 × 44, in this "
    "process, nine times; every answer is of flows that changed. Keys: `ratop` in a pseudo-terminal on a veth pair over "
    "which whole frames of 8,000 flows come evenly, three runs of 3 s; from a key to the first byte of what it paints."
)
COUNTS = (10_000, 100_000, 1_000_000)
GOALS = {(100_000, "flows"): 20.0, (1_000_000, "flows"): 100.0}
VIEWS = ("flows", "programs", "hosts", "tree", "rates")
RUNS, LOADS, PPS, SECONDS, SETTLE = 9, 3, 200_000, 3.0, 2.0


@dataclass(frozen=True, slots=True)
class Refresh:
    """Milliseconds."""

    asked: Spread
    drawn: Spread


def rows() -> Iterator[Row]:
    """Views, then keys."""
    for count in COUNTS:
        for name, taken in asyncio.run(refreshes(count)).items():
            both = taken.asked.middle + taken.drawn.middle
            goal = GOALS.get((count, name))
            yield Row(
                f"{count:,} flows, view {name}: refresh",
                f"{both:.1f} ms",
                f"≤ {goal:g} ms" if goal else "–",
                both <= goal if goal else None,
                f"question {taken.asked.words(' ms', 1)}, drawing {taken.drawn.words(' ms', 1)}",
            )
    yield from keys()


async def refreshes(count: int) -> dict[str, Refresh]:
    """Each view over so many flows."""
    from ratop_py.tui import asking
    from ratop_py.tui.app import RatopApp
    from ratop_py.tui.options import Options
    from tests.helpers.flowsfeed import FlowsFeed

    feed, found = FlowsFeed(count), {}
    app = RatopApp(feed, Options(rate=0.1, command="ratop"), "dark")
    async with app.run_test(size=(160, 44)) as pilot:
        for name in VIEWS:
            app.do(f"view-{name}")
            await pilot.pause(0.2)
            asked, drawn = [], []
            for _ in range(RUNS):
                begun = time.perf_counter()
                snapshot = feed.ask(asking.view(app))
                between = time.perf_counter()
                app.table.show(snapshot)
                app.table.repaint()
                asked.append((between - begun) * 1000)
                drawn.append((time.perf_counter() - between) * 1000)
            found[name] = Refresh(spread(asked), spread(drawn))
    return found


def keys() -> Iterator[Row]:
    """Pressed while packets arrive."""
    if os.geteuid() != 0:
        raise AbsentError("keys under load: network namespaces need root")
    loadgen = load_generator()
    frames = loadgen.Frames(made("wire", *WIRE).path)
    taken: list[float] = []
    with loadgen.Pair() as pair:
        for _ in range(LOADS):
            taken += pressed(loadgen, pair, frames)
    taken.sort()
    late = 1000 * taken[min(len(taken) - 1, int(0.99 * len(taken)))]
    middle = 1000 * taken[len(taken) // 2]
    yield Row(f"{PPS // 1000} kpps: key to paint, median", f"{middle:.1f} ms", beside=f"{len(taken)} keys")
    yield Row(f"{PPS // 1000} kpps: key to paint, p99", f"{late:.1f} ms", "≤ 50 ms", late <= 50)


def pressed(loadgen: Any, pair: Any, frames: Any) -> list[float]:
    """One load."""
    command = [sys.executable, "-m", "tests.bench.pressing", RATOP, "-i", "{iface}", "--no-state", "--no-config"]
    with open(scratch() / "pressing.txt", "w+b") as words:
        told = loadgen.measure(
            pair, frames, PPS, SECONDS, command, SETTLE, stdout=words, stderr=words, env=environment()
        )
        words.seek(0)
        said = words.read().decode("utf-8", "replace").strip()
    if "error" in told or not said.startswith("{"):
        raise AbsentError(f"not measured: {told.get('error', '')}: {said[-300:]}")
    return [float(each) for each in json.loads(said)["keys"]]
