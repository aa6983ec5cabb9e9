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
    one = struct.pack("=IHHII", 20, 16, 2, 1, 0) + b"body"
    assert list(netlink.messages(one + one)) == [(16, 2, b"body")] * 2


@given(st.binary(max_size=200))
def test_any_bytes_are_read_within_their_bounds(data: bytes) -> None:
    assert sum(len(value) for _, value in netlink.attributes(data)) <= len(data)
    assert sum(len(body) for *_, body in netlink.messages(data)) <= len(data)


class Kernel:
    """A netlink socket that gives these datagrams."""

    def __init__(self, *datagrams: bytes) -> None:
        self.left = list(datagrams)

    def __call__(self, *_: int) -> Kernel:
        return self

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def settimeout(self, seconds: float) -> None:
        pass

    def bind(self, address: tuple[int, int]) -> None:
        pass

    def send(self, data: bytes) -> None:
        pass

    def recv(self, most: int) -> bytes:
        return self.left.pop(0)


def message(kind: int, body: bytes = b"", flags: int = 2) -> bytes:
    return struct.pack("=IHHII", 16 + len(body), kind, flags, 1, 0) + body


LINK, DONE = message(16, bytes(16)), message(3, bytes(4))


def test_a_table_that_changed_while_it_was_told_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    torn = message(16, bytes(16), 2 | netlink.INTERRUPTED)
    monkeypatch.setattr("socket.socket", Kernel(torn, DONE, LINK + LINK, DONE))
    assert len(netlink.dump(netlink.LINK)) == 2


def test_a_table_that_never_rests_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    torn = message(16, bytes(16), 2 | netlink.INTERRUPTED) + DONE
    monkeypatch.setattr("socket.socket", Kernel(*[torn] * netlink.TRIES))
    with pytest.raises(OSError, match="changed all the time"):
        netlink.dump(netlink.LINK)


def test_a_refusal_is_an_error_with_the_kernel_s_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.socket", Kernel(message(2, struct.pack("=i", -1))))
    with pytest.raises(PermissionError, match="not permitted"):
        netlink.dump(netlink.LINK)


@pytest.mark.skipif(sys.platform != "linux", reason="rtnetlink is Linux's")
def test_the_kernel_tells_of_loopback() -> None:
    names = [facts.get(3, b"").rstrip(b"\0") for _, facts in netlink.dump(netlink.LINK)]
    assert b"lo" in names
