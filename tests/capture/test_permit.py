from __future__ import annotations

import errno
import socket
from typing import Any

import pytest

from ratop_py.capture.permit import CONTAINER, look

LINUX = pytest.mark.skipif(not hasattr(socket, "AF_PACKET"), reason="Linux")


def refusing(error: OSError) -> Any:
    def open_socket(*_: int) -> socket.socket:
        raise error

    return open_socket


class Opened:
    """A socket that only closes."""

    closed = False

    def close(self) -> None:
        Opened.closed = True


@LINUX
def test_who_may_is_told_so_and_nothing_stays_open() -> None:
    permit = look(lambda *_: Opened())  # type: ignore[arg-type]
    assert permit.allowed
    assert not permit.command
    assert Opened.closed


@LINUX
def test_who_is_not_root_gets_one_command_and_another_way_with_its_cost() -> None:
    permit = look(refusing(PermissionError(errno.EPERM, "no")), uid=1000, as_root="sudo /x/ratop")
    assert not permit.allowed
    assert "CAP_NET_RAW" in permit.words
    assert permit.command == "sudo /x/ratop"
    assert permit.otherwise.startswith("sudo setcap cap_net_raw+ep /")
    assert "whatever runs on this Python" in permit.otherwise


@LINUX
def test_root_without_the_capability_is_not_sent_to_sudo() -> None:
    permit = look(refusing(PermissionError(errno.EPERM, "no")), uid=0)
    assert permit.command == CONTAINER


@LINUX
def test_a_kernel_without_packet_sockets_is_told_apart() -> None:
    permit = look(refusing(OSError(errno.EAFNOSUPPORT, "Address family not supported")), uid=0)
    assert "no packet socket" in permit.words
    assert permit.command == "sudo modprobe af_packet"


def test_other_systems_are_said_to_be_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(socket, "AF_PACKET", raising=False)
    assert "untested" in look().words
