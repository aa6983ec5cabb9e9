from __future__ import annotations

import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.net import netlink


def attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("=HH", 4 + len(value), kind) + value + bytes(-len(value) % 4)


def test_attributes_are_read_with_their_padding() -> None:
    data = attribute(1, b"abc") + attribute(0x8002, b"d")
    assert list(netlink.attributes(data)) == [(1, b"abc"), (2, b"d")]


def test_messages_are_cut_apart() -> None:
    one = struct.pack("=IHHII", 20, 16, 0, 1, 0) + b"body"
    assert list(netlink.messages(one + one)) == [(16, b"body")] * 2


@given(st.binary(max_size=200))
def test_any_bytes_are_read_within_their_bounds(data: bytes) -> None:
    assert sum(len(value) for _, value in netlink.attributes(data)) <= len(data)
    assert sum(len(body) for _, body in netlink.messages(data)) <= len(data)


@pytest.mark.skipif(sys.platform != "linux", reason="rtnetlink is Linux's")
def test_the_kernel_tells_of_loopback() -> None:
    names = [facts.get(3, b"").rstrip(b"\0") for _, facts in netlink.dump(netlink.LINK)]
    assert b"lo" in names
