"""Which interfaces to watch when nobody says so, and which there are.

Promise: every interface that is up and has a route, and loopback; but of interfaces that carry the same packets only
one: a bridge's or bond's members give way to it, VLANs to the interface below them. Each choice has its reason.
Source: sysfs-class-net(5), proc(5). Does not know: how to capture.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ratop_py.errors import Exit, RatopError

UP = 0x1
LOOPBACK = "lo"
SYS, PROC = Path("/sys/class/net"), Path("/proc/net")


@dataclass(frozen=True, slots=True)
class Device:
    """An interface."""

    name: str
    up: bool
    why: str
    """Why it is watched by default, or why not."""
    chosen: bool
    state: str = ""


def devices(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """All interfaces with the choice made for each."""
    routed = routed_interfaces(proc_net)
    names = sorted(path.name for path in sys_net.iterdir() if (path / "flags").exists()) if sys_net.is_dir() else []
    return tuple(_judged(name, sys_net, routed, names) for name in names)


def _judged(name: str, sys_net: Path, routed: frozenset[str], names: Sequence[str]) -> Device:
    folder = sys_net / name
    up = _flags(folder) & UP > 0
    state = _read(folder / "operstate")
    if not up:
        return Device(name, up, "down", chosen=False, state=state)
    if name == LOOPBACK:
        return Device(name, up, "loopback", chosen=True, state=state)
    if (folder / "master").exists():
        master = (folder / "master").resolve().name
        return Device(name, up, f"its packets are seen on {master}", chosen=False, state=state)
    lower = [path.name.removeprefix("lower_") for path in folder.glob("lower_*")]
    bridge = (folder / "bridge").exists() or (folder / "bonding").exists()
    below = next((each for each in lower if each in names and each in routed), None)
    if below and not bridge:
        return Device(name, up, f"its packets are seen on {below}", chosen=False, state=state)
    if name not in routed:
        return Device(name, up, "no route", chosen=False, state=state)
    return Device(name, up, "up, has a route", chosen=True, state=state)


def _flags(folder: Path) -> int:
    try:
        return int(_read(folder / "flags"), 16)
    except ValueError:
        return 0


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""


def routed_interfaces(proc_net: Path = PROC) -> frozenset[str]:
    """Interfaces that an IPv4 or IPv6 route goes through (IPv6: other than link-local, multicast and local ones)."""
    four = {line.split()[0] for line in _read(proc_net / "route").splitlines()[1:] if line.split()}
    six = set()
    for line in _read(proc_net / "ipv6_route").splitlines():
        words = line.split()
        if len(words) == 10 and not words[0].startswith(("fe8", "ff")) and int(words[8], 16) & 0x80000000 == 0:
            six.add(words[9])
    return frozenset(four | six)


def default_devices(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """What is watched when nobody says so."""
    return tuple(device for device in devices(sys_net, proc_net) if device.chosen)


def all_up(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """`-i any`: every interface that is up, without those whose packets are seen on another."""
    return tuple(
        device for device in devices(sys_net, proc_net) if device.up and not device.why.startswith("its packets")
    )


def no_such(name: str, sys_net: Path = SYS, proc_net: Path = PROC) -> RatopError:
    """The error for a name that no interface has: what there is, and the nearest."""
    there = devices(sys_net, proc_net)
    names = [device.name for device in there]
    listed = ", ".join(f"{device.name} ({'up' if device.up else 'down'})" for device in there) or "none"
    near = difflib.get_close_matches(name, names, n=1)
    return RatopError(
        f"no interface is called {name}; there are {listed}",
        hint=f"ratop -i {near[0]}" if near else "ratop -i any",
        exit_code=Exit.NO_SOURCE,
    )
