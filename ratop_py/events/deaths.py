"""The kernel's notices of sockets that are no more: their cookie, and the ends they had.

Promise: bounded; what was lost is counted. Who had the socket is not told, so this names nobody: it says from when on
somebody else may have the port. Needs CAP_NET_ADMIN in this network namespace. Source: sock_diag(7), Linux 4.9.
Does not know: owners, flows.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator

from ratop_py.events.sockdiag import NETLINK_SOCK_DIAG, ROW, SOCK_DIAG_BY_FAMILY, Row, row
from ratop_py.net import netlink

UDP_GONE, UDP6_GONE = 2, 4
"""SKNLGRP_INET_UDP_DESTROY … of TCP nothing is asked: its flows say themselves when they end."""
ADD_MEMBERSHIP, SOL_NETLINK = 1, 270
RCVBUFFORCE = 33
ROOM = 4 << 20
"""Bytes of notices that may wait: some 5,000."""
MOST = 20_000
"""Notices that are read at once."""


class Deaths:
    """Listens. OSError: not here, or not with these privileges."""

    def __init__(self) -> None:
        self.lost = 0
        """How often notices found no room."""
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK, NETLINK_SOCK_DIAG)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, RCVBUFFORCE, ROOM)
            self._socket.bind((0, 0))
            for group in (UDP_GONE, UDP6_GONE):
                self._socket.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, group)
        except OSError:
            self._socket.close()
            raise

    def take(self) -> Iterator[Row]:
        """Sockets that ended since the last call."""
        for _ in range(MOST):
            try:
                data = self._socket.recv(netlink.LARGEST)
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                self.lost += 1
                continue
            yield from rows(data)

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


def rows(data: bytes) -> Iterator[Row]:
    """Of one datagram; a notice that is cut is none."""
    for kind, _, payload in netlink.messages(data):
        if kind == SOCK_DIAG_BY_FAMILY and len(payload) >= ROW.size:
            yield row(payload, socket.IPPROTO_UDP)
