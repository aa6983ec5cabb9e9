"""Sets by numbers that stay."""

from __future__ import annotations

from ratop_py.engine.register import Register, size_of
from ratop_py.flow.flows import Owner


def owner(pid: int, cmdline: str = "") -> tuple[Owner, ...]:
    return (Owner(pid, None, 0, "ada", "curl", cmdline=cmdline),)


def test_equal_sets_have_one_number_and_nobody_is_zero() -> None:
    register = Register()
    assert register.number(()) == 0
    first, second = register.number(owner(1)), register.number(owner(2))
    assert first != second
    assert register.number(owner(1)) == first
    assert register.sets[first] == owner(1)


def test_what_is_kept_keeps_its_number_and_no_number_comes_back() -> None:
    register = Register()
    numbers = [register.number(owner(pid)) for pid in range(1, 6)]
    register.keep([numbers[2], 0])
    assert register.sets == {0: (), numbers[2]: owner(3)}
    assert register.number(owner(3)) == numbers[2]
    assert register.number(owner(1)) not in numbers


def test_memory_is_counted_while_it_is_used() -> None:
    register = Register()
    kept = register.number(owner(1))
    small = register.nbytes
    register.number(owner(2, "x" * 5000))
    assert register.nbytes > small + 5000
    register.keep([kept])
    assert register.nbytes == small == size_of(owner(1))


def test_an_object_that_is_gone_is_not_mistaken_for_the_next_one_in_its_place() -> None:
    register = Register()
    for pid in range(1000):
        number = register.number(owner(pid % 7))
        assert register.sets[number] == owner(pid % 7)
        if pid % 50 == 0:
            register.keep([])
