"""Notices of sockets that are no more."""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.deaths import Deaths, rows
from ratop_py.events.sockdiag import ROW, Row

linux = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
HEADER = struct.Struct("=IHHII")


def notice(body: bytes, kind: int = 20) -> bytes:
    return HEADER.pack(HEADER.size + len(body), kind, 0, 0, 0) + body


def body(sport: int, cookie: int) -> bytes:
    ports = struct.pack("!H", sport), bytes(2)
    return ROW.pack(socket.AF_INET, 7, 0, 0, *ports, bytes(16), bytes(16), 0, cookie, 0, 0, 0, 0, 0)


def test_a_notice_is_a_socket_of_its_port_and_cookie() -> None:
    (found,) = rows(notice(body(5353, 77)))
    assert (found.proto, found.lport, found.cookie, found.inode) == (17, 5353, 77, 0)


def test_a_notice_that_is_cut_is_none() -> None:
    assert list(rows(notice(body(1, 2)[:-1]))) == []


def test_other_messages_are_none() -> None:
    assert list(rows(notice(body(1, 2), kind=3))) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(data: bytes) -> None:
    assert all(isinstance(each, Row) for each in rows(data))


class Overrun:
    """A socket that was overrun once."""

    def __init__(self) -> None:
        self.left: list[Exception | bytes] = [
            OSError(errno.ENOBUFS, "No buffer space available"), notice(body(9, 1)), BlockingIOError()
        ]  # fmt: skip

    def recv(self, _: int) -> bytes:
        told = self.left.pop(0)
        if isinstance(told, Exception):
            raise told
        return told


def test_an_overrun_is_counted_and_what_follows_is_read() -> None:
    mine = Deaths.__new__(Deaths)
    mine.lost, mine._socket = 0, Overrun()  # type: ignore[assignment]
    assert [each.lport for each in mine.take()] == [9]
    assert mine.lost == 1


@linux
def test_who_may_not_listen_is_told_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(socket.socket):
        def setsockopt(self, *_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

    before = len(os.listdir("/proc/self/fd"))
    monkeypatch.setattr(socket, "socket", Refused)
    with pytest.raises(PermissionError):
        Deaths()
    assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.root
@pytest.mark.system
def test_the_end_of_a_datagram_socket_is_told_with_its_cookie() -> None:
    mine = Deaths()
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.connect(("127.0.0.1", 53))
        cookie, port = struct.unpack("<Q", one.getsockopt(socket.SOL_SOCKET, 57, 8))[0], one.getsockname()[1]
    end, told = time.monotonic() + 5, list[Row]()
    while cookie not in {each.cookie for each in told}:
        assert time.monotonic() < end
        told += mine.take()
        time.sleep(0.005)
    assert [(each.lport, each.rport) for each in told if each.cookie == cookie] == [(port, 53)]
    mine.close()
