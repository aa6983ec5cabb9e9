"""Each source below the kernel's own word, by itself: how many owners it names, and that none of them is wrong.

The traffic is made, and judged, by the tools beside this project.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.helpers import truth
from tests.helpers.truth import Counts

pytestmark = [
    pytest.mark.root,
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.tool("ip"),
    pytest.mark.tool("unshare"),
]
TCP = (
    "tcp-short", "tcp-thread", "tcp-exec", "tcp-inherited", "tcp-passed", "tcp-setuid", "tcp-box", "tcp-refused",
    "tcp-reused", "tcp-lo", "tcp6", "tcp-mapped", "in-forking", "in-prefork", "in-reuseport", "in-dual",
)  # fmt: skip
FEW = "+net_raw,+sys_ptrace,+dac_read_search"
"""Enough to capture and to look into processes; no notices, no process events, no tracepoints."""
STORM = "while :; do (:); done"


def made(
    folder: Path, events: str, *, rate: int, seconds: int, capabilities: str = "", kinds: Sequence[str] = ()
) -> dict[str, Counts]:
    """Kind → its counts."""
    known, flows = folder / "truth.jsonl", folder / "flows.jsonl"
    command = truth.meter(events)
    command = truth.limited(capabilities, command) if capabilities else command
    with (
        truth.play(known, rate=rate, seconds=seconds, kinds=kinds) as piece,
        truth.watching(piece.inside(command), flows),
    ):
        piece.end()
    return truth.scored(known, flows)


def test_tracepoints_name_the_owner_of_every_tcp_flow_and_nobody_wrong(tmp_path: Path) -> None:
    kinds = made(tmp_path, "tracefs", rate=30, seconds=15)
    flows, right, kin, wrong, _, missed = kinds["all"]
    assert flows > 300
    assert (kin, wrong) == (0, 0)
    assert {name: kinds[name] for name in TCP if kinds[name][1] < kinds[name][0] - kinds[name][5]} == {}
    assert right > 0.6 * (flows - missed)


def test_while_thousands_of_processes_come_and_go_nobody_wrong_is_named(tmp_path: Path) -> None:
    storm = subprocess.Popen(["sh", "-c", STORM])
    try:
        _, right, kin, wrong, _, _ = made(tmp_path, "tracefs", rate=20, seconds=8)["all"]
    finally:
        storm.kill()
        storm.wait()
    assert right > 0
    assert (kin, wrong) == (0, 0)


def test_socket_tables_name_what_lives_long_enough_and_nobody_wrong(tmp_path: Path) -> None:
    kinds = made(tmp_path, "diag:0.5s", rate=30, seconds=15)
    flows, right, _, wrong, _, missed = kinds["all"]
    assert flows > 300
    assert wrong == 0
    assert right > 0.2 * (flows - missed)


@pytest.mark.tool("setpriv")
def test_socket_tables_without_notices_and_process_events_name_nobody_wrong(tmp_path: Path) -> None:
    flows, right, _, wrong, _, missed = made(tmp_path, "diag:0.5s", rate=20, seconds=10, capabilities=FEW)["all"]
    assert right > 0.1 * (flows - missed)
    assert wrong == 0


@pytest.mark.tool("setpriv")
def test_without_the_right_tracepoints_are_an_error_and_auto_says_what_it_took() -> None:
    run = [sys.executable, "-m", "ratop_py", "print", "-i", "lo", "--events"]
    few = ["setpriv", f"--inh-caps=-all,{FEW}", f"--bounding-set=-all,{FEW}"]
    refused = subprocess.run([*few, *run, "tracefs"], capture_output=True, text=True, cwd=truth.ROOT, timeout=60)
    assert refused.returncode not in (0, 1)
    assert "no tracepoints to be listened to" in refused.stderr
    assert "Traceback" not in refused.stderr
    with subprocess.Popen(
        [*few, *run, "auto", "--summary"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=truth.ROOT
    ) as watch:
        time.sleep(4)
        watch.send_signal(signal.SIGINT)
        said = watch.communicate(timeout=30)[0].decode()
    assert "no notice of sockets that end" in said, said


PORT = """
import os, socket, sys, time
def talk(seconds):
    s = socket.socket(type=socket.SOCK_DGRAM); s.bind(("127.0.0.1", 45871)); s.sendto(b"x", ("127.0.0.1", 45872)); time.sleep(seconds); s.close()
if not os.fork(): talk(0.05); os._exit(0)
os.wait(); time.sleep(0.2)
child = os.fork()
if not child: talk(3); os._exit(0)
print(child, flush=True); os.wait()
"""


@pytest.mark.parametrize("events", ["diag:0.5s", "tracefs"])
def test_a_port_that_another_takes_within_a_second_is_not_put_down_to_it_before_it_had_it(
    tmp_path: Path, events: str
) -> None:
    flows = tmp_path / "flows.jsonl"
    command = [
        sys.executable,
        "-m",
        "ratop_py",
        "print",
        "-i",
        "lo",
        "--format",
        "jsonl",
        "--interval",
        "1",
        "--events",
        events,
        "udp",
    ]
    with truth.watching([*command[:-1], "-s", "stime,proto,sport,dport,spid", "udp"], flows, os.environ.copy()):
        time.sleep(3)
        second = int(subprocess.run([sys.executable, "-c", PORT], capture_output=True, text=True, check=True).stdout)
        time.sleep(2)
    told = [json.loads(line) for line in flows.read_text().splitlines()]
    mine = [each for each in told if 45871 in (each.get("sport"), each.get("dport"))]
    assert mine
    first = min(each["stime"] for each in mine)
    assert second not in {each.get("spid") for each in mine if each["stime"] == first}
