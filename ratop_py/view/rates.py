"""What the view asks of whoever remembers how much flows sent in each of the last seconds.

Does not know: how it is remembered, or for how long.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class Rates(Protocol):
    """Rates of the past, second by second."""

    def sparks(
        self, ids: NDArray[np.uint64], group: NDArray[np.intp], groups: int, seconds: int, until: float
    ) -> NDArray[np.float32]:
        """bits/s both ways, by group and second, the newest last. `ids`: flow ids in any order, one may be in several
        groups; `group`: of each the row it belongs to; `until`: data clock, seconds."""
        ...

    def of_flow(self, flow_id: int, seconds: int, until: float) -> tuple[tuple[float, float], ...]:
        """(bits/s from the source, from the destination) of each of the last seconds, the newest last."""
        ...
