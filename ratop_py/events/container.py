"""The container that a process lives in, by the name of its control group.

Promise: an empty word for what is no container; of a long id the first twelve characters, as its runtime shows it.
Source: cgroups(7), and the names that runtimes give their groups. Does not know: runtimes beyond these names.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from ratop_py.safetext import clean

ID = re.compile(r"(?:^|[-/:])([0-9a-f]{12})[0-9a-f]{52}(?:\.scope)?(?:/|$)")
"""docker, podman, containerd, cri-o: 64 hexadecimal digits, with or without the runtime's name before them."""
NAMED = re.compile(
    r"(?:^|/)(?:lxc\.payload[./]|lxc/|machine\.slice/(?:machine-|systemd-nspawn@))([^/]+?)(?:\.scope|\.service)?(?:/|$)"
)
"""lxc, systemd-nspawn: a name that a person gave."""
LEAST = 1.0
"""Seconds between two walks through the groups."""


def of_path(path: str) -> str:
    """The container of a group's path."""
    if found := ID.search(path):
        return found[1]
    if found := NAMED.search(path):
        return clean(found[1].replace("\\x2d", "-"), 64)
    return ""


def of_lines(text: str) -> str:
    """The container that /proc/PID/cgroup tells: the first line that names one."""
    for line in text.splitlines():
        if name := of_path(line.split(":", 2)[-1]):
            return name
    return ""


class Groups:
    """Containers by the number of their group (the inode of its folder, as the kernel's records have it)."""

    def __init__(self, root: Path | None, clock: Callable[[], float]) -> None:
        """`root`: where cgroup2 is mounted; None: nowhere, then nothing is known."""
        self._root, self._clock = root, clock
        self._names: dict[int, str | None] = {}
        self._walked = float("-inf")

    def name(self, number: int) -> str | None:
        """Its container, empty if it is none; None: nobody knows."""
        if number not in self._names and self._root is not None and self._clock() - self._walked >= LEAST:
            self._walked = self._clock()
            self._names = {number: None, **dict(_folders(self._root))}  # not found: its group is gone
        return self._names.get(number)


def _folders(root: Path) -> Iterator[tuple[int, str]]:
    """(number, container) of all groups."""
    for folder, _, _ in os.walk(root):
        try:
            number = os.stat(folder).st_ino
        except OSError:  # gone
            continue
        yield number, of_path(os.path.relpath(folder, root))
