"""Seconds added up by group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ratop_py.engine import sparks
from ratop_py.engine.second import Second

Flows = st.lists(st.integers(1, 60), max_size=40)


def second(at: int, flows: Sequence[int]) -> Second:
    ids = np.unique(np.array(flows, np.uint32))
    return Second(at, ids, np.array([ids * 3 + at, ids], np.int32))


def naive(seconds: Sequence[Second], count: int, ids: Sequence[int], group: Sequence[int], groups: int) -> list[Any]:
    table = [[0] * count for _ in range(groups)]
    for flow, row in zip(ids, group, strict=True):
        for each in seconds:
            for there, size in zip(each.ids.tolist(), each.size.sum(axis=0).tolist(), strict=True):
                table[row][each.at] += 8 * size if there == flow else 0
    return table


@given(st.lists(Flows, max_size=4), st.lists(st.tuples(st.integers(1, 60), st.integers(0, 3)), max_size=30))
@settings(deadline=None)
def test_each_group_gets_what_its_flows_sent_in_each_second(
    seen: list[list[int]], asked: list[tuple[int, int]]
) -> None:
    seconds = [second(at, flows) for at, flows in enumerate(seen)]
    ids, group = [flow for flow, _ in asked], [row for _, row in asked]
    arrays = np.array(ids, np.uint64), np.array(group, np.intp)
    expected = naive(seconds, 5, ids, group, 4)
    for widest in (1 << 23, 0):  # by a table, and by search
        with mock.patch.object(sparks, "WIDEST", widest):
            assert sparks.summed(seconds, 0, 5, *arrays, 4).tolist() == expected


def test_few_are_found_among_many() -> None:
    told = sparks.summed([second(0, range(1, 1000))], 0, 1, np.array([999, 7], np.uint64), np.array([0, 1]), 2)
    assert told.tolist() == [[999 * 32], [7 * 32]]


def test_less_than_nothing_is_not_shown() -> None:
    lost = Second(0, np.array([1], np.uint32), np.array([[-5], [0]], np.int32))
    assert sparks.summed([lost], 0, 1, np.array([1], np.uint64), np.array([0]), 1).tolist() == [[0]]
