"""When ends have no socket any more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.events import over
from ratop_py.events.fact import Ended, Fact, Held, Tied
from ratop_py.events.over import Over, Overs
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key

ENDS = [key(proto, (1, 5000), (2, port)) for proto, port in ((17, 53), (17, 54), (6, 80))]
ME = Owner(1, 1.0, 0, "root", "a")


def test_ends_are_over_with_their_last_socket() -> None:
    overs = Overs()
    assert list(overs.learn([Tied(1, 7, ENDS[0]), Tied(1, 8, ENDS[0]), Ended(2, 7, ME)])) == []
    assert list(overs.learn([Held(3, 8, ME, used=True), Ended(4, 8, None)])) == [Over(ENDS[0], 4)]


def test_a_socket_of_several_peers_ends_all_of_them() -> None:
    overs = Overs()
    told = overs.learn([Tied(1, 7, ENDS[0]), Tied(1, 7, ENDS[1]), Ended(2, 7, ME), Ended(3, 7, ME)])
    assert sorted(told) == sorted([Over(ENDS[0], 2), Over(ENDS[1], 2)])


def test_tcp_says_itself_when_it_ends() -> None:
    assert list(Overs().learn([Tied(1, 7, ENDS[2]), Ended(2, 7, ME)])) == []


def test_a_socket_that_began_when_the_other_had_ended_is_no_part_of_it() -> None:
    facts: list[Fact] = [Tied(1, 7, ENDS[0]), Ended(2, 7, ME), Tied(3, 8, ENDS[0])]
    assert list(Overs().learn(facts)) == [Over(ENDS[0], 2)]


def test_what_is_no_more_in_a_listing_is_over() -> None:
    overs = Overs()
    facts = [Tied(1, 7, ENDS[0], space=5), Tied(1, 8, ENDS[1], space=5), Tied(1, 9, ENDS[1], space=6)]
    assert list(overs.learn(facts)) == []
    assert list(overs.without({8}, 5, 3.0)) == [Over(ENDS[0], 3.0)]
    assert list(overs.learn([Ended(4, 7, ME)])) == []


def test_it_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(over, "MOST", 10)
    overs = Overs()
    list(overs.learn([Tied(1, n, key(17, (1, 5000), (2, n))) for n in range(100)]))
    assert (len(overs._ends), len(overs._socks)) == (10, 10)


@given(st.lists(st.one_of(
    st.builds(Tied, st.just(1.0), st.integers(1, 3), st.sampled_from(ENDS)),
    st.builds(Ended, st.just(2.0), st.integers(1, 3), st.just(ME)),
)))  # fmt: skip
def test_what_is_told_has_no_socket_that_lives(facts: list[Fact]) -> None:
    overs = Overs()
    for at, fact in enumerate(facts):
        for told in overs.learn([fact]):
            living = set()
            for each in facts[: at + 1]:
                if isinstance(each, Tied) and each.ends == told.ends:
                    living.add(each.cookie)
                elif isinstance(each, Ended):
                    living.discard(each.cookie)
            assert not living
