"""Whether this process may open a packet socket, and the one command that changes it.

Promise: found out by trying; nothing is captured, nothing stays open. The words name the capability, and tell a
container's root without it from somebody who is not root.
Source: capabilities(7), packet(7). Does not know: interfaces.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

WORDS = "packet sockets need the capability CAP_NET_RAW"
HINT = "sudo ratop   (`ratop doctor` tells how to do without)"
PYTHON = os.path.realpath(sys.executable)
SETCAP = f"sudo setcap cap_net_raw+ep {PYTHON}"
CAVEAT = "then whatever runs on this Python may capture, not only ratop; `setcap -r` takes it back"
CONTAINER = "docker run --cap-add=NET_RAW --network=host …"


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer."""

    allowed: bool
    words: str
    command: str = ""
    """What to type, where it is not allowed."""
    otherwise: str = ""
    """Another way, with what it costs."""


def look(
    open_socket: Callable[..., socket.socket] = socket.socket,
    uid: int | None = None,
    as_root: str = "sudo ratop",
) -> Permit:
    """Try it. `as_root`: how to start the same program as root."""
    if not hasattr(socket, "AF_PACKET"):
        return Permit(True, f"{sys.platform}: through libpcap by scapy; untested, opened when it starts")
    try:
        open_socket(socket.AF_PACKET, socket.SOCK_RAW, 0).close()
    except PermissionError:
        if (os.geteuid() if uid is None else uid) == 0:
            return Permit(False, f"not permitted: root, but without its capabilities; {WORDS}", CONTAINER)
        return Permit(False, f"not permitted: {WORDS}", as_root, f"{SETCAP}; {CAVEAT}")
    except OSError as error:
        return Permit(False, f"this kernel opens no packet socket: {error.strerror}", "sudo modprobe af_packet")
    return Permit(True, "may open packet sockets (AF_PACKET ring)")
