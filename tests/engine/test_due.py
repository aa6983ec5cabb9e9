from __future__ import annotations

import numpy as np
import pytest

from ratop_py.assess.scene import GRACE
from ratop_py.engine.due import SWEEP, Due, began, unowned, with_ends
from ratop_py.flow.key import key
from ratop_py.flow.layout import Life, note_dtype
from ratop_py.net.address import parse
from tests.helpers.flowset import START, row

LATER = START + 2 * GRACE


def one() -> np.ndarray:
    found = row("10.0.0.5:40000", "192.0.2.1:80", number=1)
    found["first"], found["last"], found["life"] = (START, 0), (START, 0), Life.LIVE
    found["pkts"] = (1, 0)
    return found


def assessed(due: Due, rows: np.ndarray, now: int, *, changed: bool = True) -> bool:
    """A tick: whether the only row was assessed."""
    index = np.arange(len(rows) if changed else 0)
    asked = np.zeros(len(rows), bool)
    asked[index[due.news(index, rows)]] = True
    return len(due.assess(index, rows, asked, now)) > 0


def seen() -> tuple[Due, np.ndarray]:
    """A row that was looked at after its grace."""
    due, rows = Due(4), one()
    assert assessed(due, rows, LATER)
    assert not assessed(due, rows, LATER + 1)
    return due, rows


def test_a_row_is_assessed_when_it_is_new_and_once_more_when_its_grace_is_over() -> None:
    due, rows = Due(4), one()
    assert assessed(due, rows, START)
    assert not assessed(due, rows, START + GRACE - 1)
    assert assessed(due, rows, START + GRACE, changed=False)
    assert not assessed(due, rows, START + GRACE + 1)


@pytest.mark.parametrize(
    ("name", "value"), [("init", 1), ("life", Life.ENDED), ("fins", 16), ("fins", 64), ("pkts", (1, 1))]
)
def test_a_row_that_shows_another_sign_is_assessed(name: str, value: object) -> None:
    due, rows = seen()
    rows[name] = value
    assert assessed(due, rows, LATER + 2)


def test_a_quiet_row_that_goes_on_waits_for_the_sweep() -> None:
    due, rows = seen()
    rows["pkts"] = (9, 0)
    assert not assessed(due, rows, LATER + SWEEP - 1)
    assert assessed(due, rows, LATER + SWEEP + 1)


def test_a_row_that_does_not_change_is_in_no_sweep() -> None:
    due, rows = seen()
    assert assessed(due, rows, LATER + SWEEP + 1)  # it changed once since it was assessed
    assert not assessed(due, rows, LATER + 3 * SWEEP, changed=False)


def test_a_clock_that_was_set_back_delays_no_sweep() -> None:
    due, rows = seen()
    assert assessed(due, rows, LATER - 10 * SWEEP)


def test_a_claim_for_an_address_is_assessed_at_each_change() -> None:
    due, rows = Due(4), one()
    rows["family"] = 1
    assert assessed(due, rows, LATER)
    assert assessed(due, rows, LATER + 1)


def test_a_row_used_again_is_new() -> None:
    due, rows = seen()
    due.forget(np.array([0]))
    assert assessed(due, rows, LATER + 1)


def test_on_another_host_every_row_is_new() -> None:
    due, rows = seen()
    due.forget_all()
    assert assessed(due, rows, LATER + 1)


def test_a_flow_began_with_the_first_packet_of_either_side() -> None:
    rows = np.repeat(one(), 3)
    rows["first"] = [(5, 0), (0, 6), (8, 7)]
    assert began(rows, np.arange(3)).tolist() == [5, 6, 7]


def test_an_end_here_without_an_exact_owner_could_be_better_known() -> None:
    notes = np.zeros(5, note_dtype())
    notes["way"], notes["s_match"], notes["d_match"] = (0, 1, 2, 2, 3), (0, 7, 0, 7, 7), (0, 0, 7, 0, 5)
    assert unowned(notes).tolist() == [False, True, True, False, True]


def test_rows_are_found_by_their_ends() -> None:
    rows = np.concatenate([row(f"10.0.0.5:{port}", "192.0.2.1:80", number=port) for port in range(1, 50)])
    ends = key(6, (parse("10.0.0.5")[0], 7), (parse("192.0.2.1")[0], 80))
    assert np.flatnonzero(with_ends(rows, {ends})).tolist() == [6]
    assert not with_ends(rows, set()).any()
    assert len(with_ends(rows[:0], {ends})) == 0
