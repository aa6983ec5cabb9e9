"""What there was at moments of the last minutes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.engine.past import FARTHEST
from tests.helpers.remembering import ROWS, SECOND, START, Host, busy, told

DEEDS = ("begin", "send", "own", "suspect", "end", "give_back", "renumber", "look")
Deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, ROWS - 1), st.integers(1, 9)), max_size=80)


@given(Deeds)
@settings(max_examples=120, deadline=None)
def test_every_moment_is_what_was_there_then(deeds: Any) -> None:
    host = Host()
    for deed, place, number in (*deeds, ("look", 0, 1)):
        match deed:
            case "begin" | "end" | "give_back":
                getattr(host, deed)(place)
            case "send" | "own" | "suspect":
                getattr(host, deed)(place, number)
            case "renumber":
                host.renumber()
            case _:
                host.look(number / 4)
    for when, there in host.seen.items():
        if host.past.oldest is not None:
            assert told(host.at(when)) == there
            assert host.past.moment(when) == when


def test_between_two_moments_the_earlier_one_is_seen_and_beyond_them_the_nearest() -> None:
    host = busy()
    sizes = [int(host.at(START + int(s * SECOND)).rows["bytes"][0, 0]) for s in (-5, 1, 2.5, 3, 99)]
    assert sizes == [2, 2, 4, 6, 20]
    assert (host.past.oldest, host.past.newest) == (START + SECOND, START + 10 * SECOND)


def test_what_changed_since_the_newest_moment_is_not_seen_in_it() -> None:
    host = busy()
    host.send(0, 2)
    host.look(0.4)
    assert host.at(host.now).rows["bytes"][0, 0] == 20


def test_the_oldest_moments_leave_when_memory_is_short() -> None:
    host = busy(200, most=20_000)
    assert host.past.nbytes <= 20_000
    oldest = host.past.oldest
    assert oldest is not None
    assert START + 10 * SECOND < oldest < host.now
    assert told(host.at(oldest)) == host.seen[oldest]


def test_where_not_even_the_present_fits_nothing_is_kept() -> None:
    host = busy(20, most=100)
    assert host.past.oldest is None
    assert host.past.moment(host.now) is None


def test_moments_are_farther_apart_where_much_changes() -> None:
    host = Host(400, most=700_000)
    for place in range(400):
        host.begin(place)
    for _ in range(60):
        for place in range(400):
            host.send(place, 3)
        host.look(0.5)
    gaps = np.diff(sorted(host.seen)) / SECOND
    assert 2 < gaps[-1] <= FARTHEST / SECOND
    assert host.past.nbytes <= 700_000


def test_moments_are_not_farther_apart_where_that_would_save_nothing() -> None:
    host = Host(4000, most=700_000)
    for second in range(20):
        for place in range(200 * second, 200 * second + 200):
            host.begin(place)
            host.send(place, 3)
        host.look(1.0)
    assert set(np.diff(sorted(host.seen)).tolist()) == {SECOND}


def test_while_the_clock_stands_nothing_grows() -> None:
    host = busy()
    host.send(0, 2)
    host.look(0.1)
    size = host.past.nbytes
    for _ in range(50):
        host.send(0, 2)
        host.look(0.0)
    assert host.past.nbytes == size
    assert len(host.past._kept) + len(host.past._found) == 1


def test_owners_and_names_that_nobody_holds_any_more_are_forgotten() -> None:
    host = Host(most=300_000)
    host.begin(0)
    for pid in range(5_000):
        host.own(0, pid)
        host.holders, host.names = [(), host.holders[-1]], [(), host.names[-1]]
        host.notes["s_holder"][0] = host.notes["d_name"][0] = host.notes["sni"][0] = 1
        host.look(0.3)
    assert host.past.nbytes <= 300_000
    assert sum(len(each.sets) for each in host.past._registers.values()) < 3_500
    oldest = host.past.oldest
    assert oldest is not None
    assert told(host.at(oldest)) == host.seen[oldest]


def test_a_moment_older_than_half_an_hour_leaves() -> None:
    host = busy(3)
    for _ in range(4):
        host.look(600.0)
    assert host.past.oldest == START + 603 * SECOND


def test_nothing_is_seen_of_before_the_clock_was_set_back() -> None:
    host = busy()
    host.past.begin_anew()
    assert host.past.moment(host.now) is None
    host.now = START - 500 * SECOND
    host.look()
    host.send(0, 2)
    host.look()
    oldest = START - 499 * SECOND
    assert host.past.oldest == oldest
    assert told(host.at(oldest)) == host.seen[oldest]
