"""A million flows: what stays resident, and whether all of them come out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench.children import RATOP, Ran, run, scratch
from tests.bench.inputs import Made, made
from tests.bench.tables import Row

TITLE = "A million flows"
ABOUT = (
    "`ratop print -r many.pcap --format jsonl`: 4 M packets, 1,000,000 flows. Peak resident memory as the "
    "kernel counts it (`ru_maxrss`, pages of the mapped file included). Beside it argus, the larger of `argus "
    "| racluster`, one run each."
)
LIMIT = 400
PACKETS = re.compile(rb'"[sd]pkts":(\d+)')


def rows() -> Iterator[Row]:
    """Memory, then losses."""
    capture = made("many")
    mine, flows, packets = ours(capture)
    theirs, records = argus(capture) if shutil.which("argus") and shutil.which("racluster") else (None, 0)
    beside = f"{theirs.resident / 1e6:,.0f} MB" if theirs else "not installed"
    peak = mine.resident / 1e6
    yield Row("peak resident", f"{peak:,.0f} MB", f"≤ {LIMIT} MB", peak <= LIMIT, beside)
    truth = capture.truth
    beside = f"{records:,}" if theirs else "not installed"
    yield Row("flows written", f"{flows:,}", f"{truth['flows']:,}", flows == truth["flows"], beside)
    yield Row("packets in them", f"{packets:,}", f"{truth['packets']:,}", packets == truth["packets"])
    yield Row("seconds", f"{mine.seconds:.1f} s", beside=f"{theirs.seconds:.1f} s" if theirs else "not installed")


def ours(capture: Made) -> tuple[Ran, int, int]:
    """(run, flows, packets) of our command."""
    path = scratch() / "many.jsonl"
    try:
        with path.open("wb") as out:
            ran = run([RATOP, "print", "-r", str(capture.path), "--format", "jsonl"], out=out)
        return ran, *counted(path)
    finally:
        path.unlink(missing_ok=True)


def counted(path: Path) -> tuple[int, int]:
    """(lines, packets) of a file of JSON lines."""
    lines = packets = 0
    with path.open("rb") as file:
        while chunk := file.readlines(1 << 22):
            lines += len(chunk)
            packets += sum(map(int, PACKETS.findall(b"".join(chunk))))
    return lines, packets


def argus(capture: Made) -> tuple[Ran, int]:
    """(run, merged records) of the peer's pair."""
    path = scratch() / "many.txt"
    try:
        with path.open("wb") as out:
            reader = ["racluster", "-L", "-1", "-n", "-r", "-", "-s", "saddr"]
            ran = run(["argus", "-r", str(capture.path), "-w", "-"], reader, out=out)
        with path.open("rb") as file:
            return ran, sum(1 for _ in file)
    finally:
        path.unlink(missing_ok=True)
