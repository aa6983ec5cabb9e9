"""A capture to JSON lines, the whole command, beside `argus | racluster`.

Argus's pair writes its records to /dev/null unread; ours writes every flow as JSON.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from tests.bench.children import RATOP, Ran, run
from tests.bench.figures import RUNS, Spread, in_turn, spread
from tests.bench.inputs import Made, made
from tests.bench.tables import Row

TITLE = "A file to JSON lines"
ABOUT = (
    "`ratop print -r mix.pcap --format jsonl`, from start to end, written to /dev/null; 5 M packets, 200,000 "
    "flows, Community IDs included. Beside it `argus -r mix.pcap -w - | racluster -r - -w /dev/null`."
)
TIMES, AIM = 3.0, 3.8


def rows() -> Iterator[Row]:
    """Speed alone, then beside the peer."""
    capture = made("mix")
    if not shutil.which("argus") or not shutil.which("racluster"):
        yield speed(capture, [ours(capture) for _ in range(RUNS)])
        yield Row("times the speed of argus + racluster", "not measured: argus is not installed", f"≥ {TIMES:g}")
        return
    mine, theirs = in_turn(lambda: ours(capture), lambda: argus(capture))
    yield speed(capture, mine, theirs)
    ratio = spread(b.seconds / a.seconds for a, b in zip(mine, theirs, strict=True))
    yield Row("times the speed of argus + racluster", ratio.words(), f"≥ {TIMES:g}", ratio.middle >= TIMES)
    work = spread(b.cpu / a.cpu for a, b in zip(mine, theirs, strict=True))
    yield Row("times less CPU", work.words(), beside=spread(each.cpu for each in theirs).words(" s"))


def speed(capture: Made, mine: list[Ran], theirs: list[Ran] | None = None) -> Row:
    """Packets a second."""
    rate = mpps(capture, mine)
    beside = mpps(capture, theirs).words(" Mpps") if theirs else "–"
    return Row("packets a second", rate.words(" Mpps"), f"aim {AIM} Mpps", rate.middle >= AIM, beside)


def mpps(capture: Made, runs: list[Ran]) -> Spread:
    """Millions of packets a second."""
    return spread(capture.truth["packets"] / each.seconds / 1e6 for each in runs)


def ours(capture: Made) -> Ran:
    """Our command."""
    return run([RATOP, "print", "-r", str(capture.path), "--format", "jsonl"])


def argus(capture: Made) -> Ran:
    """The peer's pair."""
    return run(["argus", "-r", str(capture.path), "-w", "-"], ["racluster", "-r", "-", "-w", "/dev/null"])
