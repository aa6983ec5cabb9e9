"""What kind of link an interface is, and whether it is there and up, as the kernel tells a socket.

Promise: asked in this thread's network namespace, where /sys may show another one.
Source: netdevice(7), linux/if_arp.h, pcap-linktype(7). Does not know: how to capture.
"""

from __future__ import annotations

import fcntl
import socket
import struct

from ratop_py.errors import Exit, RatopError

SIOCGIFFLAGS, SIOCGIFHWADDR = 0x8913, 0x8927
UP = 0x1
ETHERNET, RAW_IP, WIFI, RADIOTAP = 1, 12, 105, 127
LOOPBACK = 772
LINKTYPES = {
    1: ETHERNET,
    LOOPBACK: ETHERNET,
    512: RAW_IP,  # PPP
    519: RAW_IP,  # raw IP of modems
    768: RAW_IP,  # IP in IP
    769: RAW_IP,  # IPv6 in IPv6
    776: RAW_IP,  # 6in4
    778: RAW_IP,  # GRE
    823: RAW_IP,  # GRE over IPv6
    65534: RAW_IP,  # tun, WireGuard
    801: WIFI,
    803: RADIOTAP,
}
"""ARPHRD → link type of what a packet socket gives: for RAW_IP a SOCK_DGRAM one, else SOCK_RAW."""


def hardware(name: str) -> int:
    """ARPHRD number of an interface. RatopError: there is none of that name."""
    return _asked(name, SIOCGIFHWADDR)


def is_up(name: str) -> bool:
    """Whether it is there, and up."""
    try:
        return bool(_asked(name, SIOCGIFFLAGS) & UP)
    except RatopError:
        return False


def _asked(name: str, question: int) -> int:
    """The 16 bits behind the name in a struct ifreq."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        try:
            answer = fcntl.ioctl(any_socket, question, struct.pack("16s24x", name.encode()[:15]))
        except (OSError, UnicodeError):
            raise RatopError(f"no interface is called {name}", exit_code=Exit.NO_SOURCE) from None
    return int(struct.unpack_from("=H", answer, 16)[0])


def number_of(name: str) -> int:
    """Its number in the kernel; 0: there is none."""
    try:
        return socket.if_nametoindex(name)
    except (OSError, ValueError):
        return 0


def name_of(number: int) -> str:
    """Name of the interface with this number; empty: there is none."""
    try:
        return socket.if_indextoname(number)
    except OSError:
        return ""


def exists(name: str) -> bool:
    """Whether there is an interface of that name."""
    return number_of(name) > 0
