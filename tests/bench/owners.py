"""How many flows get their true owner, source by source: the same piece of traffic, its owners known, for each."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import environment, scratch
from tests.bench.inputs import AbsentError
from tests.bench.tables import Row
from tests.helpers import truth
from tests.helpers.truth import Counts

TITLE = "Owners"
ABOUT = (
    "Traffic of known owners in network namespaces, 29 kinds of connection, seed 12, both ends judged; the same piece "
    "for each source, one after the other: right / wrong / unknown. Kin: another worker of the right server. CPU: of "
    "the whole `ratop print` in the seconds of the traffic, its start not counted."
)
RATE, SECONDS = 100, 30
BURST, BURST_SECONDS = 1000, 12
SOURCES = ("kernel", "tracefs", "diag:0.5s", "lsof:1s")
SETTLE = 3.0
"""Seconds between the start of the meter and the first look at its CPU."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one run gave: kind → (flows, right, kin, wrong, unknown, missed)."""

    kinds: dict[str, Counts]
    cpu: float
    echoes: tuple[int, int]
    """Pings whose owner is right, of all, found by their identifier."""

    def words(self, kind: str) -> str:
        """right / wrong / unknown."""
        flows, right, kin, wrong, unknown, _ = self.kinds.get(kind, (0, 0, 0, 0, 0, 0))
        return f"{100 * right / max(1, flows):.1f} % / {wrong + kin} / {unknown} of {flows:,}"


def rows() -> Iterator[Row]:
    """All sources, then a busy server."""
    if os.geteuid() != 0 or not truth.TOOLS.is_dir():
        raise AbsentError("not measured: it needs root, and the traffic generator beside the project")
    scores = {source: played(source, RATE, SECONDS, ()) for source in SOURCES}
    best = scores[SOURCES[0]]
    for kind in sorted(best.kinds):
        beside = "; ".join(f"{source} {scores[source].words(kind)}" for source in SOURCES[1:])
        right, wrong = best.kinds[kind][1], best.kinds[kind][3]
        whole = kind == "all"
        met = (wrong == 0 and right >= 0.999 * (best.kinds[kind][0] - best.kinds[kind][5])) if whole else None
        yield Row(f"{kind}, {RATE}/s, kernel", best.words(kind), "≥ 99.9 %, 0 wrong" if whole else "–", met, beside)
    right, of = best.echoes
    yield Row(
        f"pings by their identifier, {RATE}/s, kernel",
        f"{right} right of {of}",
        beside="the judge has only addresses and time",
    )
    yield Row(
        f"CPU at {RATE}/s", f"{best.cpu:.1f} %", beside="; ".join(f"{s} {scores[s].cpu:.1f} %" for s in SOURCES[1:])
    )
    bursts = {source: played(source, BURST, BURST_SECONDS, ("tcp-burst",)) for source in SOURCES}
    burst = bursts[SOURCES[0]]
    flows, right, _, wrong, _, missed = burst.kinds["all"]
    met = wrong == 0 and right >= 0.999 * (flows - missed)
    beside = "; ".join(f"{source} {bursts[source].words('all')}" for source in SOURCES[1:])
    yield Row(f"{BURST:,} connections a second, kernel", burst.words("all"), "≥ 99.9 %, 0 wrong", met, beside)
    beside = "; ".join(f"{source} {bursts[source].cpu:.1f} %" for source in SOURCES[1:])
    yield Row(f"CPU at {BURST:,}/s, all of ratop", f"{burst.cpu:.1f} %", beside=beside)


def played(source: str, rate: int, seconds: int, kinds: Sequence[str]) -> Score:
    """One run."""
    known, flows = scratch() / "truth.jsonl", scratch() / "owned.jsonl"
    with (
        truth.play(known, rate=rate, seconds=seconds, kinds=kinds) as piece,
        truth.watching(piece.inside(truth.meter(source)), flows, env=environment()) as meter,
    ):
        time.sleep(SETTLE)
        before, begun = spent(meter.pid), time.monotonic()
        piece.end()
        cpu = 100 * (spent(meter.pid) - before) / (time.monotonic() - begun)
    return Score(truth.scored(known, flows), cpu, echoes(known, flows))


def echoes(truth_file: Path, flows_file: Path) -> tuple[int, int]:
    """The judge finds pings by addresses and time: of two to the same address at once it may take the other one. They
    have identifiers."""
    told = [json.loads(line) for line in flows_file.read_text().splitlines()]
    owners = {(each["saddr"], each["daddr"], each["sport"]): each["pid"] for each in told if each["proto"] == "icmp"}
    lines = [json.loads(line) for line in truth_file.read_text().splitlines()]
    pings = [each for each in lines if each["how"].startswith("icmp")]
    right = [
        owners.get((each["saddr"], each["daddr"], each["sport"])) in {pid for pid, _ in each["owners"]}
        for each in pings
    ]
    return sum(right), len(right)


def spent(pid: int) -> float:
    """CPU seconds of a process and the children it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
