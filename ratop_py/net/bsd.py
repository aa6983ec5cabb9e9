"""Routes and neighbours of macOS and the BSDs, as netstat, arp and ndp print them. Untested on such a machine.

Promise: parsing is pure, a line that is not understood is left out; what cannot be run is named in the second value.
Source: netstat(1), arp(8), ndp(8) of macOS, FreeBSD and OpenBSD. Does not know: interfaces' addresses.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator

from ratop_py.net.address import parse, parse_mac
from ratop_py.net.host import V4, Neighbour, Prefix, Route
from ratop_py.safetext import clean

COMMANDS = {
    "routes": ("/usr/sbin/netstat", "-rn"),
    "IPv4 neighbours": ("/usr/sbin/arp", "-an"),
    "IPv6 neighbours": ("/usr/sbin/ndp", "-an"),
}
SECONDS = 2.0


def read(run: Callable[[tuple[str, ...]], str]) -> tuple[tuple[Route, ...], tuple[Neighbour, ...], tuple[str, ...]]:
    """(routes, neighbours, what is not known). `run` gives a command's output; OSError: it cannot."""
    told, unknown = {}, []
    for what, command in COMMANDS.items():
        try:
            told[what] = run(command).splitlines()
        except OSError as error:
            told[what] = []
            unknown.append(f"{what} are not known: {clean(str(error), 120)}.")
    found = (*arp(told["IPv4 neighbours"]), *ndp(told["IPv6 neighbours"]))
    return tuple(netstat(told["routes"])), found, tuple(unknown)


def output(command: tuple[str, ...]) -> str:
    """What a command prints."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=True, env={"LC_ALL": "C"})
    except subprocess.SubprocessError as error:
        raise OSError(f"{command[0]}: {type(error).__name__}") from None
    return done.stdout.decode("utf-8", "replace")


def netstat(lines: Iterable[str]) -> Iterator[Route]:
    """Routes of `netstat -rn`; entries for single neighbours are none."""
    six, device = False, 3
    for line in lines:
        words = line.split()
        if line.startswith("Internet"):
            six = line.startswith("Internet6")
        elif words[:2] == ["Destination", "Gateway"]:
            device = next((at for at, word in enumerate(words) if word in ("Netif", "Iface", "Interface")), 3)
        elif len(words) > device and "U" in words[2] and "L" not in words[2]:
            to, via = destination(words[0], six), _address(words[1]) if "G" in words[2] else 0
            if to is not None:
                yield Route(to, via, clean(words[device], 32))


def destination(text: str, six: bool) -> Prefix | None:
    """`default`, `10.0.0.0/24`, `fe80::%en0/64`, or an IPv4 network with its zeros left out: `192.168.1`, `224/4`."""
    if text == "default":
        return Prefix(0, 0) if six else Prefix(0xFFFF << 32, V4)
    head, _, length = text.partition("/")
    head, _, zone = head.partition("%")
    length = length or zone.partition("/")[2]
    octets = head.split(".")
    try:
        if ":" in head:
            return Prefix(parse(head)[0], int(length or 128)) if 0 <= int(length or 128) <= 128 else None
        bits = int(length or 8 * len(octets))
        value = parse(".".join([*octets, "0", "0", "0"][:4]))[0]
    except ValueError:
        return None
    return Prefix(value, V4 + bits) if 0 <= bits <= 32 else None


def arp(lines: Iterable[str]) -> Iterator[Neighbour]:
    """Neighbours of `arp -an`: `? (10.0.0.1) at 2:0:0:0:0:1 on en0 …`."""
    for line in lines:
        words = line.split()
        if len(words) >= 6 and words[2] == "at" and words[4] == "on":
            yield from _neighbour(words[1].strip("()"), words[3], words[5])


def ndp(lines: Iterable[str]) -> Iterator[Neighbour]:
    """Neighbours of `ndp -an`: address, MAC, interface, expiry, state, flags (R: a router)."""
    for line in lines:
        words = line.split()
        if len(words) >= 4:
            yield from _neighbour(words[0], words[1], words[2], len(words) > 5 and "R" in words[5])


def _neighbour(address: str, mac: str, device: str, router: bool = False) -> Iterator[Neighbour]:
    try:
        yield Neighbour(parse(address)[0], parse_mac(mac), "", router, clean(device, 32))
    except ValueError:
        return


def _address(text: str) -> int:
    try:
        return parse(text)[0]
    except ValueError:
        return 0
