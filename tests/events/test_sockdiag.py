"""The kernel's socket tables, row by row."""

from __future__ import annotations

import os
import socket
import struct
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.sockdiag import DONE, HEAD, ROW, SOCK_DIAG_BY_FAMILY, Row, holders, part, rows
from ratop_py.net.address import parse

linux = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
FIVE = b"\x13\x88"


def message(body: bytes, kind: int = SOCK_DIAG_BY_FAMILY) -> bytes:
    return HEAD.pack(HEAD.size + len(body), kind, 2, 1, 0) + body + bytes(-len(body) % 4)


def row(family: int, src: bytes, dst: bytes, *, cookie: int = 77, inode: int = 99) -> bytes:
    return ROW.pack(
        family, 1, 0, 0, FIVE, b"\0\x35", src.ljust(16, b"\0"), dst.ljust(16, b"\0"), 0, cookie, 0, 0, 0, 5, inode
    )


def test_a_row_has_both_ends_cookie_and_inode() -> None:
    found: list[Row] = []
    assert part(message(row(socket.AF_INET, b"\x0a\0\0\1", b"\x0a\0\0\2")), 17, found)
    there, here = parse("10.0.0.2")[0], parse("10.0.0.1")[0]
    assert found == [Row(17, 4, 1, here, 5000, there, 53, 5, 99, 77)]


def test_any_address_is_zero_and_a_mapped_one_is_ipv4_s() -> None:
    found: list[Row] = []
    mapped = bytes(10) + b"\xff\xff\x0a\0\0\1"
    part(message(row(socket.AF_INET, b"", b"")) + message(row(socket.AF_INET6, mapped, b"")), 6, found)
    assert [each.local for each in found] == [0, parse("10.0.0.1")[0]]


def test_done_ends_it() -> None:
    assert not part(message(b"\0\0\0\0", DONE), 6, [])


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_nothing(data: bytes) -> None:
    part(data, 6, [])


@linux
def test_a_socket_of_ours_is_in_the_table_and_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        here = client.getsockname()[1]
        (found,) = [each for each in rows((6,)) if each.lport == here]
        cookie = struct.unpack("<Q", client.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
        assert (found.cookie, found.rport, found.uid) == (cookie, server.getsockname()[1], os.geteuid())
        assert os.getpid() in holders()[found.inode]


def test_descriptors_that_cannot_be_seen_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "7" / "fd").mkdir(parents=True)
    (tmp_path / "7" / "fd" / "3").symlink_to("socket:[12]")
    (tmp_path / "7" / "fd" / "4").symlink_to("/dev/null")
    (tmp_path / "7" / "fd" / "5").write_text("no link")
    (tmp_path / "8").mkdir()
    (tmp_path / "9" / "fd").mkdir(parents=True)
    (tmp_path / "9" / "fd" / "1").symlink_to("socket:[12]")
    assert holders(tmp_path) == {12: [7, 9]}
