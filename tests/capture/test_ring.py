"""What needs no kernel; `tests/system/test_ring.py` asks a real one."""

from __future__ import annotations

import errno
import socket
from typing import Any

import pytest

from ratop_py.capture import ring as module
from ratop_py.capture.bpf import accept
from ratop_py.capture.ring import Ring
from ratop_py.errors import Exit, RatopError


def test_an_interface_that_is_not_there_is_refused() -> None:
    with pytest.raises(RatopError) as caught:
        Ring("nonsense0", accept(96))
    assert caught.value.exit_code is Exit.NO_SOURCE


def refusing(error: OSError) -> Any:
    real = socket.socket

    def open_socket(family: int = -1, kind: int = -1, proto: int = -1) -> socket.socket:
        if family == socket.AF_PACKET:
            raise error
        return real(family, kind, proto)

    return open_socket


def test_without_permission_the_error_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ratop_py.capture.ring.socket.socket", refusing(PermissionError(errno.EPERM, "no")))
    with pytest.raises(RatopError) as caught:
        Ring("lo", accept(96))
    assert caught.value.exit_code is Exit.NOT_PERMITTED
    assert "sudo" in caught.value.hint


def test_a_link_that_is_not_understood_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "hardware", lambda name: 32)  # InfiniBand
    with pytest.raises(RatopError, match="ARPHRD 32"):
        Ring("lo", accept(96))


@pytest.mark.parametrize(
    ("number", "exit_code"), [(errno.ENODEV, Exit.NO_SOURCE), (errno.ENOMEM, Exit.FAILED), (errno.EINVAL, Exit.FAILED)]
)
def test_what_the_kernel_refuses_has_words(number: int, exit_code: Exit) -> None:
    error = module._refused("eth0", OSError(number, "x"))
    assert "eth0" in error.message
    assert error.exit_code is exit_code
