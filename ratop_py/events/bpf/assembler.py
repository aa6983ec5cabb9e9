"""A small assembler: instructions of eBPF collected in order, jumps by name.

Promise: `code()` is what the kernel loads; a label that is missing is a KeyError here, not a refusal there.
Source: RFC 9669 (BPF instruction set). Does not know: helpers, hooks.
"""

from __future__ import annotations

import struct
from enum import IntEnum


class R(IntEnum):
    """Registers: 0 holds results, 1 to 5 arguments (lost by a call), 6 to 9 last, FP ends the stack of 512 bytes."""

    R0 = 0
    R1 = 1
    R2 = 2
    R3 = 3
    R4 = 4
    R5 = 5
    R6 = 6
    R7 = 7
    R8 = 8
    R9 = 9
    FP = 10


SIZES = {1: 0x10, 2: 0x08, 4: 0x00, 8: 0x18}
TESTS = {"==": 0x10, ">": 0x20, ">=": 0x30, "&": 0x40, "!=": 0x50, "<": 0xA0}
OPERATIONS = {"+": 0x00, "&": 0x50, "|": 0x40, "<<": 0x60, ">>": 0x70}
_INSTRUCTION = struct.Struct("<BBhi")


class Assembler:
    """Collects instructions."""

    def __init__(self) -> None:
        self._code: list[tuple[int, int, int, int, int]] = []
        self._labels: dict[str, int] = {}
        self._jumps: dict[int, str] = {}

    def _add(self, op: int, to: int = 0, by: int = 0, offset: int = 0, value: int = 0) -> None:
        self._code.append((op, to, by, offset, value))

    def put(self, to: R, value: int) -> None:
        """to = value"""
        self._add(0xB7, to, value=value)

    def move(self, to: R, by: R, plus: int = 0) -> None:
        """to = by + plus"""
        self._add(0xBF, to, by)
        if plus:
            self._add(0x07, to, value=plus)

    def do(self, to: R, operation: str, value: int) -> None:
        """to = to <operation> value"""
        self._add(0x07 | OPERATIONS[operation], to, value=value)

    def add(self, to: R, by: R) -> None:
        """to = to + by"""
        self._add(0x0F, to, by)

    def subtract(self, to: R, by: R) -> None:
        """to = to - by"""
        self._add(0x1F, to, by)

    def load(self, size: int, to: R, by: R, offset: int = 0) -> None:
        """to = the `size` bytes at by + offset"""
        self._add(0x61 | SIZES[size], to, by, offset)

    def store(self, size: int, to: R, offset: int, by: R) -> None:
        """the `size` bytes at to + offset = by"""
        self._add(0x63 | SIZES[size], to, by, offset)

    def write(self, size: int, to: R, offset: int, value: int) -> None:
        """the `size` bytes at to + offset = value"""
        self._add(0x62 | SIZES[size], to, 0, offset, value)

    def count(self, to: R, by: R) -> None:
        """the 8 bytes at to += by, atomically"""
        self._add(0xDB, to, by)

    def map(self, to: R, descriptor: int) -> None:
        """to = a map; the one instruction that takes two places"""
        self._add(0x18, to, 1, 0, descriptor)
        self._add(0)

    def call(self, helper: int) -> None:
        """Call a helper of the kernel: arguments in R1 to R5, result in R0."""
        self._add(0x85, value=helper)

    def jump(self, label: str) -> None:
        """Go on there."""
        self._jumps[len(self._code)] = label
        self._add(0x05)

    def jump_if(self, left: R, test: str, value: int, label: str) -> None:
        """Go on there if left <test> value; `&`: any of these bits."""
        self._jumps[len(self._code)] = label
        self._add(0x05 | TESTS[test], left, value=value)

    def label(self, name: str) -> None:
        """This place."""
        self._labels[name] = len(self._code)

    def leave(self, value: int) -> None:
        """return value"""
        self.put(R.R0, value)
        self._add(0x95)

    def clear(self, offset: int, size: int) -> None:
        """Zero stack bytes from FP + offset: nothing may be read, or shown to a helper, that was never written."""
        for at in range(offset, offset + size, 8):
            self.write(8, R.FP, at, 0)

    def code(self) -> bytes:
        """The program."""
        out = bytearray()
        for at, (op, to, by, offset, value) in enumerate(self._code):
            if at in self._jumps:
                offset = self._labels[self._jumps[at]] - at - 1
            out += _INSTRUCTION.pack(op, by << 4 | to, offset, value if value < 1 << 31 else value - (1 << 32))
        return bytes(out)
