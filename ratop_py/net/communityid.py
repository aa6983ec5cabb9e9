"""Community ID v1, seed 0: the same short word for a flow in every tool that knows it.

Source: Corelight's community-id-spec. Promise: both directions of a flow have one id; protocols without ports are
hashed without them; what is no IP has none.
Does not know: fields, formats.
"""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.net import sha1

PORTED = (6, 17, 132)
"""TCP, UDP, SCTP."""
ICMP, ICMP6 = 1, 58
PAIRS4 = {8: 0, 0: 8, 13: 14, 14: 13, 15: 16, 16: 15, 10: 9, 9: 10, 17: 18, 18: 17}
"""ICMP type → the type of its answer."""
PAIRS6 = {
    128: 129,
    129: 128,
    133: 134,
    134: 133,
    135: 136,
    136: 135,
    130: 131,
    131: 130,
    144: 145,
    145: 144,
    139: 140,
    140: 139,
}
PREFIX = b"1:"
"""Version of the hash."""
NONE = b""
"""What a flow without a Community ID has instead."""


def community_ids(rows: NDArray[np.void]) -> list[bytes]:
    """The ids of rows (`flow.layout.ROW`), as 30 bytes of ASCII each; empty where the protocol has none."""
    found = [NONE] * len(rows)
    family, proto = rows["family"], rows["proto"]
    for version in (4, 6):
        for ported in (True, False):
            has_ports = np.isin(proto, PORTED) | (proto == (ICMP if version == 4 else ICMP6))
            at = np.flatnonzero((family == version) & (has_ports == ported))
            for place, word in zip(at.tolist(), _hashed(_pick(rows, at), version, ported), strict=True):
                found[place] = word
    return found


def _hashed(rows: NDArray[np.void], version: int, ported: bool) -> list[bytes]:
    packed, size = _packed(rows, version, ported)
    if sha1.COMPILED:
        return _digested(packed, size)
    return [
        PREFIX + b2a_base64(hashlib.sha1(packed[at : at + size], usedforsecurity=False).digest(), newline=False)
        for at in range(0, len(packed), size)
    ]


def _pick(rows: NDArray[np.void], at: NDArray[np.intp]) -> NDArray[np.void]:
    """Some rows, copied as plain bytes: numpy copies structures field by field, 50 times slower."""
    return rows.view(np.dtype((np.void, rows.dtype.itemsize)))[at].view(rows.dtype)


def _digested(packed: bytes, size: int) -> list[bytes]:
    """The same, compiled: no object a row before the last step."""
    digests = np.empty((len(packed) // size, sha1.DIGITS), np.uint8)
    sha1.base64_digests(packed, size, np.empty(80, np.uint32), digests.reshape(-1))
    words = np.empty((len(digests), len(PREFIX) + sha1.DIGITS), np.uint8)
    words[:, : len(PREFIX)] = np.frombuffer(PREFIX, np.uint8)
    words[:, len(PREFIX) :] = digests
    found: list[bytes] = words.view(f"S{words.shape[1]}").reshape(-1).tolist()
    return found


def _packed(rows: NDArray[np.void], version: int, ported: bool) -> tuple[bytes, int]:
    """What is hashed, one behind the other: seed, both addresses, protocol, a zero, both ports."""
    wide = 4 if version == 4 else 16
    size = 2 + 2 * wide + 2 + (4 if ported else 0)
    out = np.zeros((len(rows), size), np.uint8)
    first, second, ports = _ordered(rows)
    out[:, 2 : 2 + wide] = _bytes(first, wide)
    out[:, 2 + wide : 2 + 2 * wide] = _bytes(second, wide)
    out[:, 2 + 2 * wide] = rows["proto"]
    if ported:
        out[:, -4:] = ports.astype(">u2").view(np.uint8).reshape(-1, 4)
    return out.tobytes(), size


def _bytes(halves: NDArray[Any], wide: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(halves).astype(">u8").view(np.uint8).reshape(-1, 16)[:, 16 - wide :]


def _ordered(rows: NDArray[np.void]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """(first address, second, both ports): the smaller end first, as rows lie; one-way ICMP as it went."""
    first, second = rows["addr_a"], rows["addr_b"]
    ports = np.stack([rows["port_a"], rows["port_b"]], axis=1)
    for proto, pairs in ((ICMP, PAIRS4), (ICMP6, PAIRS6)):
        at = np.flatnonzero(rows["proto"] == proto)
        if len(at):
            turn = _icmp(rows, at, pairs, ports)
            first, second = first.copy(), second.copy()
            first[turn], second[turn] = second[turn], first[turn].copy()
    return first, second, ports


def _icmp(rows: NDArray[np.void], at: NDArray[np.intp], pairs: dict[int, int], ports: NDArray[Any]) -> NDArray[np.intp]:
    """Write the ports that stand for ICMP types into `ports`; returns the rows whose ends must be turned."""
    answer = np.full(256, -1)
    answer[list(pairs)] = list(pairs.values())
    kind, code, backwards = rows["icmp"][at] >> 8, rows["icmp"][at] & 255, rows["init"][at] == 1
    one_way = answer[kind] < 0
    other = np.where(one_way, code, answer[kind])
    to_itself = (rows["addr_a"][at] == rows["addr_b"][at]).all(axis=1)
    turned = ~one_way & np.where(to_itself, kind > other, backwards)
    ports[at, 0] = np.where(turned, other, kind)
    ports[at, 1] = np.where(turned, kind, other)
    return at[backwards & one_way]
