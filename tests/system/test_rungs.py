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
from pathlib import Path

import pytest

from tests.helpers import truth
from tests.helpers.truth import Job, Judged

pytestmark = [
    pytest.mark.root,
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.tool("ip"),
    pytest.mark.tool("unshare"),
    pytest.mark.tool("setpriv"),
]
TCP = (
    "tcp-short", "tcp-thread", "tcp-exec", "tcp-inherited", "tcp-passed", "tcp-setuid", "tcp-box", "tcp-refused",
    "tcp-reused", "tcp-lo", "tcp6", "tcp-mapped", "in-forking", "in-prefork", "in-reuseport", "in-dual",
)  # fmt: skip
FEW = "+net_raw,+sys_ptrace,+dac_read_search"
"""Enough to capture and to look into processes; no notices, no process events, no tracepoints."""
STORM = "while :; do (:); done"


JOBS = {
    "tracefs": Job("tracefs", rate=30, seconds=15),
    "storm": Job("tracefs", rate=20, seconds=8, beside=("sh", "-c", STORM)),
    "diag": Job("diag:0.5s", rate=30, seconds=15),
    "few": Job("diag:0.5s", rate=20, seconds=10, capabilities=FEW),
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judged]:
    """By job; those without a storm at the same time."""
    calm = {name: job for name, job in JOBS.items() if not job.beside}
    told = truth.together(tmp_path_factory.mktemp("rungs"), calm)
    return told | truth.together(tmp_path_factory.mktemp("storm"), {"storm": JOBS["storm"]})


def test_tracepoints_name_the_owner_of_every_tcp_flow_and_nobody_wrong(judged: dict[str, Judged]) -> None:
    kinds, lost = judged["tracefs"].kinds, judged["tracefs"].lost
    flows, right, kin, _, _, missed = kinds["all"]
    assert flows > 300
    assert (kin, judged["tracefs"].mistaken) == (0, 0)
    tcp = {name: kinds[name] for name in TCP if name in kinds}  # a slow machine plays fewer of the rare ones
    assert len(tcp) > len(TCP) / 2
    if not lost:  # else more than its share of the machine was another's
        assert {name: each for name, each in tcp.items() if each[1] < each[0] - each[5]} == {}
    assert right > 0.6 * (flows - missed)


def test_while_thousands_of_processes_come_and_go_nobody_wrong_is_named(judged: dict[str, Judged]) -> None:
    _, right, kin, _, _, _ = judged["storm"].all
    assert right > 0
    assert (kin, judged["storm"].mistaken) == (0, 0)


def test_socket_tables_name_what_lives_long_enough_and_nobody_wrong(judged: dict[str, Judged]) -> None:
    flows, right, _, _, _, missed = judged["diag"].all
    assert flows > 300
    assert judged["diag"].mistaken == 0
    assert right > 0.2 * (flows - missed)


def test_socket_tables_without_notices_and_process_events_name_nobody_wrong(
    judged: dict[str, Judged],
) -> None:
    flows, right, _, wrong, _, missed = judged["few"].all
    assert right > 0.1 * (flows - missed)
    assert wrong == 0


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
