"""Names of ports, from /etc/services.

Promise: only what that file says; a system without it has no names. Read once.
Does not know: which port of a flow is the service.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

SERVICES = Path("/etc/services")
Services = Mapping[tuple[str, int], str]
"""(protocol, port) → name"""


def parse(lines: Iterable[str]) -> Services:
    """The first name of each port wins."""
    found: dict[tuple[str, int], str] = {}
    for line in lines:
        words = line.partition("#")[0].split()
        if len(words) < 2:
            continue
        port, _, proto = words[1].partition("/")
        if port.isascii() and port.isdecimal() and words[0].isascii() and words[0].isprintable():
            found.setdefault((proto.lower(), int(port)), words[0])
    return found


@cache
def read(path: Path = SERVICES) -> Services:
    """The system's names."""
    try:
        with path.open(encoding="utf-8", errors="replace") as lines:
            return parse(lines)
    except OSError:
        return {}
