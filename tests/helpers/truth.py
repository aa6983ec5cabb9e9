"""Traffic whose owners are known, made by the generator beside this project, and what a meter tells of it, judged.

The generator names its network namespaces; it runs in a mount namespace of its own, so names that another run left, or
uses now, do not meet its own, and none of them outlives it. Needs root, iproute2, util-linux and ../shared.
"""

from __future__ import annotations

import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT.parent / "shared" / "tools"
HOST = "tg-host"
PRIVATE = 'mkdir -p /run/netns && mount -t tmpfs none /run/netns && exec "$@"'
FIELDS = "stime,ltime,proto,saddr,sport,daddr,dport,pid,user,program,owner,ownerwhy,spid,suser,sprog,duser,dpid,dprog"
"""What the scorer reads."""
SETTLE = 1.5
"""Seconds until the interfaces of a new namespace are up."""
WARMUP = 6
"""Seconds in which a meter may start."""
PATIENCE = 90.0
"""Seconds that a run may take longer than its traffic."""


@dataclass(frozen=True, slots=True)
class Play:
    """A piece of traffic under way."""

    generator: subprocess.Popen[bytes]
    truth: Path
    seconds: float
    begins_at: float
    """When the first talk begins, monotonic s."""

    def inside(self, command: Sequence[str]) -> list[str]:
        """The command in the namespace of the watched host, as that host's root."""
        there = ["nsenter", f"--mount=/proc/{self.generator.pid}/ns/mnt", f"--wd={ROOT}"]
        return [*there, "ip", "netns", "exec", HOST, *command]

    def begins(self) -> None:
        """Wait until there is something to see."""
        time.sleep(max(0.0, self.begins_at - time.monotonic()))

    def end(self) -> None:
        """Wait until all has been played."""
        code = self.generator.wait(self.seconds + PATIENCE)
        assert code == 0, f"the generator ended with {code}"


@contextlib.contextmanager
def play(truth: Path, *, rate: float, seconds: float, seed: int = 12, kinds: Sequence[str] = ()) -> Iterator[Play]:
    """Begin; there is time for a meter to start. `kinds`: all, if none is named."""
    words = [sys.executable, str(TOOLS / "truthgen.py"), "--out", str(truth), "--rate", str(rate), "--seed", str(seed)]
    words += ["--duration", str(seconds), "--warmup", str(WARMUP), *(("--kinds", *kinds) if kinds else ())]
    private = ["unshare", "--mount", "sh", "-c", PRIVATE, "sh", *words]
    with subprocess.Popen(private, stdout=subprocess.PIPE) as generator:
        try:
            assert generator.stdout is not None
            assert generator.stdout.readline(), "the generator made no namespaces"
            begins = time.monotonic() + WARMUP
            time.sleep(SETTLE)
            yield Play(generator, truth, seconds, begins)
        finally:
            if generator.poll() is None:
                generator.terminate()  # it takes its namespaces down
                generator.wait(PATIENCE)


def meter(events: str, *more: str, fields: str = FIELDS) -> list[str]:
    """The command that watches and writes JSON lines until SIGINT."""
    command = [sys.executable, "-m", "ratop_py", "print", "-i", "any", "--format", "jsonl", "--interval", "1"]
    return [*command, "--events", events, "-s", fields, *more]


@contextlib.contextmanager
def watching(
    command: Sequence[str], flows: Path, env: Mapping[str, str] | None = None, words: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A meter at work; in the end it is told to stop, and must end well."""
    with flows.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=words, env=env, cwd=ROOT) as watch:
        try:
            yield watch
            watch.send_signal(signal.SIGINT)
            assert watch.wait(20) == 0
        finally:
            if watch.poll() is None:
                watch.kill()


Counts = tuple[int, int, int, int, int, int]
"""Flows, right, kin (another worker of the right server), wrong, unknown, missed."""


def scored(truth: Path, flows: Path) -> dict[str, Counts]:
    """The scorer's table: kind → its counts; `all` is their sum."""
    score = [sys.executable, str(TOOLS / "score_attribution.py"), str(truth), str(flows)]
    text = subprocess.run(score, capture_output=True, text=True, check=True).stdout
    lines = (re.match(r"(\S+)((?:\s+\d+){6})\s", line) for line in text.splitlines())
    found: dict[str, Counts] = {}
    for line in filter(None, lines):
        flows_, right, kin, wrong, unknown, missed = map(int, line[2].split())
        found[line[1]] = (flows_, right, kin, wrong, unknown, missed)
    return found


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of traffic, and who watches it."""

    events: str
    rate: float
    seconds: float
    capabilities: str = ""
    """Only these; empty: all."""
    beside: Sequence[str] = ()
    """A command that runs meanwhile, and is killed in the end."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a job."""

    kinds: dict[str, Counts]
    lost: int
    """Facts and records that the source says it lost."""
    mistaken: int = 0
    """Flows with another owner than theirs, found by their ends and their time: the judge takes two flows for one another
    that had the same ports within a second."""

    @property
    def all(self) -> Counts:
        """Of all kinds together."""
        return self.kinds["all"]


def run(folder: Path, job: Job) -> Judged:
    """Play it, watch it, judge it."""
    known, flows, words = folder / "truth.jsonl", folder / "flows.jsonl", folder / "words.txt"
    command = meter(job.events, "--summary")
    command = limited(job.capabilities, command) if job.capabilities else command
    with contextlib.ExitStack() as stack:
        piece = stack.enter_context(play(known, rate=job.rate, seconds=job.seconds))
        said = stack.enter_context(words.open("wb"))
        stack.enter_context(watching(piece.inside(command), flows, words=said))
        if job.beside:
            meanwhile = stack.enter_context(subprocess.Popen(job.beside))
            stack.callback(meanwhile.kill)
        piece.end()
    told = re.findall(r"told [\d,]+, lost ([\d,]+)", words.read_text())
    assert told, words.read_text()
    return Judged(scored(known, flows), sum(int(each.replace(",", "")) for each in told), mistaken(known, flows))


NEAR = 0.3
"""Seconds between what a program says of its flow and what was seen of it."""


def mistaken(known: Path, flows: Path) -> int:
    """Flows that were given to another process than theirs, by ends and time."""
    seen: dict[tuple[str, frozenset[tuple[str, int]]], list[dict[str, Any]]] = {}
    for line in flows.read_text().splitlines():
        flow = json.loads(line)
        seen.setdefault(_ends(flow), []).append(flow)
    return sum(
        _other(true, flow)
        for true in map(json.loads, known.read_text().splitlines())
        for flow in seen.get(_ends(true), ())
    )


def _ends(one: Mapping[str, Any]) -> tuple[str, frozenset[tuple[str, int]]]:
    return one["proto"], frozenset({(one["saddr"], one["sport"]), (one["daddr"], one["dport"])})


def _other(true: Mapping[str, Any], flow: Mapping[str, Any]) -> bool:
    """It is this flow, and another process was named."""
    if not true["time"] - NEAR <= float(flow["stime"]) <= true["until"] + NEAR:
        return False
    same = (true["saddr"], true["sport"]) == (flow["saddr"], flow["sport"])
    named = flow["spid"] if (true["side"] == "src") == same else flow["dpid"]
    return bool(named) and named not in {pid for pid, _ in true["owners"]}


def together(folder: Path, jobs: Mapping[str, Job]) -> dict[str, Judged]:
    """All of them at the same time: each has its own namespaces, and mostly they wait."""
    folders = {name: folder / name for name in jobs}
    for each in folders.values():
        each.mkdir()
    with ThreadPoolExecutor(len(jobs)) as pool:
        running = {name: pool.submit(run, folders[name], job) for name, job in jobs.items()}
        return {name: each.result() for name, each in running.items()}


def limited(capabilities: str, command: Sequence[str]) -> list[str]:
    """The command with these capabilities alone (`+net_raw,+bpf`); below /sys of the namespace cgroup2 is mounted."""
    allowed = f"-all,{capabilities}"
    few = ["setpriv", f"--inh-caps={allowed}", f"--bounding-set={allowed}"]
    return ["sh", "-c", 'mount -t cgroup2 none /sys/fs/cgroup; exec "$@"', "sh", *few, *command]
