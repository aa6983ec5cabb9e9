from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ratop_py.engine.records import SUMS, Records
from ratop_py.flow.layout import row_dtype


def row(flow: int, pkts: tuple[int, int], first: int = 10, rec_first: int = 0) -> np.ndarray:
    rows = np.zeros(1, row_dtype())
    rows["id"], rows["pkts"], rows["bytes"] = flow, pkts, (pkts[0] * 60, pkts[1] * 60)
    rows["first"], rows["last"], rows["rec_first"] = (first, first), (99, 99), rec_first or first
    return rows


AT = np.array([3])


def test_a_flow_that_did_nothing_gives_no_record() -> None:
    records = Records(8)
    records.take(AT, row(1, (2, 1)))
    index, rows = records.take(AT, row(1, (2, 1)))
    assert len(index) == len(rows) == 0


def test_a_later_record_holds_only_what_came_since() -> None:
    records = Records(8)
    records.take(AT, row(1, (2, 1)))
    _, rows = records.take(AT, row(1, (5, 1), rec_first=50))
    assert rows["pkts"][0].tolist() == [3, 0]
    assert rows["bytes"][0].tolist() == [180, 0]
    assert rows["first"][0].tolist() == [50, 0]
    assert rows["last"][0].tolist() == [99, 0]


def test_a_row_used_again_by_another_flow_starts_from_nothing() -> None:
    records = Records(8)
    records.take(AT, row(1, (9, 9)))
    _, rows = records.take(AT, row(2, (1, 0)))
    assert rows["pkts"][0].tolist() == [1, 0]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=8))
def test_the_records_of_a_flow_add_up_to_the_flow(steps: list[tuple[int, int]]) -> None:
    records, total, seen = Records(8), np.zeros(2, int), np.zeros(2, int)
    for step in steps:
        total += step
        _, rows = records.take(AT, row(1, (int(total[0]), int(total[1]))))
        seen += rows["pkts"].sum(axis=0).astype(int)
    assert seen.tolist() == total.tolist()
    assert "pkts" in SUMS
