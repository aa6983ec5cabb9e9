"""How long a person waits for the door to open. Bytecode is cached, as in an installed package."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from tests.bench.children import RATOP, run
from tests.bench.figures import Spread, in_turn, spread
from tests.bench.inputs import small
from tests.bench.tables import Row

TITLE = "Start"
ABOUT = (
    "Whole processes, from start to end, ten runs each in turn with what stands beside them; small.pcap holds "
    "100 packets."
)
RUNS = 10


def rows() -> Iterator[Row]:
    """Help, a small file, the demo's door."""
    nothing = [sys.executable, "-c", "pass"]
    numpy = [sys.executable, "-c", "import numpy"]
    yield row("ratop --help", [RATOP, "--help"], 150, "python -c pass", nothing)
    yield row("ratop print -r small.pcap", [RATOP, "print", "-r", str(small())], 300, "import numpy", numpy)


def row(what: str, command: Sequence[str], goal: int, known: str, beside: Sequence[str]) -> Row:
    """A command's milliseconds, and those of something known."""
    run(command)
    run(beside)
    mine, theirs = in_turn(lambda: run(command).seconds, lambda: run(beside).seconds, RUNS)
    taken = milliseconds(mine)
    words = f"{known}: {milliseconds(theirs).words(' ms', 0)}"
    return Row(f"`{what}`", taken.words(" ms", 0), f"≤ {goal} ms", taken.middle <= goal, words)


def milliseconds(values: Sequence[float]) -> Spread:
    """Of seconds."""
    return spread(1000 * each for each in values)
