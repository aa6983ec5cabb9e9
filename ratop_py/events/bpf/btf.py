"""The kernel's own description of its types: ids by name, places of members.

Promise: a program text fits every kernel that has the members it names; what is not there is a LookupError.
Source: Documentation/bpf/btf.rst, /sys/kernel/btf/vmlinux. Does not know: programs.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from pathlib import Path

VMLINUX = Path("/sys/kernel/btf/vmlinux")
MAGIC = 0xEB9F


class TypeKind(IntEnum):
    """BTF_KIND_*, of which one asks."""

    STRUCT = 4
    TYPEDEF = 8
    FUNC = 12


_HEAD = struct.Struct("<HBBIIIII")
"""magic version flags hdr_len type_off type_len str_off str_len"""
_BEHIND = {
    1: (4, 0), 3: (12, 0), 4: (0, 12), 5: (0, 12), 6: (0, 8), 13: (0, 8), 14: (4, 0), 15: (0, 12), 17: (4, 0),
    19: (0, 12),
}  # fmt: skip
"""Bytes behind a type's 12, by kind: fixed, and for each of its members."""
ASKED = frozenset(TypeKind)
DEPTH = 4
"""Unnamed structures within each other that are looked into."""


class Btf:
    """One pass over the file at the start, about 0.1 s. OSError, ValueError: there is none that can be read."""

    def __init__(self, path: Path = VMLINUX) -> None:
        data = path.read_bytes()
        if len(data) < _HEAD.size:
            raise ValueError(f"{path} is no BTF")
        magic, _, _, head, types, size, strings, length = _HEAD.unpack_from(data)
        if magic != MAGIC:
            raise ValueError(f"{path} is no little-endian BTF")
        self._data = data
        self._words = data[head + strings : head + strings + length]
        self._places = [0]
        self._ids: dict[tuple[int, int], int] = {}
        try:
            self._walk(head + types, head + types + size)
        except struct.error:
            raise ValueError(f"{path} is cut short") from None

    def _walk(self, at: int, end: int) -> None:
        places, ids, unpack = self._places, self._ids, struct.Struct("<II").unpack_from
        while at < end:
            name, info = unpack(self._data, at)
            kind = info >> 24 & 31
            if kind in ASKED and name:
                ids.setdefault((kind, name), len(places))
            places.append(at)
            fixed, each = _BEHIND.get(kind, (0, 0))
            at += 12 + fixed + each * (info & 0xFFFF)

    def id(self, kind: TypeKind, name: str) -> int:
        """A type's id."""
        at = self._words.find(b"\0" + name.encode() + b"\0") + 1
        found = self._ids.get((kind, at)) if at else None
        if found is None:
            raise LookupError(f"this kernel has no {name}")
        return found

    def offset(self, structure: str, member: str) -> int:
        """Byte offset of a member; those of unnamed structures and unions inside are the outer one's, as in C."""
        found = self._member(self._places[self.id(TypeKind.STRUCT, structure)], member.encode() + b"\0", DEPTH)
        if found is None:
            raise LookupError(f"this kernel has no {structure}.{member}")
        return found

    def _member(self, at: int, wanted: bytes, depth: int) -> int | None:
        (info,) = struct.unpack_from("<I", self._data, at + 4)
        for place in range(at + 12, at + 12 + 12 * (info & 0xFFFF), 12):
            name, kind, bits = struct.unpack_from("<III", self._data, place)
            here = int(bits & 0xFFFFFF if info >> 31 else bits) // 8
            if self._words[name : name + len(wanted)] == wanted:
                return here
            if not name and depth and (inner := self._member(self._places[kind], wanted, depth - 1)) is not None:
                return here + inner
        return None
