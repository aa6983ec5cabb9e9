"""The report of a failure of our own: what whoever mends it needs, in a new file.

Promise: the file is new and readable by its owner alone, under sudo by whoever typed it; nothing of what was watched is
in it but what the failure itself says; where it cannot be written that is said by an empty path.
Does not know: what failed, who is told.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from ratop_py import __version__

TOLD = ("TERM", "COLORTERM", "LANG", "LC_ALL", "TMUX", "STY", "SSH_TTY", "NO_COLOR", "SUDO_UID")
"""Variables that a screen depends on."""


def text(error: BaseException, environ: Mapping[str, str]) -> str:
    """What stands in it."""
    import platform
    import traceback

    from ratop_py.safetext import clean

    variables = " ".join(f"{name}={clean(environ[name], 80)}" for name in TOLD if name in environ)
    return "\n".join(
        (
            f"ratop {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"command: {' '.join(map(repr, sys.argv))}",
            f"user: {os.geteuid() if hasattr(os, 'geteuid') else '?'}; terminal: {_size()}; {variables}",
            "",
            "".join(traceback.format_exception(error)),
        )
    )


def _size() -> str:
    try:
        size = os.get_terminal_size(sys.__stdin__.fileno() if sys.__stdin__ else 0)
    except (OSError, ValueError):
        return "none"
    return f"{size.columns}x{size.lines}"


def write(error: BaseException, environ: Mapping[str, str] = os.environ) -> str:
    """Write the report; its path, or nothing if that is not possible."""
    import tempfile

    try:
        descriptor, path = tempfile.mkstemp(prefix="ratop-", suffix=".txt")
        _give(descriptor, environ)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as out:
            out.write(text(error, environ))
    except OSError:
        return ""
    return path


def _give(descriptor: int, environ: Mapping[str, str]) -> None:
    """To whoever typed sudo, who else could not read it."""
    uid, gid = environ.get("SUDO_UID", ""), environ.get("SUDO_GID", "")
    if all(each.isascii() and each.isdecimal() for each in (uid, gid)) and os.geteuid() == 0:
        try:
            os.fchown(descriptor, int(uid), int(gid))
        except OSError:  # a report that only root can read is better than none
            return
