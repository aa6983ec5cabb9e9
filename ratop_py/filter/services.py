"""Ports by the names of their services: what the system says, and the usual ones where it says nothing.

Promise: a name that belongs to one transport only means that one, as in tcpdump; a number any.
Does not know: names for a number (the exports have those).
"""

from __future__ import annotations

import socket
from functools import lru_cache

TRANSPORTS = ("tcp", "udp", "sctp")
USUAL = {
    "ftp-data": 20, "ftp": 21, "ssh": 22, "telnet": 23, "smtp": 25, "domain": 53, "bootps": 67, "bootpc": 68,
    "tftp": 69, "http": 80, "kerberos": 88, "pop3": 110, "sunrpc": 111, "ntp": 123, "imap2": 143, "snmp": 161,
    "bgp": 179, "ldap": 389, "https": 443, "microsoft-ds": 445, "syslog": 514, "ldaps": 636, "imaps": 993, "pop3s": 995,
    "mdns": 5353,
}  # fmt: skip
"""Names that every system should know (IANA); small containers have no /etc/services."""
TCP_ONLY = frozenset(
    {"ftp-data", "ftp", "ssh", "telnet", "smtp", "http", "pop3", "imap2", "bgp", "ldaps", "imaps", "pop3s"}
)
UDP_ONLY = frozenset({"bootps", "bootpc", "tftp", "ntp", "snmp", "syslog", "mdns"})


def port(text: str, proto: str = "") -> tuple[int, str]:
    """(number, the only transport that is meant: empty for any). ValueError says what was expected."""
    if text.isascii() and text.isdecimal():
        if int(text) > 65535:
            raise ValueError("a port from 0 to 65535 is expected")
        return int(text), ""
    found = named(text)
    if proto:
        found = {transport: number for transport, number in found.items() if transport == proto}
    if not found:
        raise ValueError("a port is expected, a number or a service name")
    numbers = set(found.values())
    return next(iter(found.values())), next(iter(found)) if len(found) == 1 or len(numbers) > 1 else ""


@lru_cache(maxsize=256)
def named(name: str) -> dict[str, int]:
    """Transport → port of a service."""
    found = {transport: number for transport in TRANSPORTS if (number := _of_system(name, transport)) is not None}
    if found or name not in USUAL:
        return found
    which = ("tcp",) if name in TCP_ONLY else ("udp",) if name in UDP_ONLY else ("tcp", "udp")
    return dict.fromkeys(which, USUAL[name])


def _of_system(name: str, transport: str) -> int | None:
    try:
        return socket.getservbyname(name, transport)
    except (OSError, UnicodeError, ValueError):
        return None
