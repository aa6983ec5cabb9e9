"""Twenty-nine ways to talk, each owner known: what the kernel tells names them all, and nobody else.

The traffic is made, and judged, by the tools beside this project.
"""

from __future__ import annotations

import subprocess

import pytest

from tests.helpers import truth
from tests.helpers.truth import Counts, Job

pytestmark = [
    pytest.mark.root,
    pytest.mark.system,
    pytest.mark.slow,
    pytest.mark.shared,
    pytest.mark.tool("ip"),
    pytest.mark.tool("unshare"),
    pytest.mark.tool("setpriv"),
]

ENOUGH = "+net_raw,+bpf,+net_admin,+perfmon,+sys_ptrace"
"""Capabilities with which the kernel tells all."""
FEW = "+net_raw,+bpf,+net_admin"
"""Capabilities without which the kernel tells nothing: not even names."""
BEFORE = 3
"""Flows of the piece that began before; whose they are is seen when they close, unless all hooks are there."""


JOBS = {
    "kernel": Job("kernel", rate=20, seconds=15),
    "enough": Job("kernel", rate=15, seconds=10, capabilities=ENOUGH),
    "few": Job("kernel", rate=15, seconds=10, capabilities=FEW),
    "lsof": Job("lsof:1s", rate=15, seconds=12),
}


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Counts]:
    """Of all kinds together, by job; while namespaces that another run left are there."""
    left = subprocess.run(["ip", "netns", "add", truth.HOST], check=False, capture_output=True)
    try:
        told = truth.together(tmp_path_factory.mktemp("truth"), JOBS)
    finally:
        if left.returncode == 0:  # else another run's is there, which is as good
            subprocess.run(["ip", "netns", "del", truth.HOST], check=True)
    return {name: each.all for name, each in told.items()}


def test_what_the_kernel_tells_names_every_flow_s_owner(counts: dict[str, Counts]) -> None:
    flows, right, kin, wrong, unknown, _ = counts["kernel"]
    assert flows > 200
    assert (kin, wrong, unknown) == (0, 0, 0)
    assert right >= 0.99 * flows


def test_with_the_capabilities_that_are_needed_and_no_more_it_names_them_all(counts: dict[str, Counts]) -> None:
    flows, right, kin, wrong, unknown, _ = counts["enough"]
    assert flows > 60
    assert (kin, wrong, unknown) == (0, 0, 0)
    assert right >= 0.99 * flows


def test_with_few_capabilities_it_names_all_that_began_since(counts: dict[str, Counts]) -> None:
    flows, right, kin, wrong, unknown, _ = counts["few"]
    assert flows > 60
    assert (kin, wrong) == (0, 0)
    assert unknown <= BEFORE
    assert right >= 0.99 * flows - BEFORE


def test_what_lsof_lists_names_few_and_none_wrong(counts: dict[str, Counts]) -> None:
    flows, right, _, wrong, _, _ = counts["lsof"]
    assert flows > 100
    assert right > 0
    assert wrong == 0
