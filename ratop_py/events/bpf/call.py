"""bpf(2): maps, programs and links as file descriptors.

Promise: everything made here lives as long as its descriptor: a process that closes it, or dies, leaves nothing in the
kernel. A refusal is an OSError whose text ends with what the verifier said.
Source: include/uapi/linux/bpf.h, bpf(2), Documentation/bpf. Does not know: what programs do.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from enum import IntEnum

from ratop_py.privilege import Capability, lacking
from ratop_py.safetext import clean

NUMBERS = {"x86_64": 321, "aarch64": 280, "riscv64": 280, "loongarch64": 280, "ppc64le": 361}
"""bpf(2) by machine (arch/*/…/syscall.tbl, include/uapi/asm-generic/unistd.h); little-endian ones only."""
LOG = 1 << 18
"""Bytes of the verifier's log that are asked for, after a refusal."""
TOLD = 300
"""Characters of it that are told."""


class Command(IntEnum):
    """enum bpf_cmd."""

    MAP_CREATE = 0
    PROG_LOAD = 5
    RAW_TRACEPOINT_OPEN = 17
    LINK_CREATE = 28


class MapKind(IntEnum):
    """enum bpf_map_type."""

    ARRAY = 2
    LRU_HASH = 9
    RINGBUF = 27


class ProgramKind(IntEnum):
    """enum bpf_prog_type."""

    CGROUP_SKB = 8
    CGROUP_SOCK = 9
    CGROUP_SOCK_ADDR = 18
    TRACING = 26


_MAP = struct.Struct("<IIIIIII16s")
"""type key_size value_size max_entries flags inner_fd numa name"""
_LOAD = struct.Struct("<IIQQIIQII16sIIIIQIIQIII")
"""type insn_cnt insns license log_level log_size log_buf kern_version flags name ifindex attach_type btf_fd rec_size
func_info func_cnt line_rec line_info line_cnt attach_btf_id attach_prog_fd"""
_LINK = struct.Struct("<IIII")
"""prog_fd target_fd attach_type flags"""
_TRACEPOINT = struct.Struct("<QI")
"""name prog_fd"""


def available() -> str:
    """Why this machine cannot be asked at all; empty: it can."""
    if sys.platform != "linux":
        return "eBPF is Linux's"
    if platform.machine() not in NUMBERS or sys.byteorder != "little":
        return f"the number of bpf(2) on {clean(platform.machine(), 20)} is not known"
    return ""


def bpf(command: Command, attributes: bytes) -> int:
    """The system call. `attributes`: the packed union bpf_attr; what is left out is zero. OSError."""
    if why := available():
        raise OSError(errno.ENOSYS, why)
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(attributes, max(len(attributes), 128))
    while True:
        result = int(libc.syscall(NUMBERS[platform.machine()], int(command), buffer, len(buffer)))
        if result >= 0:
            return result
        error = ctypes.get_errno()
        if error != errno.EAGAIN:  # a signal came in the middle of loading
            raise OSError(error, _refusal(error))


def _refusal(error: int) -> str:
    why = lacking(Capability.BPF, Capability.NET_ADMIN) if error == errno.EPERM else ""
    return f"{os.strerror(error)}{': ' if why else ''}{why}"


MMAPABLE = 1 << 10
"""BPF_F_MMAPABLE (Linux 5.5): an array that may be mapped into memory."""


def create_map(kind: MapKind, key: int, value: int, entries: int, name: str, flags: int = 0) -> int:
    """A map's descriptor; sizes in bytes."""
    return bpf(Command.MAP_CREATE, _MAP.pack(kind, key, value, entries, flags, 0, 0, name.encode()[:15]))


def load(kind: ProgramKind, code: bytes, name: str, *, attach_type: int = 0, btf_id: int = 0) -> int:
    """A program's descriptor. The log is asked for after a refusal only: it costs the kernel much."""
    try:
        return _load(kind, code, name, attach_type, btf_id, None)
    except OSError as error:
        log = ctypes.create_string_buffer(LOG)
        try:
            return _load(kind, code, name, attach_type, btf_id, log)
        except OSError:
            said = clean(" ".join(log.value.decode(errors="replace").split())[-TOLD:])
            raise OSError(error.errno, f"{os.strerror(error.errno or 0)}{': ' if said else ''}{said}") from None


def _load(
    kind: ProgramKind, code: bytes, name: str, attach_type: int, btf_id: int, log: ctypes.Array[ctypes.c_char] | None
) -> int:
    instructions = ctypes.create_string_buffer(code, len(code))
    licence = ctypes.create_string_buffer(b"GPL")  # the kernel lends some helpers only to programs that say so
    place = (0, 0, 0) if log is None else (1, len(log), ctypes.addressof(log))
    head = (kind, len(code) // 8, ctypes.addressof(instructions), ctypes.addressof(licence), *place)
    rest = (0, 0, name.encode()[:15], 0, attach_type, 0, 0, 0, 0, 0, 0, 0, btf_id, 0)
    return bpf(Command.PROG_LOAD, _LOAD.pack(*head, *rest))


def attach_cgroup(program: int, cgroup: int, attach_type: int) -> int:
    """A link (Linux 5.7), beside whatever other programs the group has."""
    return bpf(Command.LINK_CREATE, _LINK.pack(program, cgroup, attach_type, 0))


def attach_tracing(program: int) -> int:
    """A link to what the program's BTF id named when it was loaded."""
    return bpf(Command.RAW_TRACEPOINT_OPEN, _TRACEPOINT.pack(0, program))
