"""Which interfaces to watch when nobody says so, and which there are.

Promise: by default every interface that is up and has a route, and loopback; with `any` every one that is up. Of
interfaces that carry the same packets only one is watched:

* a member of a bridge or bond gives way to it, if that is watched (so do the ends of containers on a bridge: what
  they say to this machine and to the world passes the bridge; what they say to each other does not, and is not seen);
* what stands upon other interfaces (a VLAN, macvlan, VRF, team) gives way to them, if all of them are watched, for
  they carry its packets; a tunnel (VXLAN, Geneve, MACsec) does not, for there its packets are wrapped.

Each choice has its reason. What this machine forwards from one watched interface to another is two sights of a packet.
Source: sysfs-class-net(5), proc(5), Documentation/ABI/testing/sysfs-class-net. Does not know: how to capture.
"""

from __future__ import annotations

import difflib
import socket
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ratop_py.errors import Exit, RatopError

UP = 0x1
LOOPBACK = "lo"
SYS, PROC = Path("/sys/class/net"), Path("/proc/net")
TUNNELS = frozenset({"vxlan", "geneve", "bareudp", "macsec"})
"""DEVTYPEs whose packets look different on the interface below."""
OWN_ADDRESS = 0x80000000
"""RTF_LOCAL of an IPv6 route."""


@dataclass(frozen=True, slots=True)
class Device:
    """An interface."""

    name: str
    up: bool
    why: str
    """Why it is watched by default, or why not."""
    chosen: bool
    state: str = ""


@dataclass(frozen=True, slots=True)
class _Facts:
    name: str
    up: bool
    state: str
    routed: bool
    master: str
    """The bridge or bond that it is a member of."""
    below: tuple[str, ...]
    """What it stands upon."""


def devices(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """All interfaces with the choice made for each by default."""
    routed = routed_interfaces(proc_net)
    return _judged(tuple(_facts(sys_net, routed)), lambda one: one.routed or one.name == LOOPBACK)


def all_up(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """`-i any`: every interface that is up, without those whose packets are seen on another."""
    judged = _judged(tuple(_facts(sys_net, routed_interfaces(proc_net))), lambda _: True)
    return tuple(device for device in judged if device.chosen)


def default_devices(sys_net: Path = SYS, proc_net: Path = PROC) -> tuple[Device, ...]:
    """What is watched when nobody says so."""
    return tuple(device for device in devices(sys_net, proc_net) if device.chosen)


def _facts(sys_net: Path, routed: frozenset[str]) -> Iterator[_Facts]:
    names = sorted(path.name for path in sys_net.iterdir() if (path / "flags").exists()) if sys_net.is_dir() else []
    for name in names:
        folder = sys_net / name
        master = (folder / "master").resolve() if (folder / "master").exists() else folder
        switch = any((master / kind).exists() for kind in ("bridge", "bonding"))
        itself = any((folder / kind).exists() for kind in ("bridge", "bonding"))
        wrapped = itself or any(f"DEVTYPE={kind}" in _read(folder / "uevent").split() for kind in TUNNELS)
        yield _Facts(
            name=name,
            up=_flags(folder) & UP > 0,
            state=_read(folder / "operstate"),
            routed=name in routed,
            master=master.name if master != folder and switch else "",
            below=() if wrapped else tuple(sorted(path.name.removeprefix("lower_") for path in folder.glob("lower_*"))),
        )


def _judged(all_of: Sequence[_Facts], wanted: Callable[[_Facts], bool]) -> tuple[Device, ...]:
    candidates = {one.name for one in all_of if one.up and wanted(one)}
    members = {one.name for one in all_of if one.master in candidates}
    carriers = candidates - members

    def judge(one: _Facts) -> tuple[str, bool]:
        if not one.up:
            return "down", False
        if one.name in members:
            return f"its packets are seen on {one.master}", False
        if one.name not in candidates:
            return "no route", False
        if one.below and carriers.issuperset(one.below):
            return f"its packets are seen on {', '.join(one.below)}", False
        return ("loopback" if one.name == LOOPBACK else "up, has a route" if one.routed else "up"), True

    return tuple(Device(one.name, one.up, *judge(one), state=one.state) for one in all_of)


def _flags(folder: Path) -> int:
    try:
        return int(_read(folder / "flags"), 16)
    except ValueError:
        return 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def routed_interfaces(proc_net: Path = PROC) -> frozenset[str]:
    """Interfaces that an IPv4 or IPv6 route goes through (IPv6: other than link-local, multicast and local ones)."""
    four = {line.split()[0] for line in _read(proc_net / "route").splitlines()[1:] if line.split()}
    six = {words[9] for line in _read(proc_net / "ipv6_route").splitlines() if _leads_away(words := line.split())}
    return frozenset(four | six)


def _leads_away(words: Sequence[str]) -> bool:
    """Whether a line of ipv6_route is a route to others."""
    try:
        own = int(words[8], 16) & OWN_ADDRESS
    except (IndexError, ValueError):
        return False
    return len(words) == 10 and not own and not words[0].startswith(("fe8", "ff"))


def addresses() -> Mapping[str, Sequence[str]]:
    """Interface name → its addresses; nothing where the kernel does not tell."""
    from ratop_py.net.netlink import ADDR, dump

    found: dict[str, list[str]] = {}
    try:
        for head, attributes in dump(ADDR):
            number, raw = struct.unpack_from("=I", head, 4)[0], attributes.get(2) or attributes.get(1, b"")
            family = {4: socket.AF_INET, 16: socket.AF_INET6}.get(len(raw))
            if family is not None:
                found.setdefault(socket.if_indextoname(number), []).append(socket.inet_ntop(family, raw))
    except OSError:  # no netlink, or an interface that has just left
        return found
    return found


def no_such(
    name: str, sys_net: Path = SYS, proc_net: Path = PROC, told: Mapping[str, Sequence[str]] | None = None
) -> RatopError:
    """The error for a name that no interface has: what there is, and the nearest."""
    told = addresses() if told is None else told
    there = devices(sys_net, proc_net)
    listed = "; ".join(" ".join((one.name, "up" if one.up else "down", *told.get(one.name, ()))) for one in there)
    near = difflib.get_close_matches(name, [device.name for device in there], n=1)
    return RatopError(
        f"no interface is called {name}; there are: {listed or 'none'}",
        hint=f"ratop -i {near[0]}" if near else "ratop -i any",
        exit_code=Exit.NO_SOURCE,
    )
