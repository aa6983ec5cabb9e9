"""Where the programs are attached, as far as kernel and privileges allow, and what is missing.

Promise: what cannot be attached is left out and named with its reason; `close`, or the end of the process, takes all
of it out of the kernel again.
Source: Documentation/bpf/prog_cgroup_*.rst, include/uapi/linux/bpf.h (enum bpf_attach_type). Does not know: what the
records mean.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import dataclass

from ratop_py.events.bpf.btf import Btf, TypeKind
from ratop_py.events.bpf.call import MMAPABLE, MapKind, ProgramKind, attach_cgroup, attach_tracing, create_map, load
from ratop_py.events.bpf.packets import packet
from ratop_py.events.bpf.processes import execed, forked
from ratop_py.events.bpf.record import KEY, SIZE, What
from ratop_py.events.bpf.ring import Counter, Ring
from ratop_py.events.bpf.sockets import OF_ARGUMENT, OF_CONTEXT, PASS, end, owner
from ratop_py.events.bpf.writer import Writer
from ratop_py.safetext import words_of

RING_BYTES = 4 << 20
SEEN = 1 << 16
"""Facts remembered, so that each is told once."""
TRACE_RAW_TP = 23
"""BPF_TRACE_RAW_TP: a tracepoint with typed arguments (tp_btf)."""


@dataclass(frozen=True, slots=True)
class CgroupHook:
    """A place where sockets of a cgroup pass."""

    name: str
    kind: ProgramKind
    attach: int
    """enum bpf_attach_type"""
    write: Callable[[Writer], bytes]


def _owner(what: What) -> Callable[[Writer], bytes]:
    return lambda writer: owner(writer, what, OF_CONTEXT, PASS)


CGROUP_HOOKS = (
    CgroupHook("sock_create", ProgramKind.CGROUP_SOCK, 2, _owner(What.HELD)),
    CgroupHook("sock_release", ProgramKind.CGROUP_SOCK, 34, end),
    CgroupHook("egress", ProgramKind.CGROUP_SKB, 1, lambda writer: packet(writer, sent=True)),
    CgroupHook("ingress", ProgramKind.CGROUP_SKB, 0, lambda writer: packet(writer, sent=False)),
    CgroupHook("connect4", ProgramKind.CGROUP_SOCK_ADDR, 10, _owner(What.HELD)),
    CgroupHook("connect6", ProgramKind.CGROUP_SOCK_ADDR, 11, _owner(What.HELD)),
    CgroupHook("sendmsg4", ProgramKind.CGROUP_SOCK_ADDR, 14, _owner(What.USED)),
    CgroupHook("sendmsg6", ProgramKind.CGROUP_SOCK_ADDR, 15, _owner(What.USED)),
    CgroupHook("recvmsg4", ProgramKind.CGROUP_SOCK_ADDR, 19, _owner(What.USED)),
    CgroupHook("recvmsg6", ProgramKind.CGROUP_SOCK_ADDR, 20, _owner(What.USED)),
)
TRACEPOINTS: dict[str, Callable[[Writer], bytes]] = {
    "sock_send_length": lambda writer: owner(writer, What.USED, OF_ARGUMENT, 0),
    "sock_recv_length": lambda writer: owner(writer, What.USED, OF_ARGUMENT, 0),
    "sched_process_exec": execed,
    "sched_process_fork": forked,
}
NEEDED = frozenset({"egress", "ingress", "sock_create"})
"""Without these no flow finds its socket."""


class Hooks:
    """Attached from the moment it is made. OSError: nothing could be made at all."""

    def __init__(self, cgroup: int, *, tracing: bool = True) -> None:
        """`cgroup`: descriptor of the group below which sockets are watched; it is closed with the rest."""
        self.active: list[str] = []
        self.missing: dict[str, str] = {}
        """Hook → why it is not there."""
        self._descriptors = [cgroup]
        self._ring: Ring | None = None
        self._lost: Counter | None = None
        try:
            self._make(cgroup, tracing)
        except BaseException:
            self.close()
            raise

    def _make(self, cgroup: int, tracing: bool) -> None:
        with suppress(OSError, ValueError):  # before Linux 5.11 maps count as locked memory
            resource.setrlimit(resource.RLIMIT_MEMLOCK, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        ring = self._kept(create_map(MapKind.RINGBUF, 0, 0, RING_BYTES, "ratop_events"))
        self._ring = Ring(ring, RING_BYTES)
        seen = self._kept(create_map(MapKind.LRU_HASH, KEY[1], 8, SEEN, "ratop_seen"))
        lost = self._kept(create_map(MapKind.ARRAY, 4, 8, 1, "ratop_lost", MMAPABLE))
        self._lost = Counter(lost)
        btf = self._btf() if tracing else None  # after the maps: who may not make them need not wait for it
        self._writer = Writer(ring, seen, lost, btf)
        self._attach_all(cgroup, btf)

    def _kept(self, descriptor: int) -> int:
        self._descriptors.append(descriptor)
        return descriptor

    def _btf(self) -> Btf | None:
        try:
            return Btf()
        except (OSError, ValueError) as error:
            self.missing["types"] = words_of(error)
            return None

    def _attach_all(self, group: int, btf: Btf | None) -> None:
        for hook in CGROUP_HOOKS:
            with _Attempt(self, hook.name):
                program = self._kept(self._load(hook))
                self._kept(attach_cgroup(program, group, hook.attach))
        for name, write in TRACEPOINTS.items() if btf else ():
            with _Attempt(self, name):
                assert btf is not None
                number = btf.id(TypeKind.TYPEDEF, f"btf_trace_{name}")
                self._kept(attach_tracing(self._kept(self._load_tracing(name, write, number))))

    def _load(self, hook: CgroupHook) -> int:
        """With all that can be told; where the kernel is older, or privileges are few (no CAP_PERFMON), with less."""
        for told in range(self._writer.told, -1, -1):
            for spaces in (True, False):
                try:
                    return load(hook.kind, self._written(hook.write, told, spaces), hook.name, attach_type=hook.attach)
                except OSError:
                    if not told and not spaces:
                        raise
        raise AssertionError

    def _load_tracing(self, name: str, write: Callable[[Writer], bytes], number: int) -> int:
        try:
            code = self._written(write, self._writer.told, spaces=True)
        except LookupError:  # before Linux 5.14 a network namespace has no number of its own
            code = self._written(write, self._writer.told, spaces=False)
        return load(ProgramKind.TRACING, code, name[:15], attach_type=TRACE_RAW_TP, btf_id=number)

    def _written(self, write: Callable[[Writer], bytes], told: int, spaces: bool) -> bytes:
        writer = copy(self._writer)
        writer.told, writer.spaces = told, spaces
        return write(writer)

    @property
    def works(self) -> bool:
        """Whether flows can find their sockets."""
        return NEEDED.issubset(self.active)

    def runs(self) -> Iterator[memoryview]:
        """What the programs told since the last call, as `Ring.runs` has it."""
        return self._ring.runs(SIZE) if self._ring is not None else iter(())

    @property
    def empty(self) -> bool:
        """Whether nothing was told since the last call of `runs`."""
        return self._ring is None or self._ring.empty

    def lost(self) -> int:
        """Records for which the ring had no room."""
        return int(self._lost) if self._lost is not None else 0

    def close(self) -> None:
        """Take all of it out of the kernel."""
        for memory in (self._ring, self._lost):
            if memory is not None:
                memory.close()
        self._ring = self._lost = None
        for descriptor in reversed(self._descriptors):
            os.close(descriptor)
        self._descriptors.clear()


class _Attempt:
    """What fails inside is noted as missing."""

    def __init__(self, hooks: Hooks, name: str) -> None:
        self._hooks, self._name = hooks, name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            self._hooks.active.append(self._name)
        elif isinstance(error, (OSError, LookupError)):
            self._hooks.missing[self._name] = words_of(error, 300)
        else:
            return False
        return True
