"""From a flow's ends to the socket of that time, and to all who had it."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate.cookies import MOST, PEERS, Cookies
from ratop_py.correlate.sock import HOLDERS
from ratop_py.events.fact import Ended, Fact, Facts, Held, Missed, Tied
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import Key, key
from ratop_py.net.address import parse

A, B, C = (Owner(pid, 1.0, 0, "root", name) for pid, name in ((1, "a"), (2, "b"), (3, "c")))
HERE, THERE = (parse("10.0.0.1")[0], 5000), (parse("10.0.0.2")[0], 53)
TCP, UDP = 6, 17


def learned(*facts: Fact, since: float = 0.0, lost: int = 0) -> Cookies:
    cookies = Cookies()
    cookies.learn(Facts("kernel", since, lost, facts))
    return cookies


def tied(at: float, cookie: int, proto: int = TCP) -> Tied:
    return Tied(at, cookie, ends(proto))


def ends(proto: int = TCP) -> Key:
    return key(proto, HERE, THERE)


def names(cookies: Cookies, began: float, proto: int = TCP) -> str:
    found = cookies.find(ends(proto), began, proto, here=True)
    return " ".join(owner.program for owner in found.holders) if found else ""


def test_the_ends_lead_to_the_socket_and_the_socket_to_its_process() -> None:
    cookies = learned(Held(9.9, 7, A, used=False), tied(10, 7))
    assert names(cookies, 10) == "a"


def test_who_used_it_stands_before_who_only_made_it() -> None:
    cookies = learned(Held(1, 7, A, used=False), Held(2, 7, B, used=True), tied(2, 7))
    assert names(cookies, 2) == "b a"


def test_who_made_it_and_then_used_it_is_told_once() -> None:
    cookies = learned(Held(1, 7, A, used=False), Held(2, 7, A, used=True), Held(3, 7, B, used=True), tied(2, 7))
    assert names(cookies, 2) == "a b"


def test_a_process_whose_start_is_told_only_once_is_one() -> None:
    unstarted = replace(A, started=None, program="?")
    cookies = learned(Held(1, 7, A, used=False), Held(2, 7, unstarted, used=True), tied(2, 7))
    assert names(cookies, 2) == "a"
    cookies = learned(Held(1, 7, unstarted, used=True), Held(2, 7, A, used=True), tied(2, 7))
    assert names(cookies, 2) == "a"


def test_the_accepted_socket_s_worker_owns_the_flow_not_the_listener() -> None:
    listener: list[Fact] = [Held(0, 1, A, used=False), tied(10, 1)._replace(listens=True)]
    accepted: list[Fact] = [tied(10.2, 2), Held(30, 2, B, used=True)]
    assert names(learned(*listener), 10) == "a"
    assert names(learned(*listener, *accepted), 10) == "b"


def test_a_socket_accepted_long_after_is_still_the_flow_s() -> None:
    listener = tied(10, 1)._replace(listens=True)
    cookies = learned(Held(0, 1, A, used=False), listener, tied(75, 2), Held(75, 2, B, used=True))
    assert names(cookies, 10) == "b"


def test_the_same_ends_used_again_are_another_flow_s() -> None:
    first: list[Fact] = [Held(1, 7, A, used=True), tied(1, 7), Ended(2, 7, A)]
    cookies = learned(*first, Held(3, 8, B, used=True), tied(3, 8))
    assert names(cookies, 1) == "a"
    assert names(cookies, 3) == "b"


def test_of_a_datagram_flow_that_goes_on_with_another_socket_both_have_a_part() -> None:
    facts: list[Fact] = [Held(1, 7, A, used=True), tied(1, 7, UDP), Ended(2, 7, A), Held(3, 8, B, used=True)]
    cookies = learned(*facts, tied(3, 8, UDP))
    for heard, wanted in ((2.9, "a"), (3.1, "a b")):
        found = cookies.find(ends(UDP), 1, UDP, here=True, heard=heard)
        assert found is not None
        assert " ".join(owner.program for owner in found.holders) == wanted


def test_a_socket_that_ended_before_is_no_owner() -> None:
    cookies = learned(Held(1, 7, A, used=True), tied(1, 7), Ended(2, 7, A))
    assert names(cookies, 2.1) == ""


def test_who_closed_a_socket_that_nobody_was_seen_to_use_had_it() -> None:
    cookies = learned(tied(1, 7), Ended(2, 7, C))
    assert names(cookies, 1) == "c"


def test_who_closes_a_used_socket_is_no_further_owner() -> None:
    cookies = learned(Held(1, 7, A, used=True), tied(1, 7), Ended(2, 7, C))
    assert names(cookies, 1) == "a"


def test_all_receivers_of_a_datagram_are_told() -> None:
    facts: list[Fact] = [Held(0, 1, A, used=True), Held(0, 2, B, used=True), tied(5, 1, UDP), tied(5.001, 2, UDP)]
    assert names(learned(*facts), 5, UDP) == "a b"


def test_nobody_known_is_no_answer() -> None:
    assert learned(tied(1, 7)).find(ends(), 1, TCP, here=True) is None
    assert Cookies().find(ends(), 1, TCP, here=True) is None


def test_a_socket_first_heard_of_during_the_flow_tells_how_late() -> None:
    found = learned(Held(12, 7, A, used=True), tied(12, 7)).find(ends(), 10, TCP, here=True)
    assert found is not None
    assert found.distance == 2


def test_what_is_new_is_marked_until_it_was_looked_at() -> None:
    cookies = learned(tied(1, 7))
    assert cookies.touched == {ends()}
    cookies.settle()
    cookies.learn(Facts("kernel", 0, 0, (Held(2, 7, A, used=True),)))
    assert cookies.touched == {ends()}
    cookies.settle()
    cookies.learn(Facts("kernel", 0, 0, (tied(3, 7),)))
    assert cookies.touched == set()


def test_what_ended_long_ago_is_forgotten_and_what_lives_is_not() -> None:
    cookies = learned(Held(1, 7, A, used=True), tied(1, 7), Ended(2, 7, A), Held(1, 8, B, used=True), tied(3, 8))
    cookies.forget(100)
    assert names(cookies, 1) == "b"
    cookies.forget(100)
    assert names(cookies, 3) == "b"


def test_it_stays_bounded_and_counts_what_it_drops() -> None:
    many = [Tied(1, n, key(TCP, (HERE[0], n % 60_000), (THERE[0], n // 60_000))) for n in range(1, MOST + 11)]
    cookies = learned(*many)
    assert cookies.evicted == 10


def test_ends_whose_last_socket_ended_are_told_for_a_while() -> None:
    cookies = learned(tied(1, 7, UDP), Ended(2, 7, A), tied(1, 8))
    assert cookies.over(1.9) == frozenset()
    assert cookies.over(2.1) == {ends(UDP)}
    assert cookies.over(4.9) == {ends(UDP)}
    assert cookies.over(5.1) == frozenset()


def test_ends_with_another_living_socket_are_not_over() -> None:
    cookies = learned(tied(1, 7, UDP), tied(1, 8, UDP), Ended(2, 7, A))
    assert cookies.over(3) == frozenset()
    cookies.learn(Facts("kernel", 0, 0, (Ended(4, 8, B),)))
    assert cookies.over(5) == {ends(UDP)}
    cookies.learn(Facts("kernel", 0, 0, (tied(6, 9, UDP),)))
    assert cookies.over(7) == frozenset()


def test_after_the_watch_stopped_later_flows_are_not_answered_and_living_sockets_are_told_anew() -> None:
    cookies = learned(Held(1, 7, A, used=True), tied(1, 7, UDP))
    cookies.quiet(5)
    assert names(cookies, 1, UDP) == "a"
    assert names(cookies, 6, UDP) == ""
    cookies.learn(Facts("kernel", 9, 0, (Held(9, 8, B, used=True), tied(9, 8, UDP))))
    assert names(cookies, 9, UDP) == "b"
    cookies.quiet(10)
    cookies.learn(Facts("kernel", 12, 0, (Held(12, 8, B, used=False),)))
    assert names(cookies, 13, UDP) == "b"


def test_a_socket_with_many_peers_stays_small() -> None:
    flood = [Tied(1, 7, key(UDP, HERE, (THERE[0], port % 60_000 + port // 60_000))) for port in range(PEERS + 100)]
    cookies = learned(*flood)
    cookies.settle()
    cookies.learn(Facts("kernel", 0, 0, (Held(2, 7, A, used=True),)))
    assert len(cookies.touched) <= PEERS


def test_the_same_ends_used_again_and_again_are_learned_quickly() -> None:
    began = time.process_time()
    again = [fact for n in range(4_000) for fact in (tied(n, n, UDP), Ended(n + 0.5, n, A))]
    cookies = learned(*again)
    assert names(cookies, 3_999, UDP) == "a"
    assert time.process_time() - began < 2  # a guard against a slow path, not a measurement


def test_the_same_ends_in_another_network_namespace_are_another_s() -> None:
    told: list[Fact] = [
        Held(1, 7, A, used=True, space=1),
        tied(1, 7)._replace(space=1),
        Held(2, 8, B, used=True, space=2),
        tied(2, 8)._replace(space=2),
    ]
    cookies = Cookies()
    cookies.learn(Facts("kernel", 0, 0, tuple(told), space=1))
    found = cookies.find(ends(), 2, TCP, here=True)
    assert found is not None
    assert [owner.program for owner in found.holders] == ["a"]
    assert cookies.find(ends(), 2, TCP, here=False) is None  # one of two, and nobody can say which


def test_an_end_that_is_not_here_is_found_in_its_namespace() -> None:
    cookies = Cookies()
    cookies.learn(Facts("kernel", 0, 0, (Held(2, 8, B, used=True, space=2), tied(2, 8)._replace(space=2)), space=1))
    assert cookies.find(ends(), 2, TCP, here=True) is None
    found = cookies.find(ends(), 2, TCP, here=False)
    assert found is not None
    assert [owner.program for owner in found.holders] == ["b"]


def test_what_was_lost_concerns_the_flows_that_began_before() -> None:
    cookies = Cookies()
    cookies.learn(Facts("kernel", 0, 5, (), at=10))
    assert cookies.missed(9)
    assert not cookies.missed(10.1)
    cookies.learn(Facts("kernel", 0, 5, (), at=20))
    assert not cookies.missed(15)
    cookies.learn(Facts("kernel", 0, 6, (), at=30))
    assert cookies.missed(15)


HOLE = Missed(10, 2)
FIRST: tuple[Fact, ...] = (Held(1, 7, A, used=True), tied(1, 7))


def test_a_socket_that_nothing_is_told_of_since_a_hole_has_no_later_flow() -> None:
    cookies = learned(*FIRST, HOLE)
    assert [names(cookies, began) for began in (1, 10.5, 13)] == ["a", "", ""]
    assert cookies.missed(13, ends())


def test_a_socket_that_was_told_of_again_has_its_flows_as_before() -> None:
    for again in (Held(13, 7, A, used=True), tied(13, 7)):
        cookies = learned(*FIRST, HOLE, again)
        assert [names(cookies, began) for began in (1, 10.5, 13)] == ["a"] * 3
        assert not cookies.missed(13, ends())


def test_after_a_hole_the_same_ends_are_of_the_socket_that_is_known_to_have_them() -> None:
    for proto in (TCP, UDP):
        cookies = learned(Held(9.9, 7, A, used=True), tied(9.9, 7, proto), HOLE, tied(10.3, 8, proto))
        assert names(cookies, 10.3, proto) == ""
        cookies.learn(Facts("kernel", 0, 0, (Held(10.4, 8, B, used=True),)))
        assert names(cookies, 10.3, proto) == "b"


def test_a_listener_from_before_a_hole_may_still_accept() -> None:
    listener = (Held(1, 7, A, used=False), Tied(9, 7, ends(), listens=True))
    assert names(learned(*listener, HOLE, tied(10.3, 8)), 9) == "a"


def test_a_socket_heard_of_after_a_hole_is_not_that_of_a_flow_that_was_silent_by_then() -> None:
    cookies = learned(HOLE, Held(13, 8, B, used=True), tied(13, 8))
    for heard, known in ((10.6, False), (13, True)):
        assert (cookies.find(ends(), 10.5, TCP, here=True, heard=heard) is not None) == known


def test_of_what_began_since_the_last_telling_nothing_is_concluded() -> None:
    cookies = Cookies()
    cookies.learn(Facts("kernel", 0, 0, FIRST, through=5))
    assert [names(cookies, began) for began in (5, 6)] == ["a", ""]
    assert [cookies.behind(began) for began in (5, 6)] == [False, True]
    cookies.learn(Facts("kernel", 0, 0, (), through=7))
    assert names(cookies, 6) == "a"


def test_holes_are_as_old_as_before_after_the_clock_was_set() -> None:
    cookies = learned(*FIRST, HOLE)
    cookies.learn(Facts("kernel", 0, 0, (), stepped=100))
    assert [names(cookies, began) for began in (101, 110.5)] == ["a", ""]


def test_of_many_sockets_those_that_ended_are_forgotten_first() -> None:
    many = [Held(1, n, A, used=True) for n in range(MOST)]
    cookies = learned(*many, Ended(2, 40, A))
    cookies.learn(Facts("kernel", 0, 0, (Held(3, MOST, B, used=True),)))
    assert (cookies.evicted, cookies.missed(50)) == (1, False)
    cookies.learn(Facts("kernel", 0, 0, (Held(3, MOST + 1, B, used=True),)))
    assert (cookies.evicted, cookies.missed(50)) == (2, True)


def test_after_the_clock_was_set_history_is_as_old_as_before() -> None:
    cookies = learned(Held(100, 7, A, used=True), tied(100, 7), Ended(101, 7, A))
    cookies.learn(Facts("kernel", 0, 0, (Held(52, 8, B, used=True), tied(52, 8)), stepped=-50))
    assert names(cookies, 50.5) == "a"
    assert names(cookies, 52) == "b"


def test_a_source_that_ended_answers_for_nothing_later() -> None:
    cookies = Cookies()
    cookies.learn(Facts("kernel", 0, 0, (Held(2, 8, B, used=True), tied(2, 8)), until=5))
    assert cookies.since is None
    assert names(cookies, 4) == "b"
    assert names(cookies, 6) == ""


def test_another_socket_with_a_connection_s_ends_takes_nothing_over_but_from_a_listener() -> None:
    facts: list[Fact] = [Held(1, 7, A, used=True), tied(1, 7), Held(5, 8, B, used=True), tied(5, 8)]
    assert names(learned(*facts), 1) == "a"


def test_who_became_another_program_or_user_is_what_it_was_when_the_flow_began() -> None:
    was, now = (replace(A, exe=f"/bin/{name}", program=name) for name in ("one", "two"))
    then, lesser = tied(1, 7, UDP), replace(now, uid=65534)
    cookies = learned(Held(1, 7, was, used=True), then, Held(5, 7, now, used=True), Held(9, 7, lesser, used=True))
    for began, wanted in ((1, [was]), (6, [now]), (10, [lesser])):
        found = cookies.find(ends(UDP), began, UDP, here=True)
        assert found is not None
        assert list(found.holders) == wanted


def test_of_a_socket_with_thousands_of_holders_the_first_and_the_latest_are_remembered() -> None:
    began = time.process_time()
    crowd = [Owner(pid, float(pid), 0, "root", str(pid)) for pid in range(1, 20_001)]
    cookies = learned(tied(0, 7, UDP), *(Held(1, 7, each, used=True) for each in crowd))
    found = cookies.find(ends(UDP), 1, UDP, here=True)
    assert found is not None
    assert len(found.holders) == HOLDERS
    assert {found.holders[0], found.holders[-1]} == {crowd[0], crowd[-1]}
    assert time.process_time() - began < 2  # a guard against a slow path, not a measurement


def test_a_source_that_tells_of_some_sockets_only_answers_for_nothing_after_its_end() -> None:
    cookies = Cookies()
    cookies.learn(Facts("tracefs", 0, 0, (Held(1, -7, A, used=True), tied(1, -7)), whole=False))
    cookies.quiet(5)
    assert names(cookies, 4) == "a"
    assert names(cookies, 400) == ""


facts = st.one_of(
    st.builds(Held, st.floats(0, 9), st.integers(1, 3), st.sampled_from((A, B, C)), st.booleans()),
    st.builds(tied, st.floats(0, 9), st.integers(1, 3), st.sampled_from((TCP, UDP))),
    st.builds(Ended, st.floats(0, 9), st.integers(1, 3), st.sampled_from((A, B, C, None))),
    st.builds(Missed, st.floats(0, 9), st.floats(0, 3)),
)


@given(st.lists(facts, max_size=30), st.floats(0, 9), st.sampled_from((TCP, UDP)))
def test_whoever_is_named_was_told_to_have_a_socket_with_these_ends(told: list[Fact], began: float, proto: int) -> None:
    cookies = learned(*told)
    with_ends = {each.cookie for each in told if isinstance(each, Tied) and each.ends == ends(proto)}
    possible = {each.owner for each in told if isinstance(each, (Held, Ended)) and each.cookie in with_ends}
    found = cookies.find(ends(proto), began, proto, here=True)
    assert found is None or set(found.holders) <= possible
