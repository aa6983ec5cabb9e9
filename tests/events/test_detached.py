"""Filesystems of the kernel's that are mounted nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ratop_py.events.detached import open_detached


@pytest.mark.root
@pytest.mark.system
def test_it_is_opened_without_being_mounted_and_nothing_is_left() -> None:
    mounts, before = Path("/proc/self/mountinfo").read_text(), len(os.listdir("/proc/self/fd"))
    root = open_detached("tracefs")
    assert "events" in os.listdir(root)
    assert Path("/proc/self/mountinfo").read_text() == mounts
    os.close(root)
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.root
@pytest.mark.system
def test_a_kind_that_there_is_not_is_an_error_that_names_it() -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(OSError, match="nosuchfs cannot be opened"):
        open_detached("nosuchfs")
    assert len(os.listdir("/proc/self/fd")) == before
