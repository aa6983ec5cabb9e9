"""What was counted, shared out among seconds."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.engine.second import SECOND, Moved, second_of

NOW = 100 * SECOND
Times = st.integers(0, 12 * SECOND)


def moved(*flows: tuple[int, int, int]) -> Moved:
    """(bytes, first, last): times in ns before NOW; only the source sends."""
    size, first, last = (np.array([column, [0] * len(flows)], np.int64) for column in zip(*flows, strict=True))
    ids = np.arange(1, len(flows) + 1, dtype=np.uint64)
    return Moved(ids, size, NOW - first, NOW - last, np.zeros(len(flows), np.uint8))


def parts(flows: Moved, since: int, earliest: int = 0) -> dict[int, list[int]]:
    """second → bytes of each flow."""
    found = {}
    for second, which, size in flows.shared(since, NOW, earliest):
        found[second] = [0] * len(flows)
        for flow, number in zip(which.tolist(), size[0].tolist(), strict=True):
            found[second][flow] = number
    return found


@given(st.lists(st.tuples(st.integers(-50, 10**12), Times, Times), min_size=1, max_size=6), st.integers(0, 9 * SECOND))
def test_the_parts_add_up(flows: Any, ago: int) -> None:
    told = parts(moved(*flows), NOW - ago)
    assert [sum(column) for column in zip(*told.values(), strict=True)] == [size for size, _, _ in flows]


def test_within_one_second_nothing_is_divided() -> None:
    since = NOW + SECOND // 4
    (one,) = list(moved((10, 0, 0)).shared(since, since + SECOND // 2, 0))
    assert (one[0], one[2].tolist()) == (100, [[10], [0]])


def test_a_steady_stream_is_divided_evenly() -> None:
    assert parts(moved((100, 4 * SECOND, 0)), NOW - 2 * SECOND) == {98: [50], 99: [50], 100: [0]}


def test_what_is_older_than_is_kept_counts_in_the_oldest_second() -> None:
    assert parts(moved((100, 50 * SECOND, 0)), NOW - 50 * SECOND, 98) == {98: [98], 99: [2], 100: [0]}


def test_looks_of_one_second_are_one_entry_a_flow_in_order() -> None:
    ids = np.array([5, 3], np.uint64), np.array([3, 9], np.uint64)
    sizes = np.array([[1, 2], [0, 0]]), np.array([[10, 20], [1, 1]])
    told = second_of(7, list(zip(ids, sizes, strict=True)))
    assert (told.at, told.ids.tolist(), told.size.tolist()) == (7, [3, 5, 9], [[12, 1, 20], [1, 0, 1]])


def test_numbers_take_half_of_the_memory_where_they_are_small() -> None:
    small = second_of(0, [(np.array([1], np.uint64), np.array([[1], [2]]))])
    large = second_of(0, [(np.array([1], np.uint64), np.array([[1], [1 << 40]]))])
    far = second_of(0, [(np.array([1 << 40], np.uint64), np.array([[1], [2]]))])
    assert [each.size.itemsize for each in (small, large, far)] == [4, 8, 8]
    assert large.size[1, 0] == 1 << 40
    assert far.ids[0] == 1 << 40


def test_a_silent_second_is_empty() -> None:
    assert len(second_of(3, []).ids) == 0
