"""What a shell offers at Tab, asked of the shell itself."""

from __future__ import annotations

import os
import re
import select
import subprocess
import time
from pathlib import Path

from ratop_py.cli import door
from ratop_py.commands.completions import lines


def written(shell: str, folder: Path) -> Path:
    """The completion, in a file."""
    path = folder / ("_ratop" if shell == "zsh" else f"ratop.{shell}")
    path.write_text("\n".join(lines(shell, door)) + "\n", encoding="utf-8")
    return path


def in_bash(path: Path, line: str, environ: dict[str, str] | None = None) -> list[str]:
    """Words that bash offers at the end of a line."""
    script = r"""
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_ratop
printf '%s\n' "${COMPREPLY[@]}"
"""
    words = [word for part in line.split(" ") for word in re.split(r"(=)", part) if word or not part]
    words += [""] if line.endswith("=") else []
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", str(path), *words],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        env={**os.environ, **(environ or {})},
    )
    assert done.stderr == ""
    return done.stdout.split()


def in_fish(path: Path, line: str, environ: dict[str, str] | None = None) -> list[str]:
    """Words that fish offers at the end of a line."""
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {path}; complete -C '{line}'"],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
        env={**os.environ, **(environ or {})},
    )
    assert done.stderr == ""
    return [row.split("\t")[0] for row in done.stdout.splitlines()]


class Zsh:
    """An interactive zsh in a terminal of its own."""

    def __init__(self, path: Path, folder: Path) -> None:
        self._terminal, inner = os.openpty()
        self._process = subprocess.Popen(
            ["setsid", "-c", "zsh", "-f", "-i"],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**os.environ, "TERM": "dumb", "ZDOTDIR": str(folder), "COLUMNS": "200"},
        )
        os.close(inner)
        self.type("unsetopt zle_bracketed_paste; PS1='> '; LISTMAX=10000; autoload -U compinit; compinit -u -D\n")
        self.type(f"source {path}; print REA''DY\n", until="READY")

    def type(self, text: str, until: str = "") -> str:
        """Type, and read what appears until it rests, or until a word is there."""
        os.write(self._terminal, text.encode())
        seen, end = "", time.monotonic() + 15
        while time.monotonic() < end:
            if select.select([self._terminal], [], [], 1.0 if until else 0.2)[0]:
                seen += os.read(self._terminal, 65_536).decode("utf-8", "replace")
                if until and until in seen:
                    break
            elif not until:
                break
        return seen

    def offered(self, line: str, until: str) -> str:
        """What the screen shows after Tab."""
        seen = self.type(f"{line}\t", until)
        self.type("\x15")  # ^U: forget the line
        return seen

    def close(self) -> None:
        """End it."""
        os.write(self._terminal, b"\x15exit\n")
        self._process.wait(10)
        os.close(self._terminal)
