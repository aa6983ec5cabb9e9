from __future__ import annotations

import pytest

from ratop_py.flow.states import NEXT, STEPS, Seen, State

PAIRS = [(state, seen) for state in State for seen in Seen]


@pytest.mark.parametrize(("state", "seen"), PAIRS)
def test_every_pair_leads_somewhere_and_the_bytes_say_the_same(state: State, seen: Seen) -> None:
    assert STEPS[state * len(Seen) + seen] == NEXT[state, seen]


@pytest.mark.parametrize(("state", "seen"), PAIRS)
def test_no_segment_leads_back_to_nothing(state: State, seen: Seen) -> None:
    assert NEXT[state, seen] != State.NONE


@pytest.mark.parametrize("state", State)
def test_a_reset_resets_whatever_was(state: State) -> None:
    assert NEXT[state, Seen.RST] == State.RST


@pytest.mark.parametrize("seen", Seen)
def test_after_a_reset_nothing_else_comes(seen: Seen) -> None:
    assert NEXT[State.RST, seen] == State.RST


@pytest.mark.parametrize(("state", "seen"), [pair for pair in PAIRS if pair[1] != Seen.RST])
def test_a_connection_only_goes_forward(state: State, seen: Seen) -> None:
    assert NEXT[state, seen] >= state or state == State.RST


def test_the_bytes_hold_each_pair_once() -> None:
    assert len(STEPS) == len(NEXT) == len(State) * len(Seen)
