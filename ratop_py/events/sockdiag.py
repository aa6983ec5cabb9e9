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

from ratop_py.net import netlink
from ratop_py.net.address import V4MAP

SOCK_DIAG_BY_FAMILY = 20
TCPDIAG_GETSOCK = 18
"""TCP of both families at once: it spares the kernel a walk through its whole hash."""
NETLINK_SOCK_DIAG = 4
PROTOCOLS = (socket.IPPROTO_TCP, socket.IPPROTO_UDP, 136, socket.IPPROTO_RAW, 132)
"""inet_diag's modules: also UDP-Lite, raw, SCTP."""
ASK = struct.Struct("=BBBBI48x")
"""family protocol extensions (pad) states id"""
ASK_TCP = struct.Struct("=BBBB48xII")
ALL, HELD = 0xFFFFFFFF, 0xFFFFFFFF & ~(1 << 6)
"""States of TCP: all, and all but TIME_WAIT, of which a busy server has tens of thousands and nobody holds one."""
ROW = struct.Struct("=BBBB2s2s16s16sIQIIIII")
"""family state timer retrans sport dport src dst if cookie expires rqueue wqueue uid inode"""
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
    """All sockets now. OSError: netlink is not to be had, or refused."""
    return [row for _, table in tables(protocols) for row in table]


def tables(protocols: Iterable[int] = PROTOCOLS, states: int = ALL) -> Iterator[tuple[int, list[Row]]]:
    """(protocol, its sockets now) of those that the kernel has a table of. Each question for another makes the kernel
    look for a module. OSError: as `rows`."""
    for proto in protocols:
        answers = list(_answers(proto, states))
        if answers:
            yield proto, [row(each, proto) for told in answers for each in told if len(each) >= ROW.size]


def _answers(proto: int, states: int) -> Iterator[list[bytes]]:
    """What the kernel tells of a protocol; nothing: it has no table of it."""
    if proto == socket.IPPROTO_TCP:
        try:
            body = ASK_TCP.pack(socket.AF_UNSPEC, 0, 0, 0, states, 0)
            yield netlink.told(NETLINK_SOCK_DIAG, TCPDIAG_GETSOCK, body, TCPDIAG_GETSOCK)
        except OSError:
            pass  # not this old question: family by family
        else:
            return
    for family in (socket.AF_INET, socket.AF_INET6):
        body = ASK.pack(family, proto, 0, 0, states)
        try:
            yield netlink.told(NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, body, SOCK_DIAG_BY_FAMILY)
        except FileNotFoundError:
            continue


def row(data: bytes, proto: int) -> Row:
    """One socket; the bytes are enough."""
    family, state, _, _, sport, dport, src, dst, _, cookie, _, _, _, uid, inode = ROW.unpack_from(data)
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


def some_holders(wanted: Iterable[int], proc: Path = PROC) -> dict[int, list[int]]:
    """The same of these inodes, one holder at least: the newest processes are asked first, and no more than need be."""
    found: dict[int, list[int]] = {}
    missing = set(wanted)
    for pid in sorted((int(name) for name in os.listdir(proc) if name.isdigit()), reverse=True):
        if not missing:
            break
        for inode in missing & set(_inodes(proc / str(pid) / "fd")):
            found[inode] = [pid]
        missing -= found.keys()
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
