"""The program on packets: these ends are this socket's.

Promise: it only looks: every packet goes on. Nothing of a process is told from a packet's context, where "current" is
whoever was interrupted.
Source: include/uapi/linux/bpf.h (helpers, `__sk_buff`), RFC 791, RFC 8200, RFC 9293. Does not know: where it is
attached.
"""

from __future__ import annotations

import socket

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.record import AT, SIZE, What
from ratop_py.events.bpf.sockets import COOKIE, NETNS_COOKIE, PASS
from ratop_py.events.bpf.writer import EVENT, SCRATCH, Writer, ended

LOAD_BYTES, FULL_SOCK = 26, 95
"""Helpers (enum bpf_func_id)."""
HEADER, NEXT = SCRATCH, SCRATCH + 40
PORTED = (socket.IPPROTO_TCP, socket.IPPROTO_UDP, 132, 136, 33)
"""Protocols whose first four bytes are ports: also SCTP, UDP-Lite, DCCP."""
SKIPPED = (0, 43, 60, 135)
"""IPv6 extension headers with a length of their own: hop-by-hop, routing, destination, mobility (RFC 8200)."""
FRAGMENT = 44
ECHOES = (8, 0, 128, 129)
"""Types of echo requests and replies, ICMP and ICMPv6; none means something else in the other."""
WALKED = 4
"""Extension headers that are walked."""
ETH_IP, ETH_IPV6 = 0x0008, 0xDD86
"""Ethertypes in network order, as `__sk_buff.protocol` has them."""
SKB_PROTOCOL, SKB_SOCK, SOCK_TYPE = 16, 168, 8
"""Offsets: in `__sk_buff`, and of `type` in `bpf_sock`."""
TCP = socket.IPPROTO_TCP
TCP_FLAGS = 13
"""Offset in the TCP header."""
SYN, SYN_ACK = 0x02, 0x12


def packet(writer: Writer, *, sent: bool) -> bytes:
    """cgroup_skb: this socket's packets have these ends. The data begins at the IP header. Of ICMP only what is
    sent counts: every raw socket gets a copy of what comes."""
    mine, theirs = ("local", "remote") if sent else ("remote", "local")
    a = Assembler()
    a.move(R.R6, R.R1)
    a.call(COOKIE)
    a.jump_if(R.R0, "==", 0, "out")  # forwarded, or the kernel's own
    a.move(R.R7, R.R0)
    a.clear(SCRATCH, SIZE + 56)
    a.store(8, R.FP, EVENT + AT["cookie"], R.R7)
    a.write(1, R.FP, EVENT + AT["what"], What.TIED)
    a.load(4, R.R1, R.R6, SKB_PROTOCOL)
    a.jump_if(R.R1, "==", ETH_IP, "four")
    a.jump_if(R.R1, "!=", ETH_IPV6, "out")
    _six(a, mine, theirs)
    a.jump("behind")
    _four(a, mine, theirs)
    a.label("behind")
    a.store(1, R.FP, EVENT + AT["proto"], R.R9)
    if not sent:
        a.jump_if(R.R9, "==", socket.IPPROTO_ICMP, "out")
        a.jump_if(R.R9, "==", socket.IPPROTO_ICMPV6, "out")
    _ports(a, mine, theirs, sent=sent)
    a.jump_if(R.R9, "!=", TCP, "say")
    _listens(a, SYN_ACK if sent else SYN)
    a.label("say")
    writer.once(a)
    if writer.spaces:
        a.move(R.R1, R.R6)
        a.call(NETNS_COOKIE)
        a.store(8, R.FP, EVENT + AT["netns"], R.R0)
    writer.send(a)
    return ended(a, PASS)


def _listens(a: Assembler, opening: int) -> None:
    """Whether this TCP packet (its header begins at R8) comes to, or from, a listening socket."""
    a.do(R.R8, "+", TCP_FLAGS)
    _bytes(a, NEXT, 1, at=R.R8)
    a.load(1, R.R1, R.FP, NEXT)
    a.do(R.R1, "&", SYN_ACK)
    a.jump_if(R.R1, "!=", opening, "say")
    a.write(4, R.FP, EVENT + AT["listens"], 1)


def _four(a: Assembler, mine: str, theirs: str) -> None:
    """IPv4: protocol into R9, length of the header into R8."""
    a.label("four")
    _bytes(a, HEADER, 20)
    a.write(1, R.FP, EVENT + AT["family"], 4)
    a.load(2, R.R1, R.FP, HEADER + 6)
    a.jump_if(R.R1, "&", 0xFF1F, "out")  # a later fragment has no ports
    for name, at in ((mine, 12), (theirs, 16)):
        a.load(4, R.R1, R.FP, HEADER + at)
        a.store(4, R.FP, EVENT + AT[name], R.R1)
    a.load(1, R.R9, R.FP, HEADER + 9)
    a.load(1, R.R8, R.FP, HEADER)
    a.do(R.R8, "&", 15)
    a.do(R.R8, "<<", 2)


def _six(a: Assembler, mine: str, theirs: str) -> None:
    """IPv6: the same, past its extension headers."""
    _bytes(a, HEADER, 40)
    a.write(1, R.FP, EVENT + AT["family"], 6)
    for name, at in ((mine, 8), (theirs, 24)):
        for half in (0, 8):
            a.load(8, R.R1, R.FP, HEADER + at + half)
            a.store(8, R.FP, EVENT + AT[name] + half, R.R1)
    a.load(1, R.R9, R.FP, HEADER + 6)
    a.put(R.R8, 40)
    for number in range(WALKED):
        _extension(a, number)


def _extension(a: Assembler, number: int) -> None:
    """Past one extension header, if it is one."""
    for kind in SKIPPED:
        a.jump_if(R.R9, "==", kind, f"skip {number}")
    a.jump_if(R.R9, "!=", FRAGMENT, "behind")
    _bytes(a, NEXT, 8, at=R.R8)
    a.load(2, R.R1, R.FP, NEXT + 2)
    a.jump_if(R.R1, "&", 0xF8FF, "out")  # a later fragment: offset, network order
    a.load(1, R.R9, R.FP, NEXT)
    a.do(R.R8, "+", 8)
    a.jump(f"done {number}")
    a.label(f"skip {number}")
    _bytes(a, NEXT, 8, at=R.R8)
    a.load(1, R.R9, R.FP, NEXT)
    a.load(1, R.R1, R.FP, NEXT + 1)
    a.do(R.R1, "+", 1)
    a.do(R.R1, "<<", 3)
    a.add(R.R8, R.R1)
    a.label(f"done {number}")


def _ports(a: Assembler, mine: str, theirs: str, *, sent: bool) -> None:
    """Ports, of an echo its identifier twice, as the flow table has them; others have none. A raw socket gets a copy of
    what comes to others."""
    for proto in PORTED:
        a.jump_if(R.R9, "==", proto, "ports")
    a.jump_if(R.R9, "==", socket.IPPROTO_ICMP, "icmp")
    a.jump_if(R.R9, "!=", socket.IPPROTO_ICMPV6, "say")
    a.label("icmp")
    _bytes(a, NEXT, 8, at=R.R8)
    a.load(1, R.R1, R.FP, NEXT)
    for kind in ECHOES:
        a.jump_if(R.R1, "==", kind, "echo")
    a.jump("say")
    a.label("echo")
    a.load(2, R.R1, R.FP, NEXT + 4)
    a.store(2, R.FP, EVENT + AT["lport"], R.R1)
    a.store(2, R.FP, EVENT + AT["rport"], R.R1)
    a.jump("say")
    a.label("ports")
    if not sent:
        a.load(8, R.R1, R.R6, SKB_SOCK)
        a.jump_if(R.R1, "==", 0, "meant")
        a.call(FULL_SOCK)
        a.jump_if(R.R0, "==", 0, "meant")
        a.load(4, R.R1, R.R0, SOCK_TYPE)
        a.jump_if(R.R1, "==", socket.SOCK_RAW, "out")
        a.label("meant")
    _bytes(a, NEXT, 4, at=R.R8)
    for name, at in ((mine, 0), (theirs, 2)):
        a.load(2, R.R1, R.FP, NEXT + at)
        a.store(2, R.FP, EVENT + AT["lport" if name == "local" else "rport"], R.R1)


def _bytes(a: Assembler, to: int, size: int, *, at: R | None = None) -> None:
    """Bytes of the packet (context in R6) onto the stack."""
    a.move(R.R1, R.R6)
    if at is None:
        a.put(R.R2, 0)
    else:
        a.move(R.R2, at)
    a.move(R.R3, R.FP, to)
    a.put(R.R4, size)
    a.call(LOAD_BYTES)
    a.jump_if(R.R0, "!=", 0, "out")
