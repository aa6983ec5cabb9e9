"""Twenty-nine ways to talk, each owner known: what the kernel tells names them all, and nobody else.

The traffic is made, and judged, by the tools beside this project.
"""

from __future__ import annotations

import subprocess
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

ENOUGH = "+net_raw,+bpf,+net_admin,+perfmon,+sys_ptrace"
"""Capabilities with which the kernel tells all."""
FEW = "+net_raw,+bpf,+net_admin"
"""Capabilities without which the kernel tells nothing: not even names."""
BEFORE = 3
"""Flows of the piece that began before; whose they are is seen when they close, unless all hooks are there."""


def made(folder: Path, events: str, *, rate: int, seconds: int, capabilities: str = "") -> Counts:
    """Of all kinds together."""
    known, flows = folder / "truth.jsonl", folder / "flows.jsonl"
    command = truth.meter(events)
    command = truth.limited(capabilities, command) if capabilities else command
    with (
        truth.play(known, rate=rate, seconds=seconds) as piece,
        truth.watching(piece.inside(command), flows),
    ):
        piece.end()
    return truth.scored(known, flows)["all"]


def test_what_the_kernel_tells_names_every_flow_s_owner(tmp_path: Path) -> None:
    flows, right, kin, wrong, unknown, _ = made(tmp_path, "kernel", rate=20, seconds=15)
    assert flows > 200
    assert (kin, wrong, unknown) == (0, 0, 0)
    assert right >= 0.99 * flows


@pytest.mark.tool("setpriv")
def test_with_the_capabilities_that_are_needed_and_no_more_it_names_them_all(tmp_path: Path) -> None:
    flows, right, kin, wrong, unknown, _ = made(tmp_path, "kernel", rate=15, seconds=8, capabilities=ENOUGH)
    assert flows > 60
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


def test_namespaces_that_another_run_left_are_in_nobody_s_way(tmp_path: Path) -> None:
    left = subprocess.run(["ip", "netns", "add", truth.HOST], check=False, capture_output=True)
    try:
        with truth.play(tmp_path / "truth.jsonl", rate=5, seconds=1) as piece:
            piece.end()
    finally:
        if left.returncode == 0:  # else another run's is there, which proves as much
            subprocess.run(["ip", "netns", "del", truth.HOST], check=True)
