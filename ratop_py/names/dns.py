"""Messages of DNS, multicast DNS and LLMNR: which address was said to have which name.

Promise: any bytes give an answer, in time that grows with their number; a name that points to itself ends. A message
that is cut gives what stands before the cut. What counts of an answer is the name that was asked for: a chain of CNAMEs
from it is followed, records that do not belong to it are not believed.
Source: RFC 1035, 3596, 6762, 4795. Does not know: who asked, whether it is true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from struct import Struct

from ratop_py.names.spelling import labelled

A, CNAME, PTR, AAAA = 1, 5, 12, 28
HEADER, QUESTION, RECORD = Struct(">HHHHHH"), Struct(">HH"), Struct(">HHIH")
V4MAP = 0xFFFF00000000
MOST = 64
"""Records of a message that are looked at."""
MOST_LABELS = 64
LONGEST_CHAIN = 16
QUERY_OR_ANSWER, OPCODE, FAILED = 0x8000, 0x7800, 0x000F
INTERNET = 1
FLUSH = 0x8000
"""Top bit of the class in multicast DNS."""
LOCAL = ".local"
REVERSE4 = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.in-addr\.arpa", re.ASCII)
REVERSE6 = re.compile(r"((?:[0-9a-f]\.){32})ip6\.arpa")


@dataclass(frozen=True, slots=True)
class Said:
    """An address was said to have a name."""

    name: str
    address: int
    """128 bits, IPv4 v4-mapped."""
    ttl: int
    """Seconds for which it may be believed."""
    reverse: bool = False
    """The name was asked for, not the address: who has the address says so."""


@dataclass(frozen=True, slots=True)
class _Record:
    owner: str
    kind: int
    ttl: int
    name: str = ""
    address: int = 0


class _CutError(Exception):
    """The message ends, or makes no sense, here."""


def answers(message: bytes) -> tuple[Said, ...]:
    """What the answer to a question says."""
    try:
        questions, records, at = _head(message)
        if questions != 1:
            return ()
        asked, at = _name(message, at)
        _exactly(message, at, QUESTION.size)
    except _CutError:
        return ()
    found = _records(message, at + QUESTION.size, records)
    if address := reversed_address(asked):
        named = (each for each in found if each.kind == PTR and each.name)
        return tuple(Said(each.name, address, each.ttl, reverse=True) for each in named)
    return _asked(asked, found) if asked else ()


def multicast(message: bytes) -> tuple[Said, ...]:
    """What a station says of addresses with names below `.local`; other names are not for it to give."""
    try:
        questions, _, at = _head(message)
        for _ in range(min(questions, MOST)):
            at = _name(message, at)[1] + QUESTION.size
    except _CutError:
        return ()
    records = sum(HEADER.unpack_from(message)[3:])
    local = (each for each in _records(message, at, records) if each.address and each.owner.endswith(LOCAL))
    return tuple(Said(each.owner, each.address, each.ttl) for each in local)


def _head(message: bytes) -> tuple[int, int, int]:
    """(questions, answers, where they begin) of an answer to an ordinary query that did not fail."""
    _exactly(message, 0, HEADER.size)
    _, flags, questions, records, _, _ = HEADER.unpack_from(message)
    if not flags & QUERY_OR_ANSWER or flags & OPCODE or flags & FAILED:
        raise _CutError
    return questions, records, HEADER.size


def _exactly(message: bytes, at: int, size: int) -> None:
    if at + size > len(message):
        raise _CutError


def _records(message: bytes, at: int, count: int) -> list[_Record]:
    """Those that matter, up to where the message is cut."""
    found: list[_Record] = []
    try:
        for _ in range(min(count, MOST)):
            record, at = _record(message, at)
            if record:
                found.append(record)
    except _CutError:
        pass
    return found


def _record(message: bytes, at: int) -> tuple[_Record | None, int]:
    owner, at = _name(message, at)
    _exactly(message, at, RECORD.size)
    kind, family, ttl, size = RECORD.unpack_from(message, at)
    at += RECORD.size
    _exactly(message, at, size)
    if family & ~FLUSH != INTERNET:
        return None, at + size
    ttl = ttl if ttl < 1 << 31 else 0  # RFC 2181 §8
    if kind in (CNAME, PTR):
        return _Record(owner, kind, ttl, name=_name(message, at)[0]), at + size
    if (kind, size) in ((A, 4), (AAAA, 16)):
        value = int.from_bytes(message[at : at + size], "big")
        return _Record(owner, kind, ttl, address=value | V4MAP if kind == A else value), at + size
    return None, at + size


def _asked(asked: str, records: list[_Record]) -> tuple[Said, ...]:
    """Addresses at the end of the chain that begins with the name asked for."""
    further = {each.owner: each.name for each in records if each.kind == CNAME}
    chain = [asked]
    while (name := further.get(chain[-1])) and name not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(name)
    return tuple(Said(asked, each.address, each.ttl) for each in records if each.address and each.owner in chain)


def _name(message: bytes, at: int) -> tuple[str, int]:
    """(name, where the message goes on). A pointer leads backwards only, so that every name ends."""
    labels: list[bytes] = []
    behind, before = 0, at
    while len(labels) < MOST_LABELS:
        _exactly(message, at, 1)
        size = message[at]
        if size == 0:
            return labelled(labels), behind or at + 1
        if size >= 0xC0:
            _exactly(message, at, 2)
            behind = behind or at + 2
            at = (size & 0x3F) << 8 | message[at + 1]
            if at >= before:
                raise _CutError
            before = at
            continue
        _exactly(message, at, size + 1)
        if size > 63:
            raise _CutError
        labels.append(message[at + 1 : at + 1 + size])
        at += size + 1
    raise _CutError


def reversed_address(name: str) -> int:
    """The address that a name below in-addr.arpa or ip6.arpa stands for; 0: none."""
    if not name.endswith(".arpa"):
        return 0
    if four := REVERSE4.fullmatch(name):
        parts = [int(each) for each in four.groups()]
        return V4MAP | int.from_bytes(bytes(parts[::-1]), "big") if max(parts) < 256 else 0
    six = REVERSE6.fullmatch(name)
    return int(six[1].replace(".", "")[::-1], 16) if six else 0
