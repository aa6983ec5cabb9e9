"""Real captures of other projects, and the flows that those projects count in them: the whole command over all of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.system]

ENOUGH = 0.99
COMMAND = f"{sys.executable} -m ratop_py print -r {{file}} --format jsonl"
LINE = re.compile(r"^(\w+)\s+(\d+)\s+(\d+)\s+\d+\s+\d+\s+\d+\s+[\d.]+ ", re.MULTILINE)
LAST = re.compile(r"\bcrashes (\d+) timeouts (\d+)$", re.MULTILINE)
BEYOND = "beyond"
"""Rows that the truth itself calls beyond a plain reader."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check says."""

    text: str
    oracles: dict[str, tuple[int, int]]
    """Name → (rows expected, rows met)."""
    differing: str
    """Each row that was not met, and why."""


@pytest.fixture(scope="module")
def checked(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Checked:
    """All captures, once."""
    report = tmp_path_factory.mktemp("captures") / "differs.tsv"
    tool = [sys.executable, str(shared / "tools" / "flows_check.py")]
    done = subprocess.run(
        [*tool, "--command", COMMAND, "--jobs", str(os.cpu_count() or 1), "--report", str(report)],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    oracles = {name: (int(rows), int(met)) for name, rows, met in LINE.findall(done.stdout)}
    return Checked(done.stdout + done.stderr, oracles, report.read_text(encoding="utf-8"))


def test_the_flows_are_those_that_every_other_project_counts(checked: Checked) -> None:
    assert len(checked.oracles) > 5, checked.text
    counted = {name: rows for name, rows in checked.oracles.items() if name != BEYOND}
    short = {name: (rows, met) for name, (rows, met) in counted.items() if met < ENOUGH * rows}
    assert not short, f"{checked.text}\n{checked.differing}"


def test_no_capture_makes_it_crash_or_hang(checked: Checked) -> None:
    found = LAST.search(checked.text)
    assert found is not None, checked.text
    assert found.groups() == ("0", "0"), checked.text
