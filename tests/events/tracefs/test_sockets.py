"""TCP sockets from tracepoints."""

from __future__ import annotations

import pytest

from ratop_py.events.fact import Ended, Fact, Held, Tied
from ratop_py.events.tracefs import sockets as module
from ratop_py.events.tracefs.record import Changed, Used
from ratop_py.events.tracefs.sockets import Sockets
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.net.address import parse

ESTABLISHED, SYN_SENT, SYN_RECV, FIN_WAIT1, CLOSE, CLOSE_WAIT, LAST_ACK, LISTEN = 1, 2, 3, 4, 7, 8, 9, 10
HERE, THERE = parse("10.0.0.1")[0], parse("10.0.0.2")[0]
ENDS = key(6, (HERE, 4000), (THERE, 80))
ONE, TWO = 0xA000, 0xB000
KERNELS = 44
"""A process that is none."""


def owner(pid: int, _: int) -> Owner | None:
    return None if pid == KERNELS else Owner(pid, 1.0, 0, "root", f"p{pid}")


@pytest.fixture
def sockets() -> Sockets:
    return Sockets(0, owner, float)


def changed(at: int, old: int, new: int, pid: int = 7, sk: int = ONE, lport: int = 4000, rport: int = 80) -> Changed:
    return Changed(at, pid, sk, old, new, HERE, lport, THERE, rport)


def told(sockets: Sockets, *records: Changed | Used) -> list[Fact]:
    return [fact for each in records for fact in sockets.facts(each)]


def pids(facts: list[Fact]) -> list[int]:
    return [each.owner.pid for each in facts if isinstance(each, Held)]


def test_a_connection_is_its_callers_from_the_call_on(sockets: Sockets) -> None:
    facts = told(
        sockets,
        changed(10, CLOSE, SYN_SENT, lport=0),
        changed(20, SYN_SENT, ESTABLISHED, 0),
        changed(90, LAST_ACK, CLOSE, 0),
    )
    first = owner(7, 0)
    assert first is not None
    assert facts == [Held(10.0, -1, first, False), Tied(10.0, -1, ENDS), Ended(90.0, -1, None)]


def test_a_refused_connection_is_known_when_it_is_refused(sockets: Sockets) -> None:
    facts = told(sockets, changed(10, CLOSE, SYN_SENT, lport=0), changed(11, SYN_SENT, CLOSE, 0))
    assert [type(each) for each in facts] == [Held, Tied, Ended]


def test_an_accepted_connection_is_whose_who_uses_it_not_whose_was_running(sockets: Sockets) -> None:
    facts = told(
        sockets,
        changed(10, LISTEN, SYN_RECV, 99),
        changed(11, SYN_RECV, ESTABLISHED, 99),
        Used(15, 7, ONE),
        Used(16, 7, ONE),
    )
    assert pids(facts) == [7]
    assert Tied(10.0, -1, ENDS) in facts


def test_who_closes_what_nobody_used_had_it(sockets: Sockets) -> None:
    facts = told(
        sockets,
        changed(10, LISTEN, SYN_RECV, 0),
        changed(11, SYN_RECV, ESTABLISHED, 0),
        changed(15, ESTABLISHED, FIN_WAIT1, 8),
    )
    assert pids(facts) == [8]


def test_who_closes_what_another_used_is_not_told(sockets: Sockets) -> None:
    facts = told(
        sockets, changed(10, CLOSE, SYN_SENT), changed(11, SYN_SENT, ESTABLISHED), changed(15, CLOSE_WAIT, LAST_ACK, 8)
    )
    assert pids(facts) == [7]


@pytest.mark.parametrize(
    ("old", "new"), [(ESTABLISHED, CLOSE_WAIT), (FIN_WAIT1, 5), (SYN_RECV, ESTABLISHED), (LAST_ACK, CLOSE)]
)
def test_other_changes_name_nobody(sockets: Sockets, old: int, new: int) -> None:
    assert pids(told(sockets, changed(10, old, new, 8))) == []


def test_an_interrupt_and_a_thread_of_the_kernel_s_name_nobody(sockets: Sockets) -> None:
    facts = told(sockets, changed(10, CLOSE, SYN_SENT, 0), Used(11, KERNELS, ONE), Used(12, 0xFFFFFFFF, ONE))
    assert pids(facts) == []


def test_an_address_that_is_used_again_is_another_socket(sockets: Sockets) -> None:
    facts = told(
        sockets,
        *(changed(10, CLOSE, SYN_SENT), changed(11, SYN_SENT, ESTABLISHED), changed(12, LAST_ACK, CLOSE)),
        *(changed(20, CLOSE, SYN_SENT, 8), changed(21, SYN_SENT, ESTABLISHED)),
    )
    assert [(each.cookie, each.owner.pid) for each in facts if isinstance(each, Held)] == [(-1, 7), (-2, 8)]
    assert [(each.cookie, each.at) for each in facts if isinstance(each, Tied)] == [(-1, 10.0), (-2, 20.0)]


def test_a_use_after_the_end_does_not_go_to_the_next_at_that_address(sockets: Sockets) -> None:
    facts = told(
        sockets,
        *(changed(10, CLOSE, SYN_SENT), changed(12, SYN_SENT, CLOSE), Used(13, 7, ONE)),
        *(changed(20, LISTEN, SYN_RECV, 0), changed(21, SYN_RECV, ESTABLISHED, 0), Used(22, 8, ONE)),
    )
    last = [each.cookie for each in facts if isinstance(each, Tied)][-1]
    assert [each.owner.pid for each in facts if isinstance(each, Held) and each.cookie == last] == [8]


def test_a_socket_from_before_is_known_since_listening_began() -> None:
    sockets = Sockets(5, owner, float)
    facts = told(sockets, Used(10, 7, ONE), changed(11, ESTABLISHED, CLOSE_WAIT, 0))
    assert pids(facts) == [7]
    assert Tied(5.0, -1, ENDS) in facts


def test_after_a_loss_no_socket_is_taken_for_the_one_it_was(sockets: Sockets) -> None:
    told(sockets, changed(10, CLOSE, SYN_SENT), changed(11, SYN_SENT, ESTABLISHED))
    assert list(sockets.missed(50)) == [Ended(50.0, -1, None)]
    facts = told(sockets, changed(60, ESTABLISHED, CLOSE_WAIT, 0))
    assert facts == [Tied(50.0, -2, ENDS)]


def test_a_listener_is_no_connection(sockets: Sockets) -> None:
    assert told(sockets, changed(10, CLOSE, LISTEN, rport=0), changed(20, LISTEN, CLOSE, rport=0)) == []


def test_it_is_bounded_and_what_gives_way_has_ended(sockets: Sockets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 10)
    facts = told(sockets, *(changed(at, CLOSE, SYN_SENT, sk=at) for at in range(1, 101)))
    assert len([each for each in facts if isinstance(each, Ended)]) == 90
    assert len(sockets._socks) == 10


def test_after_a_doubt_the_same_socket_goes_on_and_is_told_anew(sockets: Sockets) -> None:
    before = told(sockets, changed(10, CLOSE, SYN_SENT), changed(20, SYN_SENT, ESTABLISHED))
    assert told(sockets, Used(30, 7, ONE))
    assert not told(sockets, Used(40, 7, ONE))
    sockets.doubt()
    (again,) = told(sockets, Used(50, 7, ONE))
    assert isinstance(again, Held)
    assert isinstance(before[0], Held)
    assert again.cookie == before[0].cookie


def test_a_socket_that_nothing_is_told_of_after_a_doubt_still_ends(sockets: Sockets) -> None:
    told(sockets, changed(10, CLOSE, SYN_SENT), changed(20, SYN_SENT, ESTABLISHED))
    sockets.doubt()
    assert any(isinstance(each, Ended) for each in sockets.missed(30))
