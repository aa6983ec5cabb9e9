"""The interpreter's time."""

import gc
import sys

import pytest

from ratop_py.tui import pace


def test_what_the_start_made_is_not_looked_through_while_keys_are_awaited() -> None:
    whole = len(gc.get_objects())
    with pace.brisk():
        assert not gc.isenabled()
        pace.settled()
        assert gc.isenabled()
        assert len(gc.get_objects()) < whole / 10
    assert gc.get_freeze_count() == 0


def test_the_collector_works_on_where_nothing_was_ever_answered() -> None:
    with pace.brisk():
        pass
    assert gc.isenabled()


def test_outside_of_the_screen_nothing_is_kept_from_the_collector() -> None:
    pace.settled()
    assert gc.get_freeze_count() == 0


def test_threads_hand_over_quickly_and_afterwards_as_before() -> None:
    before = sys.getswitchinterval()
    with pytest.raises(KeyError), pace.brisk():  # noqa: PT012 - what is true until it ends
        assert sys.getswitchinterval() < before
        raise KeyError
    assert sys.getswitchinterval() == before
