"""Captures to measure with, made once and kept: profiles of the capture generator, and a small one of our own.

Promise: the same bytes on every machine. What needs the generator says so where it is not there.
Does not know: who reads them.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.bench.children import ROOT, scratch
from tests.helpers import frames

TOOLS = ROOT.parent / "shared" / "tools"
ABSENT = "not measured: the capture generator (../shared/tools) is not beside this checkout"
WIRE = ("mix", "--packets", "200000", "--flows", "8000", "--snaplen", "0", "--pps", "200000", "--even")
"""What is sent over a wire: whole frames, evenly."""
START = 1_700_000_000_000_000_000


class AbsentError(Exception):
    """Something that a figure needs is not here."""


@dataclass(frozen=True, slots=True)
class Made:
    """A capture, and the truth about it."""

    path: Path
    truth: dict[str, Any]


@cache
def made(name: str, *arguments: str) -> Made:
    """A capture of the generator; `arguments` default to the profile `name`."""
    path, truth = scratch() / f"{name}.pcap", scratch() / f"{name}.pcap.json"
    if not truth.exists():
        if not (TOOLS / "gen_pcap.py").exists():
            raise AbsentError(ABSENT)
        words = [*(arguments or (name,)), "--out", str(path)]
        subprocess.run([sys.executable, str(TOOLS / "gen_pcap.py"), *words], check=True, stdout=subprocess.DEVNULL)
    return Made(path, json.loads(truth.read_text(encoding="utf-8")))


@cache
def load_generator() -> ModuleType:
    """The sender over a veth pair, as a module."""
    path = TOOLS / "loadgen.py"
    if not path.exists():
        raise AbsentError(ABSENT)
    spec = importlib.util.spec_from_file_location("loadgen", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def small() -> Path:
    """A hundred datagrams of ten conversations."""
    path = scratch() / "small.pcap"
    datagrams = (frames.ether(frames.ip4(frames.udp(b"x" * 40, 4000 + n % 10, 53), 17)) for n in range(100))
    path.write_bytes(frames.pcap((START + n * 1_000_000, each) for n, each in enumerate(datagrams)))
    return path
