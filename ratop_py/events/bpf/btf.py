"""The kernel's own description of its types: ids by name, places of members.

Promise: a program text fits every kernel that has the members it names; what is not there is a LookupError.
Source: Documentation/bpf/btf.rst, /sys/kernel/btf/vmlinux. Does not know: programs.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

VMLINUX = Path("/sys/kernel/btf/vmlinux")
MAGIC = 0xEB9F


class TypeKind(IntEnum):
    """BTF_KIND_*, of which one asks."""

    STRUCT = 4
    TYPEDEF = 8
    FUNC = 12


UNNAMED_DEPTH = 4
"""Unnamed structures within each other that are looked into."""
_HEAD = struct.Struct("<HBBIIIII")
"""magic version flags hdr_len type_off type_len str_off str_len"""
WORD = 4
_FIXED, _EACH = np.zeros(32, np.uint32), np.zeros(32, np.uint32)
"""Words behind a type's three, by kind: fixed, and for each of its members."""
for _kind, _words in {1: 1, 3: 3, 14: 1, 17: 1}.items():
    _FIXED[_kind] = _words
for _kind, _words in {4: 3, 5: 3, 6: 2, 13: 2, 15: 3, 19: 3}.items():
    _EACH[_kind] = _words


class Btf:
    """One pass over the file at the start. OSError, ValueError: there is none that can be read."""

    def __init__(self, path: Path = VMLINUX) -> None:
        data = path.read_bytes()
        if len(data) < _HEAD.size:
            raise ValueError(f"{path} is no BTF")
        magic, _, _, head, types, size, strings, length = _HEAD.unpack_from(data)
        if magic != MAGIC:
            raise ValueError(f"{path} is no little-endian BTF")
        begin, whole = head + types, size // WORD * WORD
        if len(data) < begin + whole or begin % WORD:
            raise ValueError(f"{path} is cut short")
        self._words = np.frombuffer(data, "<u4", whole // WORD, begin)
        self._texts = data[head + strings : head + strings + length]
        self._places = _chain(self._words)
        self._names = self._words[self._places]
        self._kinds = self._words[self._places + 1] >> 24 & 31

    def id(self, kind: TypeKind, name: str) -> int:
        """A type's id; they count from 1, in the order of the file."""
        at = self._texts.find(b"\0" + name.encode() + b"\0") + 1
        found = np.flatnonzero((self._names == at) & (self._kinds == kind)).tolist() if at else []
        if not found:
            raise LookupError(f"this kernel has no {name}")
        return int(found[0]) + 1

    def offset(self, structure: str, member: str) -> int:
        """Byte offset of a member; those of unnamed structures and unions inside are the outer one's, as in C."""
        found = self._member(self.id(TypeKind.STRUCT, structure), member.encode() + b"\0", UNNAMED_DEPTH)
        if found is None:
            raise LookupError(f"this kernel has no {structure}.{member}")
        return found

    def _member(self, number: int, wanted: bytes, depth: int) -> int | None:
        at = int(self._places[number - 1])
        info = int(self._words[at + 1])
        for name, kind, bits in self._words[at + 3 : at + 3 + 3 * (info & 0xFFFF)].reshape(-1, 3).tolist():
            here = (bits & 0xFFFFFF if info >> 31 else bits) // 8
            if self._texts[name : name + len(wanted)] == wanted:
                return int(here)
            if not name and depth and (inner := self._member(kind, wanted, depth - 1)) is not None:
                return int(here + inner)
        return None


def _chain(words: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Where each type begins: of every word it is known where the next type would be, if one began there."""
    info = np.append(words[1:], np.uint32(0))
    kind = info >> 24 & 31
    following = np.arange(3, len(words) + 3, dtype=np.uint32)
    following += _FIXED[kind]
    following += _EACH[kind] * (info & 0xFFFF)
    steps, places, at, end = following.data, [], 0, len(words)
    while at < end:
        places.append(at)
        at = steps[at]
    if at != end:
        raise ValueError("the types are cut short")
    return np.array(places, np.int64)
