"""What a detector is given, and what it is.

Promise: a scene is one look at some flows; it is never changed. A detector learns from all scenes, and judges each
anew.
Does not know: any rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from ratop_py.assess.ends import Ends, both
from ratop_py.assess.evidence import Finding
from ratop_py.flow.flows import Flows, Rows
from ratop_py.flow.layout import Life
from ratop_py.net.host import HostNet, Mask

GRACE = 2_000_000_000
"""ns of packet time before a flow is judged by its MAC: a router's first packets must not flash."""
Hit = tuple[int, Finding]
"""(row, what was found)"""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Some flows, at a time, on this host."""

    flows: Flows
    sides: tuple[Ends, Ends]
    host: HostNet
    now: int
    """Packet time, ns."""
    settled: Mask
    """Flows whose grace is over: old enough, or ended."""

    @property
    def rows(self) -> Rows:
        """Their rows."""
        return self.flows.rows

    def directions(self) -> tuple[tuple[Ends, Ends], tuple[Ends, Ends]]:
        """(sender, receiver) both ways."""
        return self.sides, self.sides[::-1]


class Detector(Protocol):
    """A rule, or some that share what they remember. State is bounded, and ages by packet time."""

    def learn(self, scene: Scene) -> None:
        """Take in what these flows show."""
        ...

    def hits(self, scene: Scene) -> Iterator[Hit]:
        """What speaks against these flows, as far as is known now."""
        ...

    def silent(self, host: HostNet) -> Iterator[str]:
        """Sentences: which rules cannot be applied here, and why."""
        ...


def scene(flows: Flows, host: HostNet, now: int, *, final: bool) -> Scene:
    """Look at these flows. `final`: nothing will come any more, so nobody waits."""
    rows = flows.rows
    began = np.where(rows["first"] == 0, np.iinfo(np.int64).max, rows["first"]).min(axis=1)
    settled = (now - began >= GRACE) | (rows["life"] == Life.ENDED) | final
    return Scene(flows, both(rows, host), host, now, settled)
