"""Tables that forget."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ratop_py.assess.memory import Memory


def keys(memory: Memory[int, str]) -> list[int]:
    return [key for key, _ in memory.items()]


def test_what_was_put_can_be_got() -> None:
    memory: Memory[int, str] = Memory(2, 10)
    memory.put(1, "one", 0)
    assert (memory.get(1), memory.get(2), len(memory)) == ("one", None, 1)


def test_the_longest_unseen_goes_when_it_is_full() -> None:
    memory: Memory[int, str] = Memory(2, 10)
    for number in (1, 2, 1, 3):
        memory.put(number, "", number)
    assert keys(memory) == [1, 3]


def test_looking_is_not_seeing() -> None:
    memory: Memory[int, str] = Memory(2, 10)
    memory.put(1, "", 1)
    memory.put(2, "", 2)
    memory.get(1)
    memory.put(3, "", 3)
    assert keys(memory) == [2, 3]


def test_what_was_not_seen_for_too_long_is_forgotten() -> None:
    memory: Memory[int, str] = Memory(9, 10)
    memory.put(1, "", 0)
    memory.put(2, "", 5)
    memory.forget(10)
    assert keys(memory) == [1, 2]
    memory.forget(11)
    assert keys(memory) == [2]


def test_an_older_packet_does_not_make_an_entry_younger_or_older() -> None:
    memory: Memory[int, str] = Memory(9, 10)
    memory.put(1, "", 20)
    memory.put(1, "again", 3)
    memory.forget(25)
    assert memory.get(1) == "again"


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 1000)), max_size=200))
def test_it_is_never_larger_than_its_bound(puts: list[tuple[int, int]]) -> None:
    memory: Memory[int, str] = Memory(8, 100)
    for key, now in puts:
        memory.put(key, "", now)
        assert len(memory) <= 8
