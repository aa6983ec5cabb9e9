"""Markers that name what a test needs, and skip with the reason where it is not there.

With RATOP_CI set nothing may be skipped: a missing tool is then a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("ratop", deadline=None)  # how long a busy machine takes says nothing
settings.load_profile("ratop")
SHARED = Path(__file__).resolve().parents[2] / "shared"
_HOME = tempfile.TemporaryDirectory(prefix="ratop-test-home-")
os.environ.update(XDG_CONFIG_HOME=f"{_HOME.name}/config", XDG_STATE_HOME=f"{_HOME.name}/state")  # nobody's own habits
os.environ.pop("SUDO_UID", None)
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of programs are started: none should compile anew


def missing(item: pytest.Item) -> str:
    """Why this test cannot run here; empty: it can."""
    if item.get_closest_marker("root") and os.geteuid() != 0:
        return "needs root"
    for marker in item.iter_markers("tool"):
        for name in marker.args:
            if not shutil.which(name):
                return f"needs the program {name}"
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        return "needs ../shared, which a checkout alone does not have"
    return ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    reason = missing(item)
    if not reason:
        return
    if os.environ.get("RATOP_CI") and not item.get_closest_marker("shared"):
        pytest.fail(f"CI may not skip this: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder ../shared; use with the marker `shared`."""
    return SHARED
