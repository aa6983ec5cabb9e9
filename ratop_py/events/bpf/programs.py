"""The programs that run inside the kernel: who holds a socket, which packets are its own, who begins and ends.

Promise: they only look: a cgroup program lets every packet and call pass; each fact is told once (`seen` remembers the
last 65,536); what finds no room is counted. Nothing of a process is told from a packet's context, where "current" is
whoever was interrupted.
Source: include/uapi/linux/bpf.h (helpers, contexts). Does not know: where they are attached, who reads.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.btf import Btf
from ratop_py.events.bpf.record import ARGUMENTS, AT, KEY, LONG_SIZE, PATH, SIZE, What

LOOKUP, UPDATE, KTIME, PID_TGID, UID_GID, COMM, LOAD_BYTES, COOKIE, CGROUP_ID = 1, 2, 5, 14, 15, 16, 26, 46, 80
READ_USER, READ_KERNEL, READ_KERNEL_STR, RING_OUTPUT, RING_RESERVE, RING_SUBMIT, TASK = (
    112,
    113,
    115,
    130,
    131,
    132,
    158,
)
"""Helpers (enum bpf_func_id)."""
NO_WAKEUP = 1
"""BPF_RB_NO_WAKEUP: the reader comes by itself."""
EVENT = -SIZE
"""Where the record is built on the stack."""
SCRATCH = EVENT - 56
"""Below it: 40 bytes of IP header, 8 of what follows, 8 for a map's key or value."""
HEADER, NEXT, SLOT = SCRATCH, SCRATCH + 40, SCRATCH + 48
PASS = 1
"""What a cgroup program returns: the packet or call goes on."""
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
SKB_PROTOCOL = 16
"""Offset of it."""

Finder = Callable[[Assembler], None]
"""Leaves a socket's cookie in R0, or jumps to `out`."""


class Programs:
    """Writes them, all for the same maps. `told`: what of a process: 2 all, 1 the thread's name, 0 its number."""

    def __init__(self, ring: int, seen: int, lost: int, btf: Btf | None) -> None:
        self.ring, self.seen, self.lost, self.btf = ring, seen, lost, btf
        self.told = 2 if btf else 1

    # -- sockets and their processes -----------------------------------------------------------------------------------

    def owner(self, what: What, find: Finder, result: int) -> bytes:
        """The current process holds or uses a socket; for hooks that run in its own context."""
        a = Assembler()
        find(a)
        a.move(R.R7, R.R0)
        a.jump_if(R.R7, "==", 0, "out")
        a.call(PID_TGID)
        a.move(R.R8, R.R0)
        a.clear(EVENT, SIZE)
        a.store(8, R.FP, EVENT + AT["cookie"], R.R7)
        a.write(1, R.FP, EVENT + AT["what"], what)
        a.move(R.R1, R.R8)
        a.do(R.R1, ">>", 32)
        a.jump_if(R.R1, "==", 0, "out")  # a thread of the kernel
        a.store(4, R.FP, EVENT + AT["lport"], R.R1)  # no port here: the process stands in the key instead
        self._once(a)
        a.write(4, R.FP, EVENT + AT["lport"], 0)
        self._process(a)
        self._send(a)
        return self._ended(a, result)

    def end(self) -> bytes:
        """cgroup/sock_release: the last holder let go, and told who that was."""
        a = Assembler()
        a.call(COOKIE)
        a.move(R.R7, R.R0)
        a.call(PID_TGID)
        a.move(R.R8, R.R0)
        a.clear(EVENT, SIZE)
        a.store(8, R.FP, EVENT + AT["cookie"], R.R7)
        a.write(1, R.FP, EVENT + AT["what"], What.ENDED)
        self._process(a)
        self._send(a)
        return self._ended(a, PASS)

    def _process(self, a: Assembler) -> None:
        """Numbers of the current process (R8: pid and tid), then what more may be told."""
        a.store(4, R.FP, EVENT + AT["tid"], R.R8)
        a.do(R.R8, ">>", 32)
        a.store(4, R.FP, EVENT + AT["pid"], R.R8)
        a.call(UID_GID)
        a.store(4, R.FP, EVENT + AT["uid"], R.R0)
        if self.told == 2:
            a.call(CGROUP_ID)
            a.store(8, R.FP, EVENT + AT["cgroup"], R.R0)
            a.call(TASK)
            self._task(a, R.R0, R.FP, EVENT)
        elif self.told == 1:
            a.move(R.R1, R.FP, EVENT + AT["comm"])
            a.put(R.R2, 16)
            a.call(COMM)

    def _task(self, a: Assembler, task: R, to: R, base: int) -> None:
        """Start, parent and name of a task's process, not of its thread."""
        a.load(8, R.R9, task, self._at("task_struct", "group_leader"))
        a.load(8, R.R1, R.R9, self._at("task_struct", "start_boottime"))
        a.store(8, to, base + AT["start"], R.R1)
        a.load(8, R.R1, R.R9, self._at("task_struct", "real_parent"))
        a.load(4, R.R1, R.R1, self._at("task_struct", "tgid"))
        a.store(4, to, base + AT["ppid"], R.R1)
        a.move(R.R1, to, base + AT["comm"])
        a.put(R.R2, 16)
        a.move(R.R3, R.R9, self._at("task_struct", "comm"))
        a.call(READ_KERNEL)

    # -- packets -------------------------------------------------------------------------------------------------------

    def packet(self, *, sent: bool) -> bytes:
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
        self._six(a, mine, theirs)
        a.jump("behind")
        self._four(a, mine, theirs)
        a.label("behind")
        a.store(1, R.FP, EVENT + AT["proto"], R.R9)
        if not sent:
            a.jump_if(R.R9, "==", socket.IPPROTO_ICMP, "out")
            a.jump_if(R.R9, "==", socket.IPPROTO_ICMPV6, "out")
        self._ports(a, mine, theirs)
        a.label("say")
        self._once(a)
        self._send(a)
        return self._ended(a, PASS)

    def _four(self, a: Assembler, mine: str, theirs: str) -> None:
        """IPv4: protocol into R9, length of the header into R8."""
        a.label("four")
        self._bytes(a, HEADER, 20)
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

    def _six(self, a: Assembler, mine: str, theirs: str) -> None:
        """IPv6: the same, past its extension headers."""
        self._bytes(a, HEADER, 40)
        a.write(1, R.FP, EVENT + AT["family"], 6)
        for name, at in ((mine, 8), (theirs, 24)):
            for half in (0, 8):
                a.load(8, R.R1, R.FP, HEADER + at + half)
                a.store(8, R.FP, EVENT + AT[name] + half, R.R1)
        a.load(1, R.R9, R.FP, HEADER + 6)
        a.put(R.R8, 40)
        for number in range(WALKED):
            self._extension(a, number)

    def _extension(self, a: Assembler, number: int) -> None:
        """Past one extension header, if it is one."""
        for kind in SKIPPED:
            a.jump_if(R.R9, "==", kind, f"skip {number}")
        a.jump_if(R.R9, "!=", FRAGMENT, "behind")
        self._bytes(a, NEXT, 8, at=R.R8)
        a.load(2, R.R1, R.FP, NEXT + 2)
        a.jump_if(R.R1, "&", 0xF8FF, "out")  # a later fragment: offset, network order
        a.load(1, R.R9, R.FP, NEXT)
        a.do(R.R8, "+", 8)
        a.jump(f"done {number}")
        a.label(f"skip {number}")
        self._bytes(a, NEXT, 8, at=R.R8)
        a.load(1, R.R9, R.FP, NEXT)
        a.load(1, R.R1, R.FP, NEXT + 1)
        a.do(R.R1, "+", 1)
        a.do(R.R1, "<<", 3)
        a.add(R.R8, R.R1)
        a.label(f"done {number}")

    def _ports(self, a: Assembler, mine: str, theirs: str) -> None:
        """Ports, of an echo its identifier twice, as the flow table has them; others have none."""
        for proto in PORTED:
            a.jump_if(R.R9, "==", proto, "ports")
        a.jump_if(R.R9, "==", socket.IPPROTO_ICMP, "icmp")
        a.jump_if(R.R9, "!=", socket.IPPROTO_ICMPV6, "say")
        a.label("icmp")
        self._bytes(a, NEXT, 8, at=R.R8)
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
        self._bytes(a, NEXT, 4, at=R.R8)
        for name, at in ((mine, 0), (theirs, 2)):
            a.load(2, R.R1, R.FP, NEXT + at)
            a.store(2, R.FP, EVENT + AT["lport" if name == "local" else "rport"], R.R1)

    @staticmethod
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

    # -- processes -----------------------------------------------------------------------------------------------------

    def execed(self) -> bytes:
        """tp_btf/sched_process_exec (task, old pid, binprm): path and arguments, also of who is gone a moment later."""
        a = Assembler()
        a.load(8, R.R6, R.R1, 16)
        a.load(8, R.R7, R.R1, 0)
        self._reserve(a, LONG_SIZE)
        self._fill(a, What.EXECED)
        a.load(8, R.R3, R.R6, self._at("linux_binprm", "filename"))
        a.move(R.R1, R.R8, SIZE)
        a.put(R.R2, PATH)
        a.call(READ_KERNEL_STR)
        a.load(8, R.R9, R.R7, self._at("task_struct", "mm"))
        a.jump_if(R.R9, "==", 0, "send")
        a.load(8, R.R3, R.R9, self._at("mm_struct", "arg_start"))
        a.load(8, R.R2, R.R9, self._at("mm_struct", "arg_end"))
        a.subtract(R.R2, R.R3)
        a.jump_if(R.R2, "<", ARGUMENTS, "few")
        a.put(R.R2, ARGUMENTS)
        a.label("few")
        a.move(R.R1, R.R8, SIZE + PATH)
        a.call(READ_USER)
        a.label("send")
        self._submit(a)
        return self._ended(a, 0)

    def forked(self) -> bytes:
        """tp_btf/sched_process_fork (parent, child): a process, not a thread."""
        a = Assembler()
        a.load(8, R.R6, R.R1, 0)
        a.load(8, R.R7, R.R1, 8)
        self._leads(a)
        self._reserve(a, SIZE)
        self._fill(a, What.FORKED)
        a.load(8, R.R9, R.R6, self._at("task_struct", "group_leader"))
        a.load(8, R.R1, R.R9, self._at("task_struct", "start_boottime"))
        a.store(8, R.R8, AT["cookie"], R.R1)
        a.load(4, R.R1, R.R9, self._at("task_struct", "tgid"))
        a.store(4, R.R8, AT["ppid"], R.R1)
        self._submit(a)
        return self._ended(a, 0)

    def _leads(self, a: Assembler) -> None:
        """Out, unless the task in R7 stands for its process."""
        a.load(4, R.R1, R.R7, self._at("task_struct", "pid"))
        a.load(4, R.R2, R.R7, self._at("task_struct", "tgid"))
        a.subtract(R.R1, R.R2)
        a.jump_if(R.R1, "!=", 0, "out")

    def _reserve(self, a: Assembler, size: int) -> None:
        """Room in the ring, zeroed, into R8."""
        a.map(R.R1, self.ring)
        a.put(R.R2, size)
        a.put(R.R3, 0)
        a.call(RING_RESERVE)
        a.move(R.R8, R.R0)
        a.jump_if(R.R8, "==", 0, "lost")
        for at in range(0, size, 8):
            a.write(8, R.R8, at, 0)

    def _fill(self, a: Assembler, what: What) -> None:
        """The task in R7 into the record in R8."""
        a.call(KTIME)
        a.store(8, R.R8, AT["at"], R.R0)
        a.write(1, R.R8, AT["what"], what)
        a.load(4, R.R1, R.R7, self._at("task_struct", "tgid"))
        a.store(4, R.R8, AT["pid"], R.R1)
        a.call(UID_GID)
        a.store(4, R.R8, AT["uid"], R.R0)
        a.call(CGROUP_ID)
        a.store(8, R.R8, AT["cgroup"], R.R0)
        self._task(a, R.R7, R.R8, 0)

    def _submit(self, a: Assembler) -> None:
        a.move(R.R1, R.R8)
        a.put(R.R2, NO_WAKEUP)
        a.call(RING_SUBMIT)
        a.jump("out")
        a.label("lost")
        self._lost(a)

    # -- what all have -------------------------------------------------------------------------------------------------

    def _at(self, structure: str, member: str) -> int:
        if self.btf is None:
            raise LookupError("the kernel does not describe its types (no BTF)")
        return self.btf.offset(structure, member)

    def _once(self, a: Assembler) -> None:
        """Out, if this fact was told before."""
        for helper, with_value in ((LOOKUP, False), (UPDATE, True)):
            a.map(R.R1, self.seen)
            a.move(R.R2, R.FP, EVENT + KEY[0])
            if with_value:
                a.write(8, R.FP, SLOT, 1)
                a.move(R.R3, R.FP, SLOT)
                a.put(R.R4, 0)
            a.call(helper)
            if not with_value:
                a.jump_if(R.R0, "!=", 0, "out")

    def _send(self, a: Assembler) -> None:
        """The record on the stack, with its time, into the ring."""
        a.call(KTIME)
        a.store(8, R.FP, EVENT + AT["at"], R.R0)
        a.map(R.R1, self.ring)
        a.move(R.R2, R.FP, EVENT)
        a.put(R.R3, SIZE)
        a.put(R.R4, NO_WAKEUP)
        a.call(RING_OUTPUT)
        a.jump_if(R.R0, "==", 0, "out")
        self._lost(a)

    def _lost(self, a: Assembler) -> None:
        a.write(4, R.FP, SLOT, 0)
        a.map(R.R1, self.lost)
        a.move(R.R2, R.FP, SLOT)
        a.call(LOOKUP)
        a.jump_if(R.R0, "==", 0, "out")
        a.put(R.R1, 1)
        a.count(R.R0, R.R1)

    @staticmethod
    def _ended(a: Assembler, result: int) -> bytes:
        a.label("out")
        a.leave(result)
        return a.code()

    # -- where a cookie comes from -------------------------------------------------------------------------------------

    @staticmethod
    def of_context(a: Assembler) -> None:
        """Programs of a cgroup on sockets: the context stands for the socket."""
        a.call(COOKIE)

    def of_argument(self, a: Assembler) -> None:
        """Tracing programs: the first argument is a `struct sock *`, of any family."""
        a.load(8, R.R6, R.R1, 0)
        a.load(2, R.R1, R.R6, self._at("sock_common", "skc_family"))  # the first member of every sock
        a.jump_if(R.R1, "==", socket.AF_INET, "inet")
        a.jump_if(R.R1, "!=", socket.AF_INET6, "out")
        a.label("inet")
        a.move(R.R1, R.R6)
        a.call(COOKIE)
