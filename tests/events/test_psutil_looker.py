from __future__ import annotations

import os
import socket

from ratop_py.events.psutil_looker import psutil_looker


def test_psutil_names_this_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        sockets, _, _ = psutil_looker().look(lambda: False)
        (found,) = [each for each in sockets if each.lport == server.getsockname()[1]]
    assert [owner.pid for owner in found.owners] == [os.getpid()]
    assert found.state == "LISTEN"
    assert found.owners[0].program


def test_a_connected_udp_socket_has_its_peer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.connect(("127.0.0.1", 9))
        sockets, _, _ = psutil_looker().look(lambda: False)
        (found,) = [each for each in sockets if each.lport == udp.getsockname()[1] and each.proto == 17]
    assert found.rport == 9
