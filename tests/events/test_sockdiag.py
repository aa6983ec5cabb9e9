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

from ratop_py.events.sockdiag import ROW, Row, holders, rows, some_holders
from ratop_py.net import netlink
from ratop_py.net.address import parse

linux = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's")
FIVE = b"\x13\x88"


def row(family: int, src: bytes, dst: bytes, *, cookie: int = 77, inode: int = 99) -> bytes:
    return ROW.pack(
        family, 1, 0, 0, FIVE, b"\0\x35", src.ljust(16, b"\0"), dst.ljust(16, b"\0"), 0, cookie, 0, 0, 0, 5, inode
    )


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> dict[int, list[bytes]]:
    """What the kernel tells, by protocol; of others it has no table."""
    found: dict[int, list[bytes]] = {}

    def told(_: int, __: int, body: bytes, ___: int) -> list[bytes]:
        family, proto = body[0], body[1]
        if proto not in found:
            raise FileNotFoundError(2, "No such file or directory")
        return [each for each in found[proto] if not each or each[0] == family]

    monkeypatch.setattr(netlink, "told", told)
    return found


def test_a_row_has_both_ends_cookie_and_inode(tables: dict[int, list[bytes]]) -> None:
    tables[17] = [row(socket.AF_INET, b"\x0a\0\0\1", b"\x0a\0\0\2")]
    there, here = parse("10.0.0.2")[0], parse("10.0.0.1")[0]
    assert rows() == [Row(17, 4, 1, here, 5000, there, 53, 5, 99, 77)]


def test_any_address_is_zero_and_a_mapped_one_is_ipv4_s(tables: dict[int, list[bytes]]) -> None:
    mapped = bytes(10) + b"\xff\xff\x0a\0\0\1"
    tables[6] = [row(socket.AF_INET, b"", b""), row(socket.AF_INET6, mapped, b"")]
    assert [each.local for each in rows()] == [0, parse("10.0.0.1")[0]]


def test_a_refusal_is_an_error_not_an_empty_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> list[bytes]:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(netlink, "told", refused)
    with pytest.raises(PermissionError):
        rows()


@given(st.lists(st.binary(max_size=ROW.size - 1), max_size=3))
def test_a_row_that_is_cut_is_none(cut: list[bytes]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(netlink, "told", lambda *_: cut)
        assert rows() == []


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


def test_of_some_sockets_the_newest_holder_is_found_and_no_more_is_read_than_need_be(tmp_path: Path) -> None:
    for pid, inodes in ((5, (1, 2)), (70, (2,)), (9, ())):
        (tmp_path / str(pid) / "fd").mkdir(parents=True)
        for number, inode in enumerate(inodes):
            (tmp_path / str(pid) / "fd" / str(number)).symlink_to(f"socket:[{inode}]")
    assert some_holders([1, 2, 3], tmp_path) == {2: [70], 1: [5]}
    (tmp_path / "5" / "fd").rename(tmp_path / "gone")
    assert some_holders([2], tmp_path) == {2: [70]}
    assert some_holders([], tmp_path) == {}
