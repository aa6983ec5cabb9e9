from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ratop_py.view.model import View
from ratop_py.view.rates import Rates
from ratop_py.view.select import answer, select
from tests.helpers.flowset import mixed

NOW = 1_700_000_010.0


class Ids:
    """Whoever is asked for a rate answers with the sum of the ids."""

    def sparks(
        self, ids: NDArray[np.uint64], group: NDArray[np.intp], groups: int, seconds: int, until: float
    ) -> NDArray[np.float32]:
        assert until == NOW
        total = np.bincount(group, ids.astype(np.float64), groups)
        return np.repeat(total[:, None], seconds, axis=1).astype(np.float32)

    def of_flow(self, flow_id: int, seconds: int, until: float) -> tuple[tuple[float, float], ...]:
        return ((float(flow_id), until),) * min(seconds, 2)


RATES: Rates = Ids()


def test_every_row_of_the_window_gets_the_rates_of_its_flow() -> None:
    shown = select(mixed(), View(fields=("proto",), sparks=3, window=(1, 2)), NOW, rates=RATES)
    assert shown.sparks is not None
    assert shown.sparks.tolist() == [[float(each)] * 3 for each in shown.ids.tolist()]


def test_a_group_gets_the_rates_of_its_flows_together() -> None:
    flows = mixed()
    shown = answer(flows, View(group=("proto",), fields=("proto",), sparks=1), NOW, rates=RATES).snapshot()
    assert shown.sparks is not None
    assert shown.sparks.sum() == flows.rows["id"].sum()


def test_nobody_is_asked_who_was_not_wanted() -> None:
    assert select(mixed(), View(fields=("proto",)), NOW, rates=RATES).sparks is None
    assert select(mixed(), View(fields=("proto",), sparks=3), NOW).sparks is None


def test_details_tell_the_rates_of_their_flow() -> None:
    flows = mixed()
    number = int(flows.rows["id"][0])
    detail = select(flows, View(detail=number), NOW, rates=RATES).detail
    assert detail is not None
    assert detail.past == ((float(number), NOW),) * 2
