"""Network namespaces of a test's own: two hosts on one wire, made and removed by the test.

Nothing leaves them. Needs root and iproute2.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two namespaces with a veth pair: `a` is 10.77.0.1 on va, `b` is 10.77.0.2 on vb; IPv6 fd77::1 and fd77::2."""

    a: str
    b: str


@contextlib.contextmanager
def pair(tag: str) -> Iterator[Pair]:
    """Make the pair; remove it in the end."""
    made = Pair(f"rt{tag}{os.getpid()}a", f"rt{tag}{os.getpid()}b")
    try:
        for name in (made.a, made.b):
            ip("netns", "add", name)
        ip("link", "add", "va", "netns", made.a, "type", "veth", "peer", "name", "vb", "netns", made.b)
        for name, device, number in ((made.a, "va", 1), (made.b, "vb", 2)):
            with inside(name):
                for setting in ("all", "default", device):
                    Path(f"/proc/sys/net/ipv6/conf/{setting}/accept_dad").write_text("0")
            ip("-n", name, "link", "set", "lo", "up")
            ip("-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", device)
            ip("-n", name, "addr", "add", f"fd77::{number}/64", "dev", device, "nodad")
            ip("-n", name, "link", "set", device, "up")
        yield made
    finally:
        for name in (made.a, made.b):
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)


def run(namespace: str, *command: str, seconds: float = 30.0) -> str:
    """A program in a namespace, with its own /sys; what it wrote. CalledProcessError, TimeoutExpired."""
    return subprocess.run(
        ["ip", "netns", "exec", namespace, *command], check=True, capture_output=True, text=True, timeout=seconds
    ).stdout


@contextlib.contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread in a namespace: sockets opened here belong there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        enter(there)
        yield
    finally:
        enter(home)
        os.close(home)
        os.close(there)


def enter(namespace: int) -> None:
    if LIBC.setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
