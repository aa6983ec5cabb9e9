from __future__ import annotations

import numpy as np
import pytest

from ratop_py.flow.flows import Flows, empty, pick, sides
from ratop_py.flow.layout import note_dtype, row_dtype


def three() -> Flows:
    """Three flows; the second began at side B."""
    rows, notes = np.zeros(3, row_dtype()), np.zeros(3, note_dtype())
    rows["id"] = notes["id"] = [11, 12, 13]
    rows["pkts"] = [(1, 2), (3, 4), (5, 6)]
    rows["init"] = [0, 1, 0]
    return Flows(rows, notes)


def test_no_flows_are_no_flows() -> None:
    assert len(empty()) == 0


def test_rows_and_notes_are_taken_together_in_the_order_asked() -> None:
    taken = three().take(np.array([2, 0]))
    assert taken.rows["id"].tolist() == taken.notes["id"].tolist() == [13, 11]


def test_taking_leaves_the_set_as_it_was() -> None:
    flows = three()
    flows.take(np.array([0])).rows["id"] = 99
    assert flows.rows["id"].tolist() == [11, 12, 13]


def test_a_slice_may_be_taken_too() -> None:
    assert three().take(slice(1, 3)).rows["id"].tolist() == [12, 13]


@pytest.mark.parametrize("index", [np.array([], np.intp), np.array([1, 1, 2])])
def test_picked_rows_are_copies_byte_for_byte(index: np.ndarray[tuple[int], np.dtype[np.intp]]) -> None:
    rows = three().rows
    assert pick(rows, index).tobytes() == b"".join(rows[at].tobytes() for at in index)


def test_source_is_the_side_that_began() -> None:
    source, destination = sides(three().rows, "pkts")
    assert (source.tolist(), destination.tolist()) == ([1, 4, 5], [2, 3, 6])
