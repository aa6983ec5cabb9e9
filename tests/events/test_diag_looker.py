"""One look at the kernel's socket tables."""

from __future__ import annotations

import os
import pwd
import socket
import struct
import sys
import time
from collections.abc import Iterator

import pytest

from ratop_py.events import sockdiag
from ratop_py.events.deaths import Deaths
from ratop_py.events.diag_looker import BEFORE, DiagLooker
from ratop_py.events.looker import LookError
from ratop_py.events.socket import Socket

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sock_diag is Linux's")


def looker(*, seconds: float = 0.0, deaths: Deaths | None = None) -> DiagLooker:
    return DiagLooker(seconds, time.time, time.sleep, deaths=deaths)


def looked(looker: DiagLooker) -> tuple[Socket, ...]:
    return looker.look(lambda: False)[0]


def test_the_tables_name_this_process() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        (found,) = [each for each in looked(looker()) if each.lport == server.getsockname()[1] and each.owners]
    (owner,) = found.owners
    assert (owner.pid, owner.user) == (os.getpid(), pwd.getpwuid(os.geteuid()).pw_name)
    assert found.state == "LISTEN"
    assert owner.program
    assert owner.started is not None


def test_a_connection_has_both_ends_and_any_address_is_zero() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            sockets = looked(looker())
            mine = client.getsockname()[1]
    assert [each.rport for each in sockets if each.lport == mine] == [port]
    assert [each.local for each in sockets if each.lport == port and each.state == "LISTEN"] == [0]


def test_a_socket_is_told_with_its_cookie() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as mine:
        mine.bind(("127.0.0.1", 0))
        cookie = struct.unpack("<Q", mine.getsockopt(socket.SOL_SOCKET, 57, 8))[0]
        assert cookie in {each.cookie for each in looked(looker())}


def test_between_two_looks_at_all_only_datagram_sockets_are_looked_at() -> None:
    often = looker(seconds=60.0)
    with socket.create_server(("127.0.0.1", 0)), socket.socket(type=socket.SOCK_DGRAM) as mine:
        mine.bind(("127.0.0.1", 0))
        assert (6 in {each.proto for each in looked(often)}, often.partial) == (True, False)
        again = looked(often)
    assert often.partial
    assert {each.proto for each in again} == {17}
    assert mine.fileno() == -1


def test_a_kernel_without_the_tables_is_a_failed_look(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> Iterator[tuple[int, list[sockdiag.Row]]]:
        raise OSError(93, "Protocol not supported")

    monkeypatch.setattr(sockdiag, "tables", refused)
    with pytest.raises(LookError, match="Protocol not supported"):
        looked(looker())


def test_protocols_without_a_table_are_not_asked_for_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, ...]] = []
    tables = sockdiag.tables

    def noted(protocols: tuple[int, ...], _: int) -> Iterator[tuple[int, list[sockdiag.Row]]]:
        asked.append(protocols)
        return ((proto, rows) for proto, rows in tables((6, 17)))

    monkeypatch.setattr(sockdiag, "tables", noted)
    mine = looker()
    looked(mine), looked(mine)
    assert asked == [sockdiag.PROTOCOLS, (6, 17)]


def test_connections_that_wait_out_their_time_can_be_left_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            one, _ = server.accept()
            client.close()
            one.close()
        every = {each.state for each in looked(looker()) if port in (each.lport, each.rport)}
        held = DiagLooker(0.0, time.time, time.sleep, states=sockdiag.HELD)
        some = {each.state for each in looked(held) if port in (each.lport, each.rport)}
    assert every - some == {"TIME_WAIT"}


class Told(Deaths):
    """Notices as a test gives them."""

    def __init__(self) -> None:
        self.lost = 0
        self.rows: list[sockdiag.Row] = []

    def take(self) -> Iterator[sockdiag.Row]:
        yield from self.rows
        self.rows = []

    def close(self) -> None:
        pass


class TestSince:
    """From when on a datagram socket was alone on its port."""

    @pytest.fixture
    def deaths(self) -> Told:
        return Told()

    @pytest.fixture
    def mine(self, deaths: Told) -> DiagLooker:
        return looker(deaths=deaths)

    def since(self, mine: DiagLooker, port: int) -> float | None:
        (found,) = [each for each in looked(mine) if each.proto == 17 and each.lport == port]
        return found.since

    def bound(self, port: int = 0) -> socket.socket:
        made = socket.socket(type=socket.SOCK_DGRAM)
        made.bind(("127.0.0.1", port))
        return made

    def test_what_is_there_at_the_first_look_was_alone_since_notices_are_taken(self, mine: DiagLooker) -> None:
        with self.bound() as one:
            assert self.since(mine, one.getsockname()[1]) == BEFORE

    def test_a_new_one_was_alone_since_the_last_look(self, mine: DiagLooker) -> None:
        before = time.time()
        looked(mine)
        between = time.time()
        with self.bound() as one:
            since = self.since(mine, one.getsockname()[1])
        assert since is not None
        assert before <= since <= between

    def test_after_another_on_the_same_port_it_is_sure_only_from_this_look_on(
        self, mine: DiagLooker, deaths: Told
    ) -> None:
        looked(mine)
        between = time.time()
        with self.bound() as one:
            port = one.getsockname()[1]
            deaths.rows = [sockdiag.Row(17, 4, 7, 0, port, 0, 0, 0, 0, 5)]
            since = self.since(mine, port)
        assert since is not None
        assert since >= between

    def test_lost_notices_make_nobody_sure_and_are_said(self, mine: DiagLooker, deaths: Told) -> None:
        looked(mine)
        between = time.time()

        def overrun() -> Iterator[sockdiag.Row]:
            deaths.lost += 1
            return iter(())

        deaths.take = overrun  # type: ignore[method-assign]
        with self.bound() as one:
            sockets, _, words = mine.look(lambda: False)
            (found,) = [each for each in sockets if each.lport == one.getsockname()[1] and each.proto == 17]
        assert found.since is not None
        assert found.since >= between
        assert "lost 1 times" in words

    def test_without_notices_nothing_is_promised(self) -> None:
        with self.bound() as one:
            assert self.since(looker(), one.getsockname()[1]) is None
