"""Who had one socket."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate.sock import HOLDERS, Sock, of_all
from ratop_py.events.fact import Held
from ratop_py.flow.flows import Owner

A, B, C = (Owner(pid, 1.0, 0, "root", name, f"/bin/{name}") for pid, name in ((1, "a"), (2, "b"), (3, "c")))
TCP, UDP = 6, 17


def had(*facts: tuple[float, Owner, bool]) -> Sock:
    sock = Sock(0)
    for at, owner, used in facts:
        sock.hold(Held(at, 7, owner, used))
    return sock


def test_who_used_it_stands_before_who_only_held_it() -> None:
    assert had((1, A, False), (2, B, True), (3, C, True)).holders(5) == (B, C, A)


def test_who_became_another_program_is_what_it_was_when_a_flow_began() -> None:
    other = replace(A, exe="/bin/z", program="z")
    sock = had((1, A, True), (5, other, True))
    assert (sock.holders(2), sock.holders(6)) == ((A,), (other,))


def test_what_is_better_known_later_is_no_other_program() -> None:
    vague = replace(A, exe="", program="?")
    assert had((1, vague, True), (2, A, True)).holders(1) == (A,)


def test_of_a_connection_the_last_socket_that_somebody_has_of_datagrams_all() -> None:
    socks = [had((1, A, True)), had((2, B, True)), had()]
    assert of_all(socks, TCP, 3) == (B,)
    assert of_all(socks, UDP, 3) == (A, B)


@given(st.lists(st.tuples(st.floats(0, 9), st.integers(1, 200), st.booleans()), max_size=300))
def test_it_stays_bounded_and_nobody_is_told_twice(facts: list[tuple[float, int, bool]]) -> None:
    sock = had(*((at, Owner(pid, 1.0, 0, "root", str(pid)), used) for at, pid, used in facts))
    told = [owner.pid for owner in sock.holders(5)]
    assert len(told) <= HOLDERS
    assert len(told) == len(set(told))
