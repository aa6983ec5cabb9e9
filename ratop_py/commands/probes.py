"""What this machine lets ratop do: one small look each.

Promise: a probe changes nothing and never raises; what is not possible comes with the one command that changes it.
Does not know: how the answers are shown.
"""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Any

from ratop_py.safetext import clean, words_of

PYTHON = os.path.realpath(sys.executable)

REBUILD = f"{PYTHON} -m pip install --force-reinstall --no-cache-dir --no-deps ratop-py"


Reserve = tuple[str, bool, str]
"""A source of events, whether it would do here, how or why not."""


@dataclass(frozen=True, slots=True)
class Check:
    """One answer."""

    name: str
    ok: bool
    words: str
    fix: str = ""
    """What to type, where it is not ok."""
    needed: bool = False
    """Without it there is no live capture at all."""
    details: Sequence[str] = ()
    """More lines for a person…"""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """…and the same for a program."""


def as_root(argv: Sequence[str] = sys.argv) -> str:
    """The same program as root; sudo seldom looks where a virtual environment lies."""
    typed = argv[0] if argv else ""
    name = os.path.basename(typed)
    return f"sudo {os.path.abspath(typed)}" if name.startswith("ratop") else "sudo ratop"


def capture(open_socket: Callable[..., socket.socket] = socket.socket, uid: int | None = None) -> Check:
    """Whether a packet socket opens."""
    from ratop_py.capture import permit

    told = permit.look(open_socket, uid, as_root())
    fix = f"{told.command}   (or, once: {told.otherwise})" if told.otherwise else told.command
    return Check("capture", told.allowed, told.words, fix, needed=True)


def interfaces() -> Check:
    """What is captured when nobody says -i."""
    from ratop_py.errors import RatopError

    try:
        from ratop_py.capture.devices import default_devices

        names = [f"{device.name} ({device.why})" for device in default_devices()]
    except (RatopError, OSError) as error:
        return Check("interfaces", False, str(error), "ratop -i any")
    if not names:
        return Check("interfaces", False, "none is up and has a route", "sudo ip link set IFACE up")
    return Check("interfaces", True, ", ".join(names))


def kernel_events(
    open_hooks: Callable[[], list[str]] | None = None, reserves: Callable[[], Iterable[Reserve]] | None = None
) -> Check:
    """Whether the kernel tells of sockets at the time: all hooks are attached for a moment. What would be taken in its
    place is told beside."""
    check = _kernel_tells(open_hooks)
    if sys.platform != "linux":
        return check
    others = tuple((reserves or _reserves)())
    lines = [f"{name}: {words}" if works else f"no {name}: {words}" for name, works, words in others]
    facts = {"reserves": [{"name": name, "ok": works, "words": words} for name, works, words in others]}
    return replace(check, details=lines, facts=facts)


def _reserves() -> Iterator[Reserve]:
    from ratop_py.events.open import reserves

    return reserves()


def _kernel_tells(open_hooks: Callable[[], list[str]] | None) -> Check:
    try:
        missing = (open_hooks or _missing_hooks)()
    except (OSError, LookupError) as error:
        words = f"the kernel does not tell of sockets ({words_of(error, 160)})"
        return Check("events", False, f"{words}: owners come from the next best", as_root())
    if missing:
        words = f"the kernel tells of sockets, but not by {', '.join(missing)}: some owners are known later, or not"
        return Check("events", False, words, as_root())
    return Check("events", True, "the kernel tells of every socket at the time (eBPF)")


def _missing_hooks() -> list[str]:
    from ratop_py.events.bpf.cgroup import open_root
    from ratop_py.events.bpf.hooks import Hooks

    hooks = Hooks(open_root())
    missing = list(hooks.missing)
    works = hooks.works
    hooks.close()
    if not works:
        raise PermissionError(1, "the hooks cannot be attached")
    return missing


def lsof(find: Callable[[str], str | None] = shutil.which, uid: int | None = None) -> Check:
    """Who owns sockets: lsof, and whose it sees."""
    path = find("lsof")
    if path is None:
        words = "not installed: owners come from psutil, more slowly"
        return Check("lsof", False, words, "sudo apt-get install lsof   (or your system's package manager)")
    if (os.geteuid() if uid is None else uid) != 0:
        return Check("lsof", False, f"{path}, but only your own processes are named", as_root())
    return Check("lsof", True, f"{path}, all processes")


def psutil() -> Check:
    """The source of owners where lsof is missing."""
    if find_spec("psutil") is None:
        return Check("psutil", False, "not installed", f"{PYTHON} -m pip install psutil")
    return Check("psutil", True, "there, used when lsof is missing")


def engine() -> Check:
    """Whether the hot files are compiled."""
    plain = [name for name in ("ratop_py.flow.engine", "ratop_py.export.lines") if not _compiled(name)]
    if plain:
        words = f"pure-Python engine ({', '.join(plain)}): right, but about 80 times slower"
        fix = f"sudo apt-get install gcc python3-dev; {REBUILD}"
        return Check("engine", False, words, fix)
    return Check("engine", True, "compiled")


def _compiled(name: str) -> bool:
    spec = find_spec(name)
    return bool(spec and spec.origin and not spec.origin.endswith(".py"))


def kernel_filters() -> Check:
    """With libpcap, ratop turns filters into programs for the kernel."""
    from ctypes.util import find_library

    if find_library("pcap") is None:
        words = "no libpcap: filters run in ratop, not in the kernel"
        return Check("libpcap", False, words, "sudo apt-get install libpcap0.8")
    return Check("libpcap", True, "there: packet filters run in the kernel")


def terminal(environ: Mapping[str, str] = os.environ, encoding: str | None = None) -> Iterator[Check]:
    """What the screen can show here."""
    encoding = (encoding or sys.stdout.encoding or "ascii").lower().replace("-", "")
    if encoding == "utf8":
        yield Check("utf-8", True, "the terminal's locale is UTF-8")
    else:
        yield Check(
            "utf-8", False, f"the locale's encoding is {encoding}: some signs will look wrong", "export LC_ALL=C.UTF-8"
        )
    name = environ.get("TERM", "")
    if environ.get("NO_COLOR"):
        yield Check("colours", True, "off, because NO_COLOR is set; marks and words carry everything")
    elif environ.get("COLORTERM", "") in {"truecolor", "24bit"} or name.endswith("-direct"):
        yield Check("colours", True, f"TERM={name}, 16 million")
    elif "256" in name:
        yield Check("colours", True, f"TERM={name}, 256")
    else:
        yield Check("colours", False, f"TERM={name or 'unset'}, few or none", "export TERM=xterm-256color")


def network() -> Check:
    """What is known about the network around, for owners and risk."""
    from ratop_py.net import live

    host = live.read()
    words = f"own addresses: {len(host.own_addresses)}, routes: {len(host.routes)}, routers: {len(host.router_macs)}"
    if host.unknown:
        return Check("network", False, f"{words}. {' '.join(host.unknown)}", f"{as_root()} doctor")
    return Check("network", True, words)


def habits() -> Check:
    """Whether the configuration is right, and whether anything can be remembered."""
    from ratop_py.commands.habits import gather
    from ratop_py.habits.remembered import hindrance

    found = gather({})
    why = hindrance(found.places.state, os.geteuid()) if found.keep else "remember = false"
    words = found.config.path or "no configuration file: the defaults hold"
    if why:
        words += f"; nothing is remembered: {why}"
    notices = found.notices()
    return Check("config", not notices, clean("; ".join(notices) or words, 400), "ratop config --check")


def everything() -> Iterator[Check]:
    """All probes, most important first."""
    yield capture()
    yield interfaces()
    yield kernel_events()
    yield lsof()
    yield psutil()
    yield network()
    yield engine()
    yield kernel_filters()
    yield habits()
    yield from terminal()
