"""Twenty-nine ways to talk, each owner known: what the kernel tells names them all, and nobody else.

The traffic is made, and judged, by the tools beside this project.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.root,
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.tool("ip"),
]

TOOLS = Path(__file__).resolve().parents[3] / "shared" / "tools"
FIELDS = "stime ltime proto saddr sport daddr dport pid user program owner ownerwhy spid suser sprog duser dpid dprog"


FEW = "+net_raw,+bpf,+net_admin"
"""Capabilities without which the kernel tells nothing: not even names."""


BEFORE = 3
"""Flows of the piece that began before; whose they are is seen when they close, unless all hooks are there."""


def limited(capabilities: str, command: list[str]) -> list[str]:
    """The command with these capabilities alone; below /sys of the namespace cgroup2 is mounted."""
    allowed = f"-all,{capabilities}"
    few = ["setpriv", f"--inh-caps={allowed}", f"--bounding-set={allowed}"]
    return ["sh", "-c", 'mount -t cgroup2 none /sys/fs/cgroup; exec "$@"', "sh", *few, *command]


def made(folder: Path, events: str, *, rate: int, seconds: int, capabilities: str = "") -> list[int]:
    """Flows, right, kin, wrong, unknown, missed of all kinds together."""
    truth, flows = folder / "truth.jsonl", folder / "flows.jsonl"
    play = [sys.executable, str(TOOLS / "truthgen.py"), "--out", str(truth), "--rate", str(rate), "--seed", "12"]
    generator = subprocess.Popen([*play, "--duration", str(seconds), "--warmup", "5"], stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while "tg-host" not in subprocess.run(["ip", "netns"], capture_output=True, text=True, check=True).stdout:
        assert time.monotonic() < until
        time.sleep(0.1)
    time.sleep(1.5)  # its interfaces come up
    command = [sys.executable, "-m", "ratop_py", "print", "-i", "any", "--format", "jsonl", "--interval", "1"]
    command += ["--events", events, "-s", FIELDS.replace(" ", ",")]
    command = limited(capabilities, command) if capabilities else command
    with flows.open("wb") as out:
        watch = subprocess.Popen(["ip", "netns", "exec", "tg-host", *command], stdout=out)
    assert generator.wait(seconds + 60) == 0
    watch.send_signal(signal.SIGINT)
    assert watch.wait(15) == 0
    score = [sys.executable, str(TOOLS / "score_attribution.py"), str(truth), str(flows)]
    text = subprocess.run(score, capture_output=True, text=True, check=True).stdout
    (line,) = [line for line in text.splitlines() if line.startswith("all ")]
    return [int(word) for word in line.split()[1:7]]


def test_what_the_kernel_tells_names_every_flow_s_owner(tmp_path: Path) -> None:
    flows, right, kin, wrong, unknown, _ = made(tmp_path, "kernel", rate=20, seconds=15)
    assert flows > 200
    assert (kin, wrong, unknown) == (0, 0, 0)
    assert right >= 0.99 * flows


@pytest.mark.tool("setpriv")
def test_with_few_capabilities_it_names_all_that_began_since(tmp_path: Path) -> None:
    flows, right, kin, wrong, unknown, _ = made(tmp_path, "kernel", rate=15, seconds=8, capabilities=FEW)
    assert flows > 60
    assert (kin, wrong) == (0, 0)
    assert unknown <= BEFORE
    assert right >= 0.99 * flows - BEFORE


def test_what_lsof_lists_names_few_and_none_wrong(tmp_path: Path) -> None:
    flows, right, _, wrong, _, _ = made(tmp_path, "lsof:1s", rate=15, seconds=12)
    assert flows > 100
    assert right > 0
    assert wrong == 0
