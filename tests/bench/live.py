"""A veth pair between two network namespaces, a sender, and one meter at a time in the receiving one.

The pair and the sender are those of the load generator; nothing leaves them.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.children import RATOP, environment, scratch
from tests.bench.figures import Spread, spread
from tests.bench.inputs import WIRE, AbsentError, load_generator, made
from tests.bench.tables import Row

TITLE = "Live on a veth pair"
ABOUT = (
    "Whole frames of 8,000 flows sent evenly for 3 s, five times (the screen: twice), the meters in turn. CPU: "
    "user and system time of the meter and its children, lsof among them, while the load ran. Lost: frames "
    "sent less packets the meter says it saw, all runs together. The engine asked as the screen asks: 50 rows "
    "by rate, twice a second, nothing drawn. The screen: `ratop` in a pseudo-terminal. Argus writes its "
    "records to /dev/null and does not say what it lost."
)
RATES = ((200_000, 10.0), (20_000, 2.0))
RUNS, FEWER, SECONDS, SETTLE = 5, 2, 3.0, 0.2
PRINT, ASK, SCREEN, ARGUS = "`ratop print -i`", "the engine, asked twice a second", "the screen", "argus"
COMMANDS = {
    PRINT: [RATOP, "print", "-i", "{iface}", "--format", "jsonl", "--summary"],
    ASK: [sys.executable, "-m", "tests.bench.asking", "{iface}"],
    SCREEN: [sys.executable, "-m", "tests.bench.watching", RATOP, "-i", "{iface}"],
    ARGUS: ["argus", "-i", "{iface}", "-w", "/dev/null"],
}


@dataclass(frozen=True, slots=True)
class Load:
    """One run of one meter."""

    sent: int
    seen: int | None
    """None: it does not tell."""
    cpu: float
    """Percent of a core."""


def rows() -> Iterator[Row]:
    """Every meter at every rate."""
    if os.geteuid() != 0:
        raise AbsentError("not measured: network namespaces need root")
    loadgen = load_generator()
    frames = loadgen.Frames(made("wire", *WIRE).path)
    meters = [name for name in COMMANDS if name != ARGUS or shutil.which(ARGUS)]
    with loadgen.Pair() as pair:
        for pps, goal in RATES:
            taken: dict[str, list[Load]] = {name: [] for name in meters}
            for number in range(RUNS):
                for name in meters if number < FEWER else [each for each in meters if each != SCREEN]:
                    taken[name].append(one(loadgen, pair, frames, pps, COMMANDS[name]))
            yield from told(f"{pps // 1000} kpps", goal, taken)


def told(rate: str, goal: float, taken: dict[str, list[Load]]) -> Iterator[Row]:
    """What came of one rate."""
    beside = share(taken[ARGUS]).words(" %", 1) if ARGUS in taken else "not installed"
    for name, loads in taken.items():
        used = share(loads)
        if name in (PRINT, ASK):
            yield Row(
                f"{rate}, {name}: CPU", used.words(" %", 1), f"≤ {goal:g} %", used.middle <= goal, f"argus {beside}"
            )
            lost = sum(load.sent - (load.seen or 0) for load in loads)
            sent = sum(load.sent for load in loads)
            yield Row(f"{rate}, {name}: lost", f"{lost:,} of {sent:,}", "0", lost == 0)
        elif name == SCREEN:
            yield Row(f"{rate}, {name}: CPU", used.words(" %", 1))


def share(loads: Sequence[Load]) -> Spread:
    """CPU of several runs."""
    return spread(load.cpu for load in loads)


def one(loadgen: Any, pair: Any, frames: Any, pps: float, command: list[str]) -> Load:
    """One load with one meter listening."""
    with open(scratch() / "live.txt", "w+b") as words:
        told = loadgen.measure(
            pair, frames, pps, SECONDS, command, SETTLE, stdout=output(command, words), stderr=words, env=environment()
        )
        words.seek(0)
        said = words.read().decode("utf-8", "replace")
    if "error" in told:
        raise AbsentError(f"not measured: {told['error']}: {said.strip()[-300:]}")
    return Load(told["sent"], seen(said), told["cpu_percent"])


def output(command: list[str], words: Any) -> Any:
    """`asking` prints its counters; what the others print is not kept."""
    import subprocess

    return words if "tests.bench.asking" in command else subprocess.DEVNULL


def seen(said: str) -> int | None:
    """Packets that the meter says it saw."""
    if found := re.search(r"^ratop: packets\s+([\d,]+)", said, re.MULTILINE):
        return int(found.group(1).replace(",", ""))
    if found := re.search(r'^\{"packets".*\}$', said, re.MULTILINE):
        return int(json.loads(found.group())["packets"])
    return None
