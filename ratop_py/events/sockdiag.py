"""The kernel's socket tables through netlink: every socket of this network namespace with its cookie and inode.

Promise: a protocol that the kernel has no table for is left out; a row that is cut is none. Who holds an inode is what
/proc/PID/fd shows: of everybody with CAP_SYS_PTRACE, else of one's own processes.
Source: include/uapi/linux/inet_diag.h, sock_diag(7). Does not know: processes beyond their number.
"""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ratop_py.net.address import V4MAP

SOCK_DIAG_BY_FAMILY = 20
NETLINK_SOCK_DIAG = 4
REQUEST_DUMP = 0x301
"""NLM_F_REQUEST | NLM_F_DUMP"""
DONE, ERROR = 3, 2
PROTOCOLS = (socket.IPPROTO_TCP, socket.IPPROTO_UDP, 136, socket.IPPROTO_RAW, 132)
"""inet_diag's modules: also UDP-Lite, raw, SCTP."""
HEAD = struct.Struct("=IHHII")
ASK = struct.Struct("=BBBBI48x")
"""family protocol extensions (pad) states id"""
ROW = struct.Struct("=BBBB2s2s16s16sIQIIIII")
"""family state timer retrans sport dport src dst if cookie expires rqueue wqueue uid inode"""
BUFFER = 1 << 20
PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Row:
    """One socket; addresses as 128-bit numbers, 0: any."""

    proto: int
    family: int
    """4 or 6"""
    state: int
    """linux/net/tcp_states.h"""
    local: int
    lport: int
    remote: int
    rport: int
    uid: int
    inode: int
    """0: no process has it."""
    cookie: int


def rows(protocols: Iterable[int] = PROTOCOLS) -> list[Row]:
    """All sockets now. OSError: netlink is not to be had."""
    found: list[Row] = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as link:
        link.settimeout(2.0)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        for proto in protocols:
            for family in (socket.AF_INET, socket.AF_INET6):
                body = ASK.pack(family, proto, 0, 0, 0xFFFFFFFF)
                link.send(HEAD.pack(HEAD.size + len(body), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0) + body)
                while part(link.recv(BUFFER), proto, found):
                    pass
    return found


def part(data: bytes, proto: int, found: list[Row]) -> bool:
    """Take one datagram apart; False: it was the last."""
    at = 0
    while at + HEAD.size <= len(data):
        length, kind, *_ = HEAD.unpack_from(data, at)
        if kind in (DONE, ERROR) or length < HEAD.size:
            return False
        if kind == SOCK_DIAG_BY_FAMILY and length >= HEAD.size + ROW.size and at + length <= len(data):
            found.append(_row(data, at + HEAD.size, proto))
        at += length + 3 & ~3
    return True


def _row(data: bytes, at: int, proto: int) -> Row:
    family, state, _, _, sport, dport, src, dst, _, cookie, _, _, _, uid, inode = ROW.unpack_from(data, at)
    four = family == socket.AF_INET
    return Row(
        proto=proto,
        family=4 if four else 6,
        state=state,
        local=_address(src, four),
        lport=int.from_bytes(sport, "big"),
        remote=_address(dst, four),
        rport=int.from_bytes(dport, "big"),
        uid=uid,
        inode=inode,
        cookie=cookie,
    )


def _address(raw: bytes, four: bool) -> int:
    value = int.from_bytes(raw[:4] if four else raw, "big")
    return V4MAP | value if four and value else value


def holders(proc: Path = PROC) -> dict[int, list[int]]:
    """Socket inode → processes that have it open."""
    found: dict[int, list[int]] = {}
    for pid in sorted(int(name) for name in os.listdir(proc) if name.isdigit()):
        for inode in set(_inodes(proc / str(pid) / "fd")):
            found.setdefault(inode, []).append(pid)
    return found


def _inodes(folder: Path) -> Iterator[int]:
    try:
        entries = list(os.scandir(folder))
    except OSError:  # gone, or not ours to see
        return
    for entry in entries:
        try:
            target = os.readlink(entry.path)
        except OSError:
            continue
        if target.startswith("socket:["):
            yield int(target[8:-1])
