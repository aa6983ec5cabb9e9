"""Programs on processes: who begins, and what runs; and what a task says of its process.

Promise: they only look. A name is the process's, not its thread's.
Source: include/linux/sched.h, include/linux/binfmts.h, include/trace/events/sched.h. Does not know: sockets.
"""

from __future__ import annotations

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.record import ARGUMENTS, AT, LONG_SIZE, PATH, SIZE, What
from ratop_py.events.bpf.writer import KTIME, Writer, ended

UID_GID, CGROUP_ID, READ_USER, READ_KERNEL, READ_KERNEL_STR, TASK = 15, 80, 112, 113, 115, 158
"""Helpers (enum bpf_func_id)."""
PF_KTHREAD = 0x00200000
"""Flag of a task that is a thread of the kernel."""


def kernel_thread(writer: Writer, a: Assembler, of: R, label: str) -> None:
    """On to a label if the task is the kernel's own."""
    a.load(4, R.R1, of, writer.at("task_struct", "flags"))
    a.jump_if(R.R1, "&", PF_KTHREAD, label)


def task(writer: Writer, a: Assembler, of: R, to: R, base: int) -> None:
    """Start, parent and name of a task's process, not of its thread."""
    a.load(8, R.R9, of, writer.at("task_struct", "group_leader"))
    a.load(8, R.R1, R.R9, writer.at("task_struct", "start_boottime"))
    a.store(8, to, base + AT["start"], R.R1)
    a.load(8, R.R1, R.R9, writer.at("task_struct", "real_parent"))
    a.load(4, R.R1, R.R1, writer.at("task_struct", "tgid"))
    a.store(4, to, base + AT["ppid"], R.R1)
    a.move(R.R1, to, base + AT["comm"])
    a.put(R.R2, 16)
    a.move(R.R3, R.R9, writer.at("task_struct", "comm"))
    a.call(READ_KERNEL)


def execed(writer: Writer) -> bytes:
    """tp_btf/sched_process_exec (task, old pid, binprm): path and arguments, also of who is gone a moment later."""
    a = Assembler()
    a.load(8, R.R6, R.R1, 16)
    a.load(8, R.R7, R.R1, 0)
    writer.reserve(a, LONG_SIZE)
    _fill(writer, a, What.EXECED)
    a.load(8, R.R3, R.R6, writer.at("linux_binprm", "filename"))
    a.move(R.R1, R.R8, SIZE)
    a.put(R.R2, PATH)
    a.call(READ_KERNEL_STR)
    a.load(8, R.R9, R.R7, writer.at("task_struct", "mm"))
    a.jump_if(R.R9, "==", 0, "send")
    a.load(8, R.R3, R.R9, writer.at("mm_struct", "arg_start"))
    a.load(8, R.R2, R.R9, writer.at("mm_struct", "arg_end"))
    a.subtract(R.R2, R.R3)
    a.jump_if(R.R2, "<", ARGUMENTS, "few")
    a.put(R.R2, ARGUMENTS)
    a.label("few")
    a.move(R.R1, R.R8, SIZE + PATH)
    a.call(READ_USER)
    a.label("send")
    writer.submit(a)
    return ended(a, 0)


def forked(writer: Writer) -> bytes:
    """tp_btf/sched_process_fork (parent, child): a process, not a thread."""
    a = Assembler()
    a.load(8, R.R6, R.R1, 0)
    a.load(8, R.R7, R.R1, 8)
    _leads(writer, a)
    writer.reserve(a, SIZE)
    _fill(writer, a, What.FORKED)
    a.load(8, R.R9, R.R6, writer.at("task_struct", "group_leader"))
    a.load(8, R.R1, R.R9, writer.at("task_struct", "start_boottime"))
    a.store(8, R.R8, AT["cookie"], R.R1)
    a.load(4, R.R1, R.R9, writer.at("task_struct", "tgid"))
    a.store(4, R.R8, AT["ppid"], R.R1)
    writer.submit(a)
    return ended(a, 0)


def _leads(writer: Writer, a: Assembler) -> None:
    """Out, unless the task in R7 stands for its process."""
    a.load(4, R.R1, R.R7, writer.at("task_struct", "pid"))
    a.load(4, R.R2, R.R7, writer.at("task_struct", "tgid"))
    a.subtract(R.R1, R.R2)
    a.jump_if(R.R1, "!=", 0, "out")


def _fill(writer: Writer, a: Assembler, what: What) -> None:
    """The task in R7 into the record in R8."""
    a.call(KTIME)
    a.store(8, R.R8, AT["at"], R.R0)
    a.write(1, R.R8, AT["what"], what)
    a.load(4, R.R1, R.R7, writer.at("task_struct", "tgid"))
    a.store(4, R.R8, AT["pid"], R.R1)
    a.call(UID_GID)
    a.store(4, R.R8, AT["uid"], R.R0)
    a.call(CGROUP_ID)
    a.store(8, R.R8, AT["cgroup"], R.R0)
    task(writer, a, R.R7, R.R8, 0)
