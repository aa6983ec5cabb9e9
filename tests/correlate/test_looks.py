from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.correlate import looks as module
from ratop_py.correlate.looks import RUNS, SETTLED, Looks

PORT = 6 << 16 | 443


def looks(*seen: tuple[float, bool, bool]) -> Looks:
    """(time, complete, whether the port was seen)."""
    made = Looks()
    for at, complete, there in seen:
        made.add(at, at + 0.1, complete, [PORT] if there else [])
    return made


def test_only_complete_looks_within_the_time_count() -> None:
    made = looks((1, True, False), (2, False, False), (3, True, False), (4, True, False))
    assert made.without(PORT, 0.5, 9) == 3
    assert made.without(PORT, 1.5, 9) == 2
    assert made.without(PORT, 0.5, 4.05) == 2


@pytest.mark.parametrize("seen", range(5))
def test_a_port_seen_within_the_time_or_just_around_it_was_not_without(seen: int) -> None:
    made = looks(*((float(at), True, at == seen) for at in range(5)))
    assert made.without(PORT, 0.5, 3.5) == 0
    assert made.without(PORT + 1, 0.5, 3.5) == 3


def test_a_port_seen_long_before_and_long_after_says_nothing() -> None:
    made = looks(*((float(at), True, at in {0, 9}) for at in range(10)))
    assert made.without(PORT, 2.5, 6.5) == 4


def test_a_look_is_since_when_it_went_on_after() -> None:
    made = looks((10, True, False))
    assert not Looks().since(0)
    assert made.since(10.1 - SETTLED)
    assert not made.since(10)


def test_a_listing_without_a_time_is_since_ever_and_proves_nothing() -> None:
    made = Looks()
    made.add(0, 1e11, False, [])
    made.add(5, 5.1, True, [])
    assert made.since(1e9)
    assert made.without(PORT, 1, 9) == 1


def test_what_was_forgotten_makes_it_count_fewer() -> None:
    made = looks(*((float(at), True, False) for at in range(10)))
    made.forget(7)
    assert len(made) == 3
    assert made.without(PORT, 0, 99) == 3


def test_looks_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 8)
    made = looks(*((float(at), True, True) for at in range(50)))
    assert len(made) <= 8


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_absence_is_never_claimed_wrongly(seen: list[bool], first: int, last: int) -> None:
    made = looks(*((float(at), True, there) for at, there in enumerate(seen)))
    told = made.without(PORT, first, last + 0.5)
    there = any(seen[first : last + 1])
    assert told == 0 or (not there and told == len(seen[first : last + 1]))
    assert len(made._runs.get(PORT, [])) <= 2 * RUNS
