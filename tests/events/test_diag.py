"""The socket tables as a source."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from ratop_py.events import diag
from ratop_py.events.diag import Diag
from ratop_py.events.socket import Socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sock_diag is Linux's")
HOLD = "import socket, sys; s = socket.socket(type=socket.SOCK_DGRAM); s.bind(('127.0.0.1', 0)); "
HOLD += "print(s.getsockname()[1], flush=True); sys.stdin.read()"


def seen(source: Diag, test: Callable[[Socket], bool]) -> Socket:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        for listing in source.take():
            for each in listing.sockets:
                if test(each):
                    return each
        time.sleep(0.02)
    raise AssertionError(source.health().words)


def test_what_may_not_be_had_is_said_and_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(diag, "Connector", no)
    monkeypatch.setattr(diag, "Deaths", no)
    source = Diag(0.5)
    source.start()
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = seen(source, lambda each: each.lport == server.getsockname()[1])
    words = source.health().words
    source.stop()
    assert [owner.pid for owner in found.owners] == [os.getpid()]
    assert "no notice of sockets that end (Operation not permitted)" in words
    assert "no process events (Operation not permitted)" in words


def test_nothing_is_left_open_after_its_end() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for begin in (True, False):
        source = Diag(0.5)
        if begin:
            source.start()
            time.sleep(0.1)
        source.stop()
        end = time.monotonic() + 3
        while len(os.listdir("/proc/self/fd")) > before and time.monotonic() < end:
            time.sleep(0.05)
        assert len(os.listdir("/proc/self/fd")) == before


@pytest.mark.root
@pytest.mark.system
def test_a_datagram_socket_is_told_with_its_program_and_from_when_on_it_was_alone() -> None:
    source = Diag(0.5)
    source.start()
    time.sleep(0.3)
    before = time.time()
    with subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        port = int(child.stdout.readline())
        found = seen(source, lambda each: each.proto == 17 and each.lport == port)
        child.kill()
    source.stop()
    assert [owner.pid for owner in found.owners] == [child.pid]
    assert found.since is not None
    assert found.since > before - 1.0
