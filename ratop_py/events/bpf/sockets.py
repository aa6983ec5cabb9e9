"""Programs on sockets: which process holds or uses one, and who let go of it last.

Promise: they only look: what they see goes on. They run where "current" is the process itself; threads of the kernel
are no process.
Source: include/uapi/linux/bpf.h, include/net/sock.h, include/linux/sched.h. Does not know: where they are attached.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.processes import CGROUP_ID, TASK, UID_GID, kernel_thread, task
from ratop_py.events.bpf.record import AT, SIZE, What
from ratop_py.events.bpf.writer import EVENT, Writer, ended

PID_TGID, COMM, COOKIE, NETNS_COOKIE = 14, 16, 46, 122
"""Helpers (enum bpf_func_id)."""
PASS = 1
"""What a cgroup program returns: the packet or call goes on."""


@dataclass(frozen=True, slots=True)
class Finder:
    """How a program finds its socket."""

    cookie: Callable[[Writer, Assembler], None]
    """Its cookie into R0, what `space` needs into R6; or out."""
    space: Callable[[Writer, Assembler], None]
    """The cookie of its network namespace into the record."""


def owner(writer: Writer, what: What, find: Finder, result: int) -> bytes:
    """The current process holds or uses a socket."""
    a = Assembler()
    find.cookie(writer, a)
    a.move(R.R7, R.R0)
    a.jump_if(R.R7, "==", 0, "out")
    a.call(PID_TGID)
    a.move(R.R8, R.R0)
    a.do(R.R8, ">>", 32)
    a.jump_if(R.R8, "==", 0, "out")  # the idle thread
    a.clear(EVENT, SIZE)
    a.store(8, R.FP, EVENT + AT["cookie"], R.R7)
    a.write(1, R.FP, EVENT + AT["what"], what)
    _as_what(writer, a)
    writer.once(a)
    _process(writer, a, "out")
    if writer.spaces:
        find.space(writer, a)
    writer.send(a)
    return ended(a, result)


def _as_what(writer: Writer, a: Assembler) -> None:
    """No ports and addresses here: in the key stands the process instead (R8), the user that it is now, and the count
    of its execs: as another program or user it is told anew."""
    a.store(4, R.FP, EVENT + AT["lport"], R.R8)
    a.call(UID_GID)
    a.store(4, R.FP, EVENT + AT["local"], R.R0)
    if writer.told == 2:
        a.call(TASK)
        a.load(4, R.R1, R.R0, writer.at("task_struct", "self_exec_id"))
        a.store(4, R.FP, EVENT + AT["remote"], R.R1)


def end(writer: Writer) -> bytes:
    """cgroup/sock_release: the last holder let go, and told who that was: 0 if a thread of the kernel did it later."""
    a = Assembler()
    OF_CONTEXT.cookie(writer, a)
    a.move(R.R7, R.R0)
    a.call(PID_TGID)
    a.move(R.R8, R.R0)
    a.do(R.R8, ">>", 32)
    a.clear(EVENT, SIZE)
    a.store(8, R.FP, EVENT + AT["cookie"], R.R7)
    a.write(1, R.FP, EVENT + AT["what"], What.ENDED)
    _process(writer, a, "nobody")
    if writer.told == 2:
        a.jump("say")
        a.label("nobody")
        a.write(4, R.FP, EVENT + AT["pid"], 0)
        a.label("say")
    if writer.spaces:
        OF_CONTEXT.space(writer, a)
    writer.send(a)
    return ended(a, PASS)


def _process(writer: Writer, a: Assembler, of_kernel: str) -> None:
    """The number of the current process (R8), then what more may be told; on to a label if it is the kernel's."""
    a.store(4, R.FP, EVENT + AT["pid"], R.R8)
    a.call(UID_GID)
    a.store(4, R.FP, EVENT + AT["uid"], R.R0)
    if writer.told == 2:
        a.call(CGROUP_ID)
        a.store(8, R.FP, EVENT + AT["cgroup"], R.R0)
        a.call(TASK)
        kernel_thread(writer, a, R.R0, of_kernel)
        task(writer, a, R.R0, R.FP, EVENT)
    elif writer.told == 1:
        a.move(R.R1, R.FP, EVENT + AT["comm"])
        a.put(R.R2, 16)
        a.call(COMM)


# -- where a socket comes from ---------------------------------------------------------------------------------------


def _context_cookie(_: Writer, a: Assembler) -> None:
    a.move(R.R6, R.R1)
    a.call(COOKIE)


def _context_space(_: Writer, a: Assembler) -> None:
    a.move(R.R1, R.R6)
    a.call(NETNS_COOKIE)
    a.store(8, R.FP, EVENT + AT["netns"], R.R0)


def _argument_cookie(writer: Writer, a: Assembler) -> None:
    a.load(8, R.R6, R.R1, 0)
    a.load(2, R.R1, R.R6, writer.at("sock_common", "skc_family"))  # the first member of every sock
    a.jump_if(R.R1, "==", socket.AF_INET, "inet")
    a.jump_if(R.R1, "!=", socket.AF_INET6, "out")
    a.label("inet")
    a.move(R.R1, R.R6)
    a.call(COOKIE)


def _argument_space(writer: Writer, a: Assembler) -> None:
    a.load(8, R.R1, R.R6, writer.at("sock_common", "skc_net"))
    a.load(8, R.R1, R.R1, writer.at("net", "net_cookie"))
    a.store(8, R.FP, EVENT + AT["netns"], R.R1)


OF_CONTEXT = Finder(_context_cookie, _context_space)
"""Programs of a cgroup: the context stands for the socket."""
OF_ARGUMENT = Finder(_argument_cookie, _argument_space)
"""Tracing programs: the first argument is a `struct sock *`, of any family."""
