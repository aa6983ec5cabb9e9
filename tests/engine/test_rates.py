from __future__ import annotations

import numpy as np
import pytest

from ratop_py.engine.rates import active, advance
from ratop_py.flow.layout import note_dtype, row_dtype


def played(per_second: int, seconds: int, tick: float = 0.5) -> np.ndarray:
    notes = np.zeros(1, note_dtype())
    rows = np.zeros(1, row_dtype())
    rows["init"] = 1
    for _ in range(int(seconds / tick)):
        rows["bytes"][0, 1] += int(per_second * tick)
        advance(notes, np.array([0]), rows, tick)
    return notes


def test_a_steady_stream_reads_its_true_rate() -> None:
    assert played(125_000, 20)["s_bps"][0] == pytest.approx(1_000_000, rel=0.01)


def test_the_rate_is_the_source_s_when_side_b_began() -> None:
    assert played(125_000, 20)["d_bps"][0] == 0


def test_a_silent_stream_falls_to_nothing_and_is_no_longer_active() -> None:
    notes, rows = played(125_000, 5), np.zeros(1, row_dtype())
    rows["init"], rows["bytes"][0, 1] = 1, notes["s_bytes"][0]
    for _ in range(120):
        advance(notes, np.array([0]), rows, 0.5)
    assert notes["s_bps"][0] == 0
    assert not len(active(notes, np.arange(0), 1))


def test_what_changed_is_active_before_it_has_a_rate() -> None:
    assert active(np.zeros(3, note_dtype()), np.array([1]), 3).tolist() == [1]
