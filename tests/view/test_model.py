from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from ratop_py.view import model
from ratop_py.view.model import Meters, Order, Snapshot, View

VALUES = [value for value in vars(model).values() if dataclasses.is_dataclass(value) and isinstance(value, type)]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_questions_and_answers_never_change(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)


def test_a_view_that_says_nothing_asks_for_all_flows_as_they_began() -> None:
    view = View()
    assert (view.filter, view.group, view.order, view.limit, view.window, view.ended) == ("", (), (), None, None, True)


def test_equal_questions_are_equal_and_can_be_remembered() -> None:
    assert View(order=(Order("bytes"),)) == View(order=(Order("bytes", descending=True),))
    assert len({View(filter="tcp"), View(filter="tcp"), View(filter="udp")}) == 2


def test_a_snapshot_is_as_long_as_its_rows() -> None:
    shown = Snapshot(View(), 1, 0.0, 0, 9, 10, np.arange(3, dtype=np.uint64), {}, np.zeros(3, bool))
    assert len(shown) == 3


def test_meters_begin_with_nothing_claimed() -> None:
    meters = Meters()
    assert (meters.state, meters.packets, meters.attributed, meters.events) == ("starting", 0, 0.0, ())
