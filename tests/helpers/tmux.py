"""A real terminal: tmux on a socket of its own, a shell in it, keys and what is seen."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Tmux:
    """One window."""

    socket: str

    def do(self, *words: str) -> str:
        """A tmux command; what it prints."""
        return subprocess.run(["tmux", "-L", self.socket, *words], capture_output=True, text=True, check=True).stdout

    def keys(self, *names: str) -> None:
        """Keys by name."""
        self.do("send-keys", "-t", "it", *names)

    def type(self, text: str) -> None:
        """Letters."""
        self.do("send-keys", "-t", "it", "-l", text)

    def seen(self) -> str:
        """What stands on the screen."""
        return self.do("capture-pane", "-p", "-t", "it")

    def wait(self, wanted: str, seconds: float = 15.0) -> str:
        """Until something is to be seen; what is then seen."""
        until = time.monotonic() + seconds
        while wanted not in (seen := self.seen()):
            assert time.monotonic() < until, f"{wanted!r} did not come; seen:\n{seen}"
            time.sleep(0.05)
        return seen

    def match(self, pattern: str, seconds: float = 15.0) -> str:
        """Until something like this is to be seen; what is then seen."""
        until = time.monotonic() + seconds
        while not re.search(pattern, seen := self.seen()):
            assert time.monotonic() < until, f"{pattern!r} did not come; seen:\n{seen}"
            time.sleep(0.05)
        return seen

    def gone(self, wanted: str, seconds: float = 15.0) -> str:
        """Until something is no longer to be seen."""
        until = time.monotonic() + seconds
        while wanted in (seen := self.seen()):
            assert time.monotonic() < until, f"{wanted!r} did not go; seen:\n{seen}"
            time.sleep(0.05)
        return seen

    def flag(self, name: str) -> str:
        """A fact that tmux knows of the terminal: alternate_on, mouse_any_flag, cursor_flag …"""
        return self.do("display-message", "-p", "-t", "it", f"#{{{name}}}").strip()

    def command(self) -> int:
        """Process id of what the shell runs."""
        shell = self.flag("pane_pid")
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", shell], capture_output=True, text=True, check=False)
        return int(found.stdout.split()[0])

    def restored(self) -> None:
        """The terminal is as a shell wants it."""
        assert self.flag("alternate_on") == "0"
        assert self.flag("mouse_any_flag") == "0"
        assert self.flag("cursor_flag") == "1"
        self.type("stty -a; echo AS''KED\n")
        told = self.wait("ASKED")
        for mode in ("icanon", "echo", "isig", "icrnl", "opost"):
            assert mode in told.split(), f"stty lacks {mode}:\n{told}"


@contextmanager
def terminal(width: int = 120, height: int = 32, environ: Mapping[str, str] | None = None) -> Iterator[Tmux]:
    """A shell in a window of this size."""
    it = Tmux(f"ratop-test-{os.getpid()}-{time.monotonic_ns()}")
    given = [word for name, value in (environ or {}).items() for word in ("-e", f"{name}={value}")]
    start = ["new-session", "-d", "-s", "it", "-x", str(width), "-y", str(height), *given, "sh"]
    subprocess.run(["tmux", "-L", it.socket, "-f", "/dev/null", *start], check=True, cwd=ROOT)
    try:
        it.type("PS1='> '; clear\n")
        it.wait(">")
        yield it
    finally:
        subprocess.run(["tmux", "-L", it.socket, "kill-server"], check=False, capture_output=True)
