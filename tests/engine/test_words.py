"""A flow as a line of words."""

from __future__ import annotations

from typing import Any

import numpy as np

from ratop_py.engine import words
from ratop_py.flow.layout import Life
from tests.helpers.flowset import mixed


def made() -> tuple[Any, Any, Any]:
    flows = mixed()
    return flows.rows, flows.notes, np.arange(len(flows), dtype=np.int64)


def test_what_was_put_together_comes_apart_the_same() -> None:
    rows, notes, noted = made()
    index = np.array([3, 0, 7])
    told = words.split(words.every(rows, notes, noted), index)
    assert told[0].tobytes() == rows[index].tobytes()
    assert told[1].tobytes() == notes[index].tobytes()
    assert told[2].tolist() == [3, 0, 7]
    assert (words.lines(rows, notes, noted, index) == words.every(rows, notes, noted)[index]).all()


def test_what_is_free_or_not_there_yet_is_nothing_but_zeros() -> None:
    rows, notes, noted = made()
    rows["life"][1] = Life.FREE
    told = words.lines(rows[:3], notes, noted, np.array([1, 2, 3]))
    assert words.alive(told).tolist() == [False, True, False]
    assert not told[[0, 2]].any()
    assert not words.every(rows, notes, noted)[1].any()


def test_ended_flows_are_still_there() -> None:
    rows, notes, noted = made()
    rows["life"][:3] = Life.LIVE, Life.ENDED, Life.FREE
    assert words.alive(words.every(rows, notes, noted))[:3].tolist() == [True, True, False]


def test_only_what_is_shown_differs() -> None:
    rows, notes, noted = made()
    old = words.every(rows, notes, noted)
    rows["epoch"] += 1
    notes["s_bytes"] += np.uint64(5)
    assert not words.differing(old, words.every(rows, notes, noted)).any()
    rows["retrans"][0, 0] += 1  # in the same word as the epoch
    notes["risk"][1] += 1
    assert words.differing(old, words.every(rows, notes, noted)).sum(axis=1).tolist() == [1, 1, *[0] * 6]


def test_of_what_was_free_nothing_is_needed_and_of_what_is_free_now_all_that_is_not_zero() -> None:
    rows, notes, noted = made()
    rows["life"][2] = Life.FREE
    old = words.every(rows, notes, noted)
    rows["life"][1], rows["life"][2] = Life.FREE, Life.LIVE
    told = words.differing(old, words.every(rows, notes, noted))
    assert not told[2].any()
    shown = np.ones(words.COUNT, bool)
    shown[[words.EPOCH, *words.UNSHOWN]] = False
    assert (told[1] == (old[1] != 0))[shown].all()


def test_numbers_are_found_in_whichever_half_of_a_word_they_stand() -> None:
    rows, notes, noted = made()
    notes["s_holder"], notes["d_holder"] = range(8), range(10, 18)
    notes["s_name"], notes["d_name"], notes["sni"] = 1, 2, 3
    lines = words.every(rows, notes, noted)
    everything = np.ones(lines.shape, bool)
    assert words.numbers(lines, everything, "holders").tolist() == [*range(8), *range(10, 18)]
    assert words.numbers(lines, everything, "names").tolist() == [1, 2, 3]
    assert words.numbers(lines, ~everything, "names").tolist() == []
