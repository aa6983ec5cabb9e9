"""Parquet, and the packets of flows: what each takes beyond reading the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bench.children import RATOP, Ran, run, scratch
from tests.bench.inputs import Made, made
from tests.bench.tables import Row

TITLE = "Taking things away"
ABOUT = (
    "`ratop print -o FILE`, from start to end, of a file: Parquet of many.pcap (4 M packets, 1,000,000 flows, the thirty "
    "usual fields), pcapng of mix.pcap (5 M packets, 200,000 flows). Beside it the same flows as JSON lines."
)


def rows() -> Iterator[Row]:
    """Rows, then packets."""
    yield from _rows("parquet", made("many"), "Parquet of a million flows")
    yield from _rows("pcapng", made("mix"), "packets of all flows", "")
    yield from _rows("pcapng", made("mix"), "packets of the UDP flows", "udp")


def _rows(name: str, capture: Made, what: str, filter_: str = "") -> Iterator[Row]:
    mine, size = written(name, capture, filter_)
    theirs, other = written("jsonl", capture, filter_)
    yield Row(what, f"{mine.seconds:.1f} s", beside=f"{theirs.seconds:.1f} s")
    yield Row("… CPU seconds", f"{mine.cpu:.1f} s", beside=f"{theirs.cpu:.1f} s")
    yield Row("… peak resident", f"{mine.resident / 1e6:,.0f} MB", beside=f"{theirs.resident / 1e6:,.0f} MB")
    yield Row("… size of the file", f"{size / 1e6:,.0f} MB", beside=f"{other / 1e6:,.0f} MB")
    if name == "pcapng":
        looked = capture.truth["packets"] / max(mine.seconds - theirs.seconds, 0.01) / 1e3
        yield Row("… packets looked at a second", f"{looked:,.0f} k")


def written(name: str, capture: Made, filter_: str) -> tuple[Ran, int]:
    """(run, bytes of the file)."""
    path: Path = scratch() / f"export.{name}"
    path.unlink(missing_ok=True)
    try:
        words = [RATOP, "print", "-r", str(capture.path), "--format", name, "-o", str(path), *filter_.split()]
        return run(words), path.stat().st_size
    finally:
        path.unlink(missing_ok=True)
