"""The packet sockets of this network namespace, as the kernel lists them through netlink.

Promise: every packet socket with its inode; a row that is cut is none. Any user may ask.
Source: include/uapi/linux/packet_diag.h, sock_diag(7). Does not know: who holds an inode, what was sent through it.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

from ratop_py.events.sockdiag import NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY
from ratop_py.net import netlink

ASK = struct.Struct("=BBHIII4x")
"""family protocol (pad) inode show cookie"""
ROW = struct.Struct("=BBHIQ")
"""family type protocol inode cookie"""
PACKET = 17
"""AF_PACKET; Python has it on Linux only."""


@dataclass(frozen=True, slots=True)
class PacketRow:
    """One packet socket."""

    type: int
    """SOCK_RAW with, SOCK_DGRAM without the frame's header"""
    protocol: int
    """EtherType that it hears; 3: all, 0: none, so that it can only send."""
    inode: int
    cookie: int


def rows() -> list[PacketRow]:
    """All packet sockets now. OSError: netlink is not to be had, or this kernel lists none."""
    body = ASK.pack(getattr(socket, "AF_PACKET", PACKET), 0, 0, 0, 0, 0)
    told = netlink.told(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, body, SOCK_DIAG_BY_FAMILY)
    return [row for each in told if (row := row_of(each)) is not None]


def row_of(data: bytes) -> PacketRow | None:
    """One message; None: it is cut, or of another family."""
    if len(data) < ROW.size or data[0] != PACKET:
        return None
    _, kind, protocol, inode, cookie = ROW.unpack_from(data)
    return PacketRow(kind, protocol, inode, cookie)
