"""How many flows get their true owner, source by source: the same piece of traffic, its owners known, for each."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.children import ROOT, environment, scratch
from tests.bench.inputs import AbsentError
from tests.bench.tables import Row

TITLE = "Owners"
ABOUT = (
    "Traffic of known owners in network namespaces, 29 kinds of connection, seed 12, both ends judged; the same piece "
    "for each source, one after the other: right / wrong / unknown. Kin: another worker of the right server. CPU: of "
    "the whole `ratop print` in the seconds of the traffic, its start not counted."
)
TOOLS = ROOT.parent / "shared" / "tools"
FIELDS = "stime,ltime,proto,saddr,sport,daddr,dport,pid,user,program,owner,ownerwhy,spid,suser,sprog,duser,dpid,dprog"
RATE, SECONDS = 40, 30
BURST, BURST_SECONDS = 1000, 12
SOURCES = ("kernel", "diag:0.2s", "lsof:1s")
SETTLE = 3.0
"""Seconds between the start of the meter and the first look at its CPU."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one run gave: kind → (flows, right, kin, wrong, unknown, missed)."""

    kinds: dict[str, tuple[int, ...]]
    cpu: float

    def words(self, kind: str) -> str:
        """right / wrong / unknown."""
        flows, right, kin, wrong, unknown, _ = self.kinds.get(kind, (0,) * 6)
        return f"{100 * right / max(1, flows):.1f} % / {wrong + kin} / {unknown} of {flows:,}"


def rows() -> Iterator[Row]:
    """All sources, then a busy server."""
    if os.geteuid() != 0 or not TOOLS.is_dir():
        raise AbsentError("not measured: it needs root, and the traffic generator beside the project")
    scores = {source: played(source, RATE, SECONDS, ()) for source in SOURCES}
    best = scores[SOURCES[0]]
    for kind in sorted(best.kinds):
        beside = "; ".join(f"{source} {scores[source].words(kind)}" for source in SOURCES[1:])
        right, wrong = best.kinds[kind][1], best.kinds[kind][3]
        whole = kind == "all"
        met = (wrong == 0 and right >= 0.999 * (best.kinds[kind][0] - best.kinds[kind][5])) if whole else None
        yield Row(f"{kind}, {RATE}/s, kernel", best.words(kind), "≥ 99.9 %, 0 wrong" if whole else "–", met, beside)
    yield Row(
        f"CPU at {RATE}/s", f"{best.cpu:.1f} %", beside="; ".join(f"{s} {scores[s].cpu:.1f} %" for s in SOURCES[1:])
    )
    burst = played("kernel", BURST, BURST_SECONDS, ("tcp-burst",))
    flows, right, _, wrong, _, missed = burst.kinds["all"]
    met = wrong == 0 and right >= 0.999 * (flows - missed)
    yield Row(f"{BURST:,} connections a second, kernel", burst.words("all"), "≥ 99.9 %, 0 wrong", met)
    yield Row(f"CPU at {BURST:,}/s, all of ratop", f"{burst.cpu:.1f} %")


def played(source: str, rate: int, seconds: int, kinds: Sequence[str]) -> Score:
    """One run."""
    truth, flows = scratch() / "truth.jsonl", scratch() / "owned.jsonl"
    play = [sys.executable, str(TOOLS / "truthgen.py"), "--out", str(truth), "--rate", str(rate), "--seed", "12"]
    play += ["--duration", str(seconds), "--warmup", "6", *(("--kinds", *kinds) if kinds else ())]
    generator = subprocess.Popen(play, stdout=subprocess.DEVNULL)
    wait_for_host()
    command = [sys.executable, "-m", "ratop_py", "print", "-i", "any", "--format", "jsonl", "--interval", "1"]
    command += ["--events", source, "-s", FIELDS]
    with flows.open("wb") as out:
        meter = subprocess.Popen(["ip", "netns", "exec", "tg-host", *command], stdout=out, env=environment(), cwd=ROOT)
    time.sleep(SETTLE)
    before, begun = spent(meter.pid), time.monotonic()
    generator.wait(seconds + 90)
    cpu = 100 * (spent(meter.pid) - before) / (time.monotonic() - begun)
    meter.send_signal(signal.SIGINT)
    meter.wait(20)
    score = [sys.executable, str(TOOLS / "score_attribution.py"), str(truth), str(flows)]
    return Score(parsed(subprocess.run(score, capture_output=True, text=True, check=True).stdout), cpu)


def wait_for_host() -> None:
    """Until the namespace of the watched host is there, and its interfaces."""
    until = time.monotonic() + 15
    while "tg-host" not in subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True).stdout:
        if time.monotonic() > until:
            raise AbsentError("not measured: the traffic generator made no namespace")
        time.sleep(0.1)
    time.sleep(1.5)


def spent(pid: int) -> float:
    """CPU seconds of a process and the children it waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def parsed(text: str) -> dict[str, tuple[int, ...]]:
    """The scorer's table: kind → its six counts."""
    found = (re.match(r"(\S+)((?:\s+\d+){6})\s", line) for line in text.splitlines())
    return {each[1]: tuple(map(int, each[2].split())) for each in found if each}
