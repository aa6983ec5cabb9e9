"""A feed over as many real flow rows as wanted, answered by the real `view.select`; rates change at every answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ratop_py.flow.flows import Flows, Owner
from ratop_py.flow.layout import Life, note_dtype, row_dtype
from ratop_py.view import Snapshot, View, select
from tests.helpers.fakefeed import CLOCK, METERS

MAPPED = np.uint64(0xFFFF_0000_0000)
SECOND = 1_000_000_000
PROGRAMS = ("firefox", "ssh", "nginx", "code", "agent", "postgres", "systemd-resolved", "rclone")


def flows(count: int, seed: int = 1) -> Flows:
    """Live TCP flows of a few programs."""
    draw = np.random.default_rng(seed)
    rows, notes = np.zeros(count, row_dtype()), np.zeros(count, note_dtype())
    rows["addr_a"][:, 1] = MAPPED | np.uint64(0xC000_0211)
    rows["addr_b"][:, 1] = MAPPED | draw.integers(0xC600_0000, 0xDF00_0000, count).astype(np.uint64)
    rows["port_a"], rows["port_b"] = draw.integers(1024, 65_535, count), draw.choice((443, 80, 22, 53, 8443), count)
    rows["proto"], rows["family"], rows["life"] = 6, 4, Life.LIVE
    rows["pkts"], rows["bytes"] = draw.integers(1, 10_000, (count, 2)), draw.integers(60, 10**8, (count, 2))
    rows["first"] = np.int64(CLOCK * SECOND) - draw.integers(SECOND, 3600 * SECOND, (count, 1))
    rows["last"] = np.int64(CLOCK * SECOND)
    rows["id"] = notes["id"] = np.arange(1, count + 1)
    notes["way"], notes["s_holder"], notes["s_match"] = 2, draw.integers(1, len(PROGRAMS) + 1, count), 3
    notes["s_bps"], notes["d_bps"] = 10 ** draw.uniform(1, 6, count), 10 ** draw.uniform(1, 7, count)
    notes["risk"] = np.where(draw.random(count) < 0.01, draw.integers(36, 95, count), 0)
    owners = [(Owner(1000 + i, CLOCK - 999, 1000, "ada", name),) for i, name in enumerate(PROGRAMS)]
    return Flows(rows, notes, holders=((), *owners), sources=("", "lsof"))


class FlowsFeed:
    """Answers views; a hundredth of the flows change their rate each time."""

    def __init__(self, count: int) -> None:
        self.flows = flows(count)
        self.generation = 0
        self._draw = np.random.default_rng(7)

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""

    def hold(self, held: bool) -> None:
        """Rates go on; nobody looks."""

    def ask(self, view: View) -> Snapshot:
        """Answer."""
        self.generation += 1
        notes = self.flows.notes
        some = self._draw.integers(0, len(notes), max(1, len(notes) // 100))
        notes["d_bps"][some] *= np.exp(self._draw.normal(0, 0.3, len(some))).astype(np.float32)
        return select(self.flows, view, CLOCK, METERS, self.generation)

    def reverse(self, address: str) -> tuple[str, bool]:
        """Everybody is called so."""
        return "host.example.net", False

    def pace(self, speed: float) -> None:
        """Nothing is played."""

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Callable[[int], bool]) -> int:  # noqa: A002
        """Not here."""
        raise NotImplementedError

    def draw(self, picture: str, path: str) -> int:
        """Not here."""
        raise NotImplementedError

    def packets(self) -> tuple[bool, str]:
        """None are kept."""
        return False, "packets are not kept"
