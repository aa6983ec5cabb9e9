"""Classic BPF programs: keep everything up to a snap length, or what a tcpdump expression lets through.

Promise: a program is a tuple of instructions as SO_ATTACH_FILTER takes them. Expressions are compiled by libpcap
where it is installed; without it the answer is None, and the caller says that the kernel does not filter.
Source: linux/filter.h, pcap(3). Does not know: sockets, the filter language.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import decode

Instruction = tuple[int, int, int, int]
"""code, jt, jf, k"""
Program = tuple[Instruction, ...]
RETURN = 0x06
"""BPF_RET | BPF_K: keep k bytes."""


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint), ("instructions", ctypes.POINTER(_Instruction))]


def accept(snaplen: int) -> Program:
    """Every frame, its first `snaplen` bytes."""
    return ((RETURN, 0, 0, snaplen),)


def compile_expression(expression: str, linktype: int, snaplen: int) -> Program | None:
    """A tcpdump expression as a program; None: libpcap is not installed. RatopError: libpcap refuses the expression."""
    library = _libpcap()
    if library is None:
        return None
    handle = library.pcap_open_dead(linktype, snaplen)
    program = _Program()
    try:
        if library.pcap_compile(handle, ctypes.byref(program), expression.encode(), 1, 0xFFFFFFFF) != 0:
            words = decode(library.pcap_geterr(handle))
            raise RatopError(f"libpcap refuses “{expression}”: {words}", exit_code=Exit.USAGE)
        found = tuple((each.code, each.jt, each.jf, each.k) for each in program.instructions[: program.length])
        library.pcap_freecode(ctypes.byref(program))
        return found
    finally:
        library.pcap_close(handle)


@cache
def _libpcap() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("pcap")
    if name is None:
        return None
    try:
        library = ctypes.CDLL(name)
    except OSError:
        return None
    library.pcap_open_dead.restype = ctypes.c_void_p
    library.pcap_open_dead.argtypes = [ctypes.c_int, ctypes.c_int]
    library.pcap_compile.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int, ctypes.c_uint]
    library.pcap_geterr.restype = ctypes.c_char_p
    library.pcap_geterr.argtypes = [ctypes.c_void_p]
    library.pcap_freecode.argtypes = [ctypes.c_void_p]
    library.pcap_freecode.restype = None
    library.pcap_close.argtypes = [ctypes.c_void_p]
    library.pcap_close.restype = None
    return library
