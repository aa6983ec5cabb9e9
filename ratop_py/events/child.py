"""A program that is run for what it prints.

Promise: it gets a fixed environment and no shell; it is ended with all that it started at its deadline, when it prints
too much, or when nobody waits any more; it is reaped. The clock is handed in.
Does not know: what is printed.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ratop_py.events.looker import LookError
from ratop_py.safetext import decode

MOST = 64 << 20
"""Bytes that it may print."""
ENVIRONMENT = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "LANG": "C"}
PIECE = 1 << 16
FIRST = 4096
"""Bytes of its complaints that are kept."""
WINK = 0.1
"""Seconds between two looks at `stopped`."""


@dataclass(frozen=True, slots=True)
class Output:
    """What came of it."""

    pid: int
    text: str
    """What it printed; bytes that are no UTF-8 as surrogates."""
    code: int
    words: str
    """The first line of its complaints."""


def run(command: Sequence[str], deadline: float, clock: Callable[[], float], stopped: Callable[[], bool]) -> Output:
    """Run it. LookError: it could not be run, or had to be ended. `deadline`: seconds."""
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise LookError(f"cannot run {command[0]}: {reason}") from None
    try:
        return _hear(child, Path(command[0]).name, clock() + deadline, clock, stopped)
    except BaseException:
        end_group(child)
        raise


def _hear(
    child: subprocess.Popen[bytes], name: str, until: float, clock: Callable[[], float], stopped: Callable[[], bool]
) -> Output:
    out, complaints = bytearray(), bytearray()
    with selectors.DefaultSelector() as ears:
        for pipe, heard in ((child.stdout, out), (child.stderr, complaints)):
            assert pipe is not None
            ears.register(pipe, selectors.EVENT_READ, heard)
        while ears.get_map() or child.poll() is None:
            if stopped():
                raise LookError(f"{name} was ended: nobody waits for it")
            if (left := until - clock()) <= 0:
                raise LookError(f"{name} did not answer in time and was ended")
            for ready, _ in ears.select(min(left, WINK if ears.get_map() else WINK / 10)):
                piece = os.read(ready.fd, PIECE)
                ready.data.extend(piece)
                if not piece:
                    ears.unregister(ready.fileobj)
            if len(out) > MOST:
                raise LookError(f"{name} printed more than {MOST >> 20} MB and was ended")
            del complaints[FIRST:]
    close(child)
    words = decode(bytes(complaints).strip().partition(b"\n")[0], 200)
    return Output(child.pid, out.decode("utf-8", "surrogateescape"), child.returncode, words)


def end_group(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and what it started, and reap it; pipes that a grandchild holds are not waited for."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    close(child)
    child.wait()


def close(child: subprocess.Popen[bytes]) -> None:
    """Let go of its pipes."""
    for pipe in (child.stdout, child.stderr):
        if pipe is not None:
            pipe.close()
