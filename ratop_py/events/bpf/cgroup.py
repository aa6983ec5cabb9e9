"""The root of the cgroup2 hierarchy as a descriptor: every process is below it.

Promise: where nobody mounted it, or not in this mount namespace, it is opened without mounting it anywhere (Linux 5.2,
CAP_SYS_ADMIN): nothing is left when the descriptor is closed.
Source: proc_pid_mountinfo(5). Does not know: what is attached to it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from ratop_py.events.detached import open_detached
from ratop_py.safetext import words_of

MOUNTS = Path("/proc/self/mountinfo")
ROOT_INODE = 1
"""Of the whole hierarchy's root (kernfs)."""
OCTAL = re.compile(r"\\([0-7]{3})")
"""How a blank, tab, newline or backslash is written there."""


def open_root(mounts: Path = MOUNTS) -> int:
    """Its descriptor. OSError: it is not mounted here, and may not be opened otherwise."""
    for folder in mounted(mounts.read_text(encoding="utf-8", errors="surrogateescape")):
        return _whole(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
    try:
        root = open_detached("cgroup2")
    except OSError as error:
        raise OSError(error.errno, f"{words_of(error)}; it is mounted nowhere here") from None
    return _whole(root)


def _whole(root: int) -> int:
    """The descriptor, if everybody is below it: in a cgroup namespace the root is a container's own."""
    if os.fstat(root).st_ino == ROOT_INODE:
        return root
    os.close(root)
    raise PermissionError(1, "only the groups of this container can be seen")


def mounted(text: str) -> Iterator[Path]:
    """Where cgroup2 is mounted, from the root of the hierarchy on."""
    for line in text.splitlines():
        head, _, tail = line.partition(" - ")
        words = head.split()
        if tail.startswith("cgroup2 ") and len(words) > 4 and words[3] == "/":
            yield Path(OCTAL.sub(lambda found: chr(int(found[1], 8)), words[4]))
