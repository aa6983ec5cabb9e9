"""How to make what was from what came next."""

from __future__ import annotations

from unittest import mock

import numpy as np

from ratop_py.engine import step as steps
from ratop_py.engine import words
from ratop_py.engine.step import Step, parts_of, step_of
from tests.helpers.flowset import mixed


def stepped() -> tuple[Step, words.Words, words.Words]:
    """A step between two moments; the lines before it and behind it."""
    flows = mixed()
    rows, notes, noted = flows.rows, flows.notes, np.zeros(len(flows), np.int64)
    before = words.every(rows, notes, noted)
    index = np.array([6, 1, 4, 2])
    old = before[index]
    rows["bytes"][[1, 4], 0] += np.uint64(9)
    rows["last"][4] += 5
    notes["s_holder"][1], notes["d_name"][4] = 2, 7
    step = step_of(5, list(parts_of(index, old, rows, notes, noted)), {})
    return step, before, words.every(rows, notes, noted)


def test_undone_it_leads_back_to_the_bit() -> None:
    step, before, after = stepped()
    assert (before != after).any()
    step.undo(after)
    assert (before == after).all()


def test_a_row_is_free_again_whatever_stands_there() -> None:
    flows = mixed()
    noted = np.zeros(len(flows), np.int64)
    flows.rows["life"][3] = 0
    before = words.every(flows.rows, flows.notes, noted)
    flows.rows["life"][3] = 1
    index = np.array([3])
    step = step_of(5, list(parts_of(index, before[index], flows.rows, flows.notes, noted)), {})
    after = words.every(flows.rows, flows.notes, noted)
    step.undo(after)
    assert (before == after).all()
    assert (step.free.tolist(), len(step.old)) == ([3], 0)


def test_only_what_changed_is_kept() -> None:
    step, before, after = stepped()
    assert step.rows.tolist() == [1, 4]
    assert len(step.old) == int((before != after).sum())
    assert {name: numbers.tolist() for name, numbers in step.sets.items()} == {"holders": [0, 1], "names": [0]}


def test_a_few_rows_at_a_time_make_the_same_step() -> None:
    with mock.patch.object(steps, "PART", 1):
        step, before, after = stepped()
    step.undo(after)
    assert (before == after).all()


def test_a_step_of_nothing_costs_next_to_nothing_and_does_nothing() -> None:
    lines = words.every(mixed().rows, mixed().notes, np.zeros(8, np.int64))
    step = step_of(5, [], {})
    step.undo(lines)
    assert (lines == words.every(mixed().rows, mixed().notes, np.zeros(8, np.int64))).all()
    assert step.nbytes < 1000
