"""What it costs to know owners, how soon they are known, and what nethogs knows of the same traffic."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from ratop_py.events.kernel import Kernel
from ratop_py.kinds import Text
from tests.bench.children import environment, scratch
from tests.bench.inputs import AbsentError
from tests.bench.owners import BURST, BURST_SECONDS, RATE, SECONDS
from tests.bench.tables import Row
from tests.helpers import truth
from tests.helpers.tmux import Tmux, terminal

TITLE = "Knowing owners: cost and delay"
ABOUT = (
    "Cost, while the traffic is made: of the event source alone, asked twice a second (both ends of each connection are "
    "on this machine, so each is told twice), and of all of `ratop print`. Idle: nobody talks in the watched namespace. Delay: a "
    "program sends one datagram; the screen, in a real terminal of 120 x 32 at its 2 repaints a second, and the engine "
    "in this process, asked fifty times a second, are watched until they show its name."
)
IDLE_SECONDS = 20
TRIALS = 40
PORTS = 40_000
ASKED = 0.02


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run."""

    source: float
    """% of a core."""
    whole: float
    lost: int


def rows() -> Iterator[Row]:
    """Cost, delay, nethogs."""
    if os.geteuid() != 0 or not truth.TOOLS.is_dir():
        raise AbsentError("not measured: it needs root, and the traffic generator beside the project")
    yield from costs()
    yield engine_delay()
    yield screen_delay()
    yield beside_nethogs()


# -- cost --------------------------------------------------------------------------------------------------------------


def costs() -> Iterator[Row]:
    """At a thousand connections a second, at a moderate rate, and at none."""
    busy = cost(BURST, BURST_SECONDS, ("tcp-burst",))
    yield Row(f"sources, {BURST:,} connections/s", f"{busy.source:.1f} %", "≤ 5 %", busy.source <= 5, whole(busy))
    some = cost(RATE, SECONDS, ())
    yield Row(f"sources, {RATE} flows/s of all kinds", f"{some.source:.2f} %", beside=whole(some))
    idle = cost(0.001, IDLE_SECONDS, ("tcp-long",))
    yield Row("sources, idle", f"{idle.source:.2f} %", "≤ 0.5 %", idle.source <= 0.5, whole(idle))


def whole(each: Cost) -> str:
    """Of all of ratop."""
    return f"all of ratop {each.whole:.1f} %; lost {each.lost:,}"


class Source:
    """The event source alone, in this process, asked twice a second as the engine does."""

    def __init__(self) -> None:
        self._kernel, self._stop = Kernel(lambda overs, now: None), Event()
        self._kernel.start()
        self._thread = Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        while not self._stop.wait(0.5):
            self._kernel.take()

    @property
    def spent(self) -> float:
        """CPU seconds so far."""
        return self._kernel.health().cost

    def end(self) -> int:
        """Stop it; how many facts were lost."""
        self._stop.set()
        self._thread.join()
        self._kernel.stop()
        return self._kernel.health().dropped


def cost(rate: float, seconds: float, kinds: Sequence[str]) -> Cost:
    """Two runs: the source alone, all of ratop."""
    known, flows = scratch() / "truth.jsonl", scratch() / "owned.jsonl"
    with truth.play(known, rate=rate, seconds=seconds, kinds=kinds) as piece:
        source = Source()
        alone = during(piece, lambda: source.spent)
        lost = source.end()
        piece.end()
    with (
        truth.play(known, rate=rate, seconds=seconds, kinds=kinds) as piece,
        truth.watching(piece.inside(truth.meter("kernel")), flows, env=environment()) as meter,
    ):
        everything = during(piece, lambda: spent(meter.pid))
        piece.end()
    return Cost(alone, everything, lost)


def during(piece: truth.Play, used: Callable[[], float]) -> float:
    """% of a core used while the traffic is made. `used`: CPU seconds so far."""
    piece.begins()
    before, begun = used(), time.monotonic()
    time.sleep(piece.seconds)
    return 100 * (used() - before) / (time.monotonic() - begun)


def spent(pid: int) -> float:
    """CPU seconds of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


# -- delay -------------------------------------------------------------------------------------------------------------

SAY = "import socket, sys, time; s = socket.socket(type=socket.SOCK_DGRAM); t = time.time(); s.sendto(b'x', ('127.0.0.1', int(sys.argv[1]))); print(t)"


def sent(port: int) -> float:
    """A program of a moment sends a datagram to this port; when it did, s."""
    return float(subprocess.run([sys.executable, "-c", SAY, str(port)], capture_output=True, check=True).stdout)


def engine_delay() -> Row:
    """From the packet to an answer with the owner, and whether the flow was ever shown without."""
    from ratop_py.engine.session import Engine
    from ratop_py.engine.settings import Settings
    from ratop_py.view import View

    engine, delays, late = Engine(Settings(interfaces=("lo",), events="kernel")), list[float](), list[float]()
    engine.start()
    try:
        time.sleep(1.5)
        for port in range(PORTS, PORTS + TRIALS):
            began = sent(port)
            shown = 0.0
            while time.time() < began + 5:
                rows = engine.ask(View(filter=f"dst port {port}", fields=("program",)))
                shown = shown or (time.time() if len(rows) else 0.0)
                if shown and word(rows.columns["program"]):
                    delays.append(time.time() - began)
                    late.append(time.time() - shown)
                    break
                time.sleep(ASKED)
            time.sleep(0.037)  # not in step with the tick
    finally:
        engine.stop()
    assert len(delays) == TRIALS
    inside = max(late)
    return Row(
        "in the engine, from being shown to its owner",
        f"{1000 * inside:.0f} ms at most of {TRIALS}",
        "≤ 100 ms",
        inside <= 0.1,
        f"from the first packet: median {statistics.median(delays):.2f} s, most {max(delays):.2f} s (it ticks each 0.5 s)",
    )


def word(column: object) -> str:
    """Of the first row."""
    assert isinstance(column, Text)
    return column.words[int(column.codes[0])]


def screen_delay() -> Row:
    """From the packet to the name on the screen."""
    delays = []
    with terminal(120, 32) as it:
        it.type(f"{sys.executable} -m ratop_py -i lo --events kernel\n")
        it.wait("● live")
        time.sleep(1.5)
        for port in range(PORTS + 1000, PORTS + 1000 + TRIALS):
            began = sent(port)
            while time.time() < began + 5 and not named(it, port):
                time.sleep(ASKED)
            delays.append(time.time() - began)
            time.sleep(0.037)
        it.keys("q")
    most = max(delays)
    told = f"median {statistics.median(delays):.2f} s, most {most:.2f} s of {TRIALS}"
    return Row("on the screen, from the first packet", told, "≤ 1 s", most <= 1)


def named(it: Tmux, port: int) -> bool:
    """The row of this port names a program."""
    return any(str(port) in line.split() and "python" in line for line in it.seen().splitlines())


# -- a peer ------------------------------------------------------------------------------------------------------------


def beside_nethogs() -> Row:
    """Processes that talked, and those that were named: nethogs tells no flows."""
    program = shutil.which("nethogs")
    if program is None:
        return Row("processes named", "not measured: nethogs is not installed")
    known, flows, said = scratch() / "truth.jsonl", scratch() / "owned.jsonl", scratch() / "nethogs.txt"
    with (
        truth.play(known, rate=RATE, seconds=SECONDS) as piece,
        truth.watching(piece.inside(truth.meter("kernel")), flows, env=environment()),
        said.open("wb") as out,
        subprocess.Popen(
            piece.inside([program, "-t", "-d", "1", "tg-up"]), stdout=out, stderr=subprocess.DEVNULL
        ) as hogs,
    ):
        piece.end()
        hogs.terminate()
    told = [json.loads(line) for line in known.read_text().splitlines()]
    true = {each["pid"] for each in told if each["ns"] == "host"}
    ours = {each[name] for each in map(json.loads, flows.read_text().splitlines()) for name in ("spid", "dpid")} - {
        None
    }
    theirs = {int(pid) for pid in re.findall(r"/(\d+)/\d+\t", said.read_text(errors="replace"))} - {0}
    version = subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stdout.strip()
    return Row(
        f"processes named, of {len(true):,} that talked",
        f"{len(ours & true):,}",
        beside=f"nethogs {version.removeprefix('version ')}: {len(theirs & true):,}",
    )
