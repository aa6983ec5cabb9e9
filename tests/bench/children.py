"""Running programs to be measured: seconds, CPU seconds and peak resident memory of each, pipelines included.

Promise: what is told comes from the kernel (`wait4`), one process at a time; a program that fails or hangs is an error.
Does not know: what is measured, or why.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
RATOP = str(Path(sys.executable).with_name("ratop"))
PATIENCE = 120.0
"""Seconds after which a program is ended."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one program, or one pipeline, used."""

    seconds: float
    """From the first start to the last end."""
    cpu: float
    """User and system seconds, of all programs and the children they waited for."""
    resident: int
    """Peak bytes resident, of the program that held most."""
    words: str
    """What the last program wrote on stderr."""


class FailedError(Exception):
    """A program that was to be measured did not work."""


def environment() -> dict[str, str]:
    """The bench's own, but with compiled bytecode kept, as an installed package has it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(scratch() / "bytecode")}


def scratch() -> Path:
    """Where captures and bytecode are kept between runs: RATOP_BENCH_DIR, or a temporary folder."""
    import tempfile

    folder = Path(os.environ.get("RATOP_BENCH_DIR") or Path(tempfile.gettempdir()) / "ratop-bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def run(*commands: Sequence[str], out: IO[bytes] | int = subprocess.DEVNULL) -> Ran:
    """Run a pipeline to its end; `out` takes what the last command writes."""
    begun = time.perf_counter()
    with open(scratch() / "stderr.txt", "w+b") as words:
        chain = _start(commands, out, words)
        timers = [Timer(PATIENCE, each.kill) for each in chain]
        for timer in timers:
            timer.start()
        ends = [_wait(each) for each in chain]
        seconds = time.perf_counter() - begun
        for timer in timers:
            timer.cancel()
        words.seek(0)
        told = words.read().decode("utf-8", "replace")
    for command, (status, _, _) in zip(commands, ends, strict=True):
        if status:
            raise FailedError(f"{command[0]} ended with {status}: {told.strip()[-300:]}")
    return Ran(seconds, sum(cpu for _, cpu, _ in ends), max(peak for _, _, peak in ends), told)


def _start(commands: Sequence[Sequence[str]], out: IO[bytes] | int, words: IO[bytes]) -> list[subprocess.Popen[bytes]]:
    chain: list[subprocess.Popen[bytes]] = []
    for command in commands:
        last = command is commands[-1]
        chain.append(
            subprocess.Popen(
                command,
                stdin=chain[-1].stdout if chain else subprocess.DEVNULL,
                stdout=out if last else subprocess.PIPE,
                stderr=words if last else subprocess.DEVNULL,
                env=environment(),
                cwd=ROOT,
            )
        )
        if len(chain) > 1 and (pipe := chain[-2].stdout) is not None:
            pipe.close()
    return chain


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, float, int]:
    """(exit status, CPU seconds, peak bytes resident)."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
