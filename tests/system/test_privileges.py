"""With root's privileges ratop opens what it needs; then no thread of it has more than it needs to go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ratop_py.privilege import KEPT
from tests.helpers.tmux import ROOT, terminal

pytestmark = [pytest.mark.root, pytest.mark.system, pytest.mark.slow]

MASK = sum(1 << each for each in KEPT)
RATOP = [sys.executable, "-m", "ratop_py"]


def threads(pid: int) -> dict[str, int]:
    """Name of each thread → its effective and permitted capabilities."""
    found = {}
    for folder in Path(f"/proc/{pid}/task").iterdir():
        lines = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
        found[f"{lines['Name']} {folder.name}"] = int(lines["CapEff"], 16) | int(lines["CapPrm"], 16)
    return found


def listens(pid: int) -> bool:
    """It has opened an interface."""
    links = (os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir() if each.is_symlink())
    inodes = {line.split()[-1] for line in Path("/proc/net/packet").read_text().splitlines()[1:]}
    return any(link.removeprefix("socket:[").removesuffix("]") in inodes for link in links)


@pytest.fixture
def lines() -> Iterator[subprocess.Popen[bytes]]:
    """`ratop print` on loopback."""
    command = [*RATOP, "print", "-i", "lo", "--format", "jsonl", "--interval", "0.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        yield process
        if process.poll() is None:
            process.kill()


def until(pid: int) -> None:
    end = time.monotonic() + 15
    while not listens(pid) or len(threads(pid)) < 3:
        assert time.monotonic() < end
        time.sleep(0.05)


def test_no_thread_that_prints_keeps_more_than_it_needs(lines: subprocess.Popen[bytes]) -> None:
    until(lines.pid)
    assert {name: held & ~MASK for name, held in threads(lines.pid).items() if held & ~MASK} == {}
    lines.send_signal(signal.SIGINT)
    _, words = lines.communicate(timeout=15)
    assert lines.returncode == 0, words


def test_owners_are_known_all_the_same(lines: subprocess.Popen[bytes]) -> None:
    until(lines.pid)
    time.sleep(0.5)
    text = "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.sendto(b'x', ('127.0.0.1', 9)); print(s.getsockname()[1])"
    port = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout.strip()
    time.sleep(1.2)
    lines.send_signal(signal.SIGINT)
    told, _ = lines.communicate(timeout=15)
    (flow,) = [line for line in told.decode().splitlines() if f'"sport":{port},' in line]
    assert '"program":"python3' in flow


@pytest.mark.tool("tmux")
def test_no_thread_of_the_screen_keeps_more_than_it_needs() -> None:
    with terminal() as it:
        it.type(f"{' '.join(RATOP)} -i lo; echo EX''IT $?\n")
        it.wait("● live")
        held = threads(it.command())
        it.keys("q")
        it.wait("EXIT 0")
    assert len(held) > 3
    assert {name: each & ~MASK for name, each in held.items() if each & ~MASK} == {}
