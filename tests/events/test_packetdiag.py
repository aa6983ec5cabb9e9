from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events.packetdiag import PACKET, ROW, PacketRow, row_of, rows


def test_a_message_is_read_as_the_kernel_lays_it_out() -> None:
    assert row_of(bytes([17, 3, 3, 0, 0x2A, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0])) == PacketRow(3, 3, 42, 9)


def test_what_is_cut_or_of_another_family_is_none() -> None:
    whole = ROW.pack(PACKET, 3, 0, 42, 9)
    assert row_of(whole[:-1]) is None
    assert row_of(ROW.pack(2, 3, 0, 42, 9)) is None


@given(st.binary(max_size=64))
def test_no_bytes_are_too_strange(data: bytes) -> None:
    row_of(data)


@pytest.mark.root
@pytest.mark.system
def test_a_packet_socket_is_listed_with_its_inode_while_it_is_open() -> None:
    with socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, 0) as sender:
        inode = os.fstat(sender.fileno()).st_ino
        (found,) = [row for row in rows() if row.inode == inode]
        assert (found.type, found.protocol) == (socket.SOCK_DGRAM, 0)
    assert inode not in [row.inode for row in rows()]
