from __future__ import annotations

from ratop_py.correlate.holders import Holders
from ratop_py.flow.flows import Owner

A, B, C = (Owner(pid, None, 0, "root", "x") for pid in (1, 2, 3))


def test_equal_sets_have_one_number_and_nobody_is_zero() -> None:
    holders = Holders()
    assert holders.number(()) == 0
    assert holders.number((A, B)) == holders.number((A, B)) == 1
    assert holders.number((B, A)) == 2


def test_what_is_no_longer_used_is_forgotten_and_the_rest_renumbered() -> None:
    holders = Holders()
    numbers = [holders.number((each,)) for each in (A, B, C)]
    moved = holders.kept([numbers[2]])
    assert moved == {0: 0, numbers[2]: 1}
    assert holders.sets == [(), (C,)]
    assert holders.number((A,)) == 2
