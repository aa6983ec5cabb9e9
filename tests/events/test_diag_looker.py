from __future__ import annotations

import os
import pwd
import socket
import sys

import pytest

from ratop_py.events import sockdiag
from ratop_py.events.diag_looker import diag_looker
from ratop_py.events.looker import LookError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sock_diag is Linux's")


def test_the_tables_name_this_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sockets, _, _ = diag_looker().look(lambda: False)
        (found,) = [each for each in sockets if each.lport == server.getsockname()[1] and each.owners]
    (owner,) = found.owners
    assert (owner.pid, owner.user) == (os.getpid(), pwd.getpwuid(os.geteuid()).pw_name)
    assert found.state == "LISTEN"
    assert owner.program
    assert owner.started is not None


def test_a_connection_has_both_ends_and_any_address_is_zero() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            sockets, _, _ = diag_looker().look(lambda: False)
            mine = client.getsockname()[1]
    assert [each.rport for each in sockets if each.lport == mine] == [port]
    assert [each.local for each in sockets if each.lport == port and each.state == "LISTEN"] == [0]


def test_a_kernel_without_the_tables_is_a_failed_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> list[sockdiag.Row]:
        raise OSError(93, "Protocol not supported")

    monkeypatch.setattr(sockdiag, "rows", refused)
    with pytest.raises(LookError, match="Protocol not supported"):
        diag_looker().look(lambda: False)
