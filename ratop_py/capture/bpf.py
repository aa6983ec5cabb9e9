"""Classic BPF programs: keep everything up to a snap length, or what a tcpdump expression lets through.

Promise: a program is a tuple of instructions as SO_ATTACH_FILTER takes them. Expressions are compiled by libpcap
where it is installed; without it the answer is None, and the caller says that the kernel does not filter.
On a live Ethernet the kernel has taken the VLAN tag off before a filter sees the frame, so that what libpcap makes
of `vlan` for files matches nothing. Given the interface, such an expression is compiled as for a live capture on it:
then the tag is asked of the kernel.
Source: linux/filter.h, pcap(3). Does not know: the filter language.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from ratop_py.errors import Exit, RatopError
from ratop_py.safetext import clean, decode

Instruction = tuple[int, int, int, int]
"""code, jt, jf, k"""
Program = tuple[Instruction, ...]
RETURN = 0x06
"""BPF_RET | BPF_K: keep k bytes."""
ETHERNET = 1
NO_NETMASK = 0xFFFFFFFF
OPTIMIZED = 1
NAMES = ("libpcap.so.1", "libpcap.so.0.8", "libpcap.A.dylib")
TAG = re.compile(r"\bvlan\b")


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_ushort), ("jt", ctypes.c_ubyte), ("jf", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint), ("instructions", ctypes.POINTER(_Instruction))]


def accept(snaplen: int) -> Program:
    """Every frame, its first `snaplen` bytes."""
    return ((RETURN, 0, 0, snaplen),)


def compile_expression(expression: str, linktype: int, snaplen: int, device: str = "") -> Program | None:
    """A tcpdump expression as a program; None: libpcap is not installed. RatopError: libpcap refuses the expression.

    `device`: the interface it is for, needed for `vlan` to work on a live one.
    """
    library = _libpcap()
    if library is None:
        return None
    live = device if linktype == ETHERNET and TAG.search(expression) else ""
    with _handle(library, linktype, snaplen, live) as handle:
        return _compiled(library, handle, expression)


def _compiled(library: ctypes.CDLL, handle: int, expression: str) -> Program:
    program = _Program()
    text = expression.encode("utf-8", "replace")
    if library.pcap_compile(handle, ctypes.byref(program), text, OPTIMIZED, NO_NETMASK) != 0:
        words = decode(library.pcap_geterr(handle))
        raise RatopError(f"libpcap refuses “{clean(expression, 400)}”: {words}", exit_code=Exit.USAGE)
    found = tuple((each.code, each.jt, each.jf, each.k) for each in program.instructions[: program.length])
    library.pcap_freecode(ctypes.byref(program))
    return found


@contextmanager
def _handle(library: ctypes.CDLL, linktype: int, snaplen: int, device: str) -> Iterator[int]:
    """What libpcap compiles for: any capture of this link type, or a live one on a device."""
    handle = _live(library, snaplen, device) if device else library.pcap_open_dead(linktype, snaplen)
    try:
        yield handle
    finally:
        library.pcap_close(handle)


def _live(library: ctypes.CDLL, snaplen: int, device: str) -> int:
    words = ctypes.create_string_buffer(256)
    handle: int | None = library.pcap_create(device.encode(), words)
    if not handle:
        raise RatopError(f"libpcap cannot open {clean(device, 40)}: {decode(words.value)}", exit_code=Exit.NO_SOURCE)
    library.pcap_set_snaplen(handle, snaplen)
    if library.pcap_activate(handle) < 0:
        why = decode(library.pcap_geterr(handle))
        library.pcap_close(handle)
        raise RatopError(
            f"libpcap cannot open {clean(device, 40)} to compile `vlan` for it: {why}", exit_code=Exit.NOT_PERMITTED
        )
    return handle


@cache
def _libpcap() -> ctypes.CDLL | None:
    """The library by its usual names; only then by asking the linker, which starts a process."""
    for name in (*NAMES, ""):
        try:
            found = name or ctypes.util.find_library("pcap")
            return _declared(ctypes.CDLL(found)) if found else None
        except OSError:
            continue
    return None


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """With the types of what is called."""
    pointer, number, text = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    for name, result, arguments in (
        ("pcap_open_dead", pointer, [number, number]),
        ("pcap_create", pointer, [text, text]),
        ("pcap_set_snaplen", number, [pointer, number]),
        ("pcap_activate", number, [pointer]),
        ("pcap_compile", number, [pointer, pointer, text, number, ctypes.c_uint]),
        ("pcap_geterr", text, [pointer]),
        ("pcap_freecode", None, [pointer]),
        ("pcap_close", None, [pointer]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library
