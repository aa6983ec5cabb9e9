"""What all programs inside the kernel have in common: the record on the stack, its way into the ring, what is counted.

Promise: each fact is told once (`seen` remembers the last 65,536); what finds no room is counted, and told when it is
seen again.
Source: include/uapi/linux/bpf.h (helpers). Does not know: sockets, packets, processes.
"""

from __future__ import annotations

from ratop_py.events.bpf.assembler import Assembler, R
from ratop_py.events.bpf.btf import Btf
from ratop_py.events.bpf.record import AT, KEY, SIZE

LOOKUP, UPDATE, DELETE, KTIME, RING_OUTPUT, RING_RESERVE, RING_SUBMIT = 1, 2, 3, 5, 130, 131, 132
"""Helpers (enum bpf_func_id)."""
NO_WAKEUP = 1
"""BPF_RB_NO_WAKEUP: the reader comes by itself."""
EVENT = -SIZE
"""Where the record is built on the stack."""
SCRATCH = EVENT - 56
"""Below it: 40 bytes of IP header, 8 of what follows, 8 for a map's key or value."""
SLOT = SCRATCH + 48


class Writer:
    """The maps that programs share, and what may be told. `told`: of a process: 2 all, 1 the thread's name, 0 its
    number. `spaces`: whether the network namespace is told."""

    def __init__(self, ring: int, seen: int, lost: int, btf: Btf | None) -> None:
        self.ring, self.seen, self.lost, self.btf = ring, seen, lost, btf
        self.told, self.spaces = (2 if btf else 1), True

    def at(self, structure: str, member: str) -> int:
        """Offset of a member. LookupError: this kernel has none."""
        if self.btf is None:
            raise LookupError("the kernel does not describe its types (no BTF)")
        return self.btf.offset(structure, member)

    def once(self, a: Assembler) -> None:
        """Out, if this fact was told before."""
        for helper, with_value in ((LOOKUP, False), (UPDATE, True)):
            self._seen(a)
            if with_value:
                a.write(8, R.FP, SLOT, 1)
                a.move(R.R3, R.FP, SLOT)
                a.put(R.R4, 0)
            a.call(helper)
            if not with_value:
                a.jump_if(R.R0, "!=", 0, "out")

    def _seen(self, a: Assembler) -> None:
        """The map and the key, as helpers take them."""
        a.map(R.R1, self.seen)
        a.move(R.R2, R.FP, EVENT + KEY[0])

    def send(self, a: Assembler) -> None:
        """The record on the stack, with its time, into the ring. Where there is no room it is to be told next time."""
        a.call(KTIME)
        a.store(8, R.FP, EVENT + AT["at"], R.R0)
        a.map(R.R1, self.ring)
        a.move(R.R2, R.FP, EVENT)
        a.put(R.R3, SIZE)
        a.put(R.R4, NO_WAKEUP)
        a.call(RING_OUTPUT)
        a.jump_if(R.R0, "==", 0, "out")
        self._seen(a)
        a.call(DELETE)
        self._count_lost(a)

    def reserve(self, a: Assembler, size: int) -> None:
        """Room in the ring, zeroed, into R8; `submit` must follow."""
        a.map(R.R1, self.ring)
        a.put(R.R2, size)
        a.put(R.R3, 0)
        a.call(RING_RESERVE)
        a.move(R.R8, R.R0)
        a.jump_if(R.R8, "==", 0, "lost")
        for at in range(0, size, 8):
            a.write(8, R.R8, at, 0)

    def submit(self, a: Assembler) -> None:
        """What was written into R8."""
        a.move(R.R1, R.R8)
        a.put(R.R2, NO_WAKEUP)
        a.call(RING_SUBMIT)
        a.jump("out")
        a.label("lost")
        self._count_lost(a)

    def _count_lost(self, a: Assembler) -> None:
        a.write(4, R.FP, SLOT, 0)
        a.map(R.R1, self.lost)
        a.move(R.R2, R.FP, SLOT)
        a.call(LOOKUP)
        a.jump_if(R.R0, "==", 0, "out")
        a.put(R.R1, 1)
        a.count(R.R0, R.R1)


def ended(a: Assembler, result: int) -> bytes:
    """The program, whose end is `out`."""
    a.label("out")
    a.leave(result)
    return a.code()
