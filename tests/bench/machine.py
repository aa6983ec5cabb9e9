"""Where and at which state of the code figures were taken, in one line."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.bench.children import ROOT

LIBRARIES = ("numpy", "textual")
BUSY = os.getloadavg()[0]
"""Mean of the minute before the bench began: what else ran here."""


def taken() -> str:
    """Machine and how busy it was, versions, commit, day."""
    peers = [words for words in (argus(),) if words]
    libraries = [f"{name} {version(name)}" for name in LIBRARIES]
    python = f"Python {platform.python_version()}"
    machine = f"{processor()}, {os.cpu_count()} cores (load {BUSY:.1f} before), Linux {platform.release()}"
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return " · ".join([machine, python, *libraries, *peers, f"commit {commit()}", when])


def processor() -> str:
    """Name of the processor."""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def commit() -> str:
    """The short name of HEAD, and whether the program differs from it."""
    head = _said("git", "rev-parse", "--short", "HEAD") or "unknown"
    return head + (" + changes" if _said("git", "status", "--porcelain", "ratop_py", "setup.py") else "")


def argus() -> str:
    """Version of the peer; empty: it is not here."""
    return _said("argus", "-h").splitlines()[0] if shutil.which("argus") else ""


def _said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return (done.stdout or done.stderr).strip()
