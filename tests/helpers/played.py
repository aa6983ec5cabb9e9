"""Programs of a test's own that talk in network namespaces, and `ratop print` that watches them.

A program is a text of Python; what it says of itself (numbers, one line) is the truth. Needs root and iproute2.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FIELDS = (
    "stime,proto,saddr,sport,daddr,dport,dir,state,way,user,pid,program,owner,ownerwhy,match,ownersource,ownerdist,"
    "owners,likely,ownerlost,spid,sprog,suser,dpid,dprog,duser,smatch,dmatch,sownerwhy,downerwhy,sowners,downers,cmdline,parent,container,netns"
)
ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Talk:
    """What the programs said of themselves, and what was told of them."""

    folder: Path
    records: list[dict[str, Any]] = field(default_factory=list)
    words: str = ""
    said: dict[str, list[int]] = field(default_factory=dict)
    watcher: int = 0
    """Process that watches."""

    def of(self, **facts: object) -> list[dict[str, Any]]:
        """Records with these facts, oldest first."""
        found = [each for each in self.records if all(each[name] == value for name, value in facts.items())]
        return sorted(found, key=lambda each: float(each["stime"]))

    def one(self, **facts: object) -> dict[str, Any]:
        """The flow with these facts: its last record."""
        found = self.of(**facts)
        assert found, f"no flow with {facts} among {[brief(each) for each in self.records]}"
        return found[-1]

    def begin(
        self, namespace: str, name: str, text: str, *words: object, wrap: Sequence[str] = (), group: Path | None = None
    ) -> subprocess.Popen[str]:
        """Start a program; it is called `name`. `wrap`: what it is run by; `group`: its
        control group."""
        (self.folder / name).write_text(text)
        command = ["ip", "netns", "exec", namespace, *wrap, sys.executable, str(self.folder / name), *map(str, words)]
        if group is not None:
            command = ["sh", "-c", f'echo $$ > {group}/cgroup.procs; exec "$@"', "sh", *command]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(
        self, namespace: str, name: str, text: str, *words: object, wrap: Sequence[str] = (), group: Path | None = None
    ) -> list[int]:
        """Run a program to its end; the numbers it said, kept under its name."""
        return self.end(name, self.begin(namespace, name, text, *words, wrap=wrap, group=group))

    def end(self, name: str, child: subprocess.Popen[str]) -> list[int]:
        """Wait for its end (its input is closed)."""
        try:
            out, _ = child.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            raise
        assert child.returncode == 0, f"{name} failed"
        self.said[name] = [int(word) for word in out.split()]
        return self.said[name]


def brief(record: dict[str, Any]) -> str:
    """One line about a record."""
    names = ("proto", "saddr", "sport", "daddr", "dport", "program", "owner", "ownerwhy", "likely")
    return " ".join(str(record[name]) for name in names)


def ready(child: subprocess.Popen[str]) -> subprocess.Popen[str]:
    """It said that it is ready."""
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


@contextlib.contextmanager
def watched(
    talk: Talk,
    namespace: str,
    interfaces: Sequence[str],
    events: str,
    wrap: Sequence[str] = (),
    settle: float = 1.2,
    more: Sequence[str] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """`ratop print` at work; in the end its records are read. `wrap`: what it is run by; `more`: options of its."""
    out, err = talk.folder / "flows.jsonl", talk.folder / "words.txt"
    command = [sys.executable, "-m", "ratop_py", "print", "--format", "jsonl", "--events", events, "-s", FIELDS]
    command += [*more, "--interval", "0.5", *(word for each in interfaces for word in ("-i", each))]
    with out.open("wb") as stdout, err.open("wb") as stderr:
        watch = subprocess.Popen(
            ["ip", "netns", "exec", namespace, *wrap, *command],
            stdout=stdout,
            stderr=stderr,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
    talk.watcher = watch.pid
    try:
        listening(watch, err, len(interfaces))
        yield watch
        time.sleep(settle)
    finally:
        watch.send_signal(signal.SIGINT)
        watch.wait(15)
    talk.records = [json.loads(line) for line in out.read_text().splitlines()]
    talk.words = err.read_text()


def listening(watch: subprocess.Popen[bytes], err: Path, interfaces: int) -> None:
    """Wait until it captures on so many interfaces."""
    until = time.monotonic() + 20
    while len(Path(f"/proc/{watch.pid}/net/packet").read_text().splitlines()) <= interfaces:
        assert watch.poll() is None, err.read_text()
        assert time.monotonic() < until, err.read_text()
        time.sleep(0.05)
    time.sleep(0.7)
