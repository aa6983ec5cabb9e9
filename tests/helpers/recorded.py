"""A feed over the demo's recording, read once by the real engine and answered by the real `view.select`: every view has
something in it. Rates are made up from each flow's bytes, so that pictures do not depend on when they are taken.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from ratop_py.engine.session import Engine
from ratop_py.engine.settings import Settings
from ratop_py.flow.flows import Flows, Owner, copied
from ratop_py.view import EventMeter, Meters, Pulse, Snapshot, View, select
from tests.helpers.fakefeed import HOSTILE

SECOND = 1_000_000_000
KEPT = 120
"""Seconds of the past."""


@cache
def recording() -> tuple[Flows, Meters]:
    """The demo's flows, and the meters of the moment at which it ends."""
    assets = files("ratop_py") / "assets"
    engine = Engine(Settings(files=(str(assets / "demo.pcap.gz"),), context=str(assets / "demo.json")))
    engine.run_to_end()
    answer = engine.answer(View())
    engine.stop()
    flows, meters = answer.flows, answer.meters
    rows, notes = flows.rows, copied(flows.notes)
    seconds = np.maximum(1.0, (rows["last"].max(axis=1) - rows["first"].max(axis=1)) / SECOND)
    moving = rows["last"].max(axis=1) > (meters.clock - 10) * SECOND
    for side, name in enumerate(("s_bps", "d_bps")):
        notes[name] = np.where(moving, rows["bytes"][:, side] * 8 / seconds, 0)
    pulses = tuple(
        Pulse(meters.clock - KEPT + at, 2e7 * (1.2 + math.sin(at / 7)), 4e6 * (1.1 + math.cos(at / 5)), int(at == 41))
        for at in range(1, KEPT + 1)
    )
    events = (EventMeter("packets", True, ""), EventMeter("kernel", True, "14 eBPF hooks"))
    told = replace(
        meters, state="live", source="wlp2s0", events=events, pulse=pulses, oldest=meters.clock - KEPT,
        rx_bps=24_600_000.0, tx_bps=3_900_000.0,
    )  # fmt: skip
    return replace(flows, notes=notes), told


class Rates:
    """As many bits as the id says, in waves."""

    def sparks(
        self, ids: NDArray[np.uint64], group: NDArray[np.intp], groups: int, seconds: int, until: float
    ) -> NDArray[np.float32]:
        """Waves."""
        phase = ids.astype(np.float64)[:, None] + np.arange(seconds)[None, :]
        waves = (1.0 + np.sin(phase / 6.0)) * (ids.astype(np.float64)[:, None] % 17)
        told = np.zeros((groups, seconds))
        np.add.at(told, group, waves)
        return told.astype(np.float32)

    def of_flow(self, flow_id: int, seconds: int, until: float) -> tuple[tuple[float, float], ...]:
        """Waves."""
        return tuple(
            (1e6 * (1 + math.sin((flow_id + at) / 9)), 1e5 * (1 + math.cos((flow_id + at) / 9)))
            for at in range(seconds)
        )


@dataclass
class Recorded:
    """Answers views."""

    meters: Meters = field(default_factory=lambda: recording()[1])
    flows: Flows = field(default_factory=lambda: recording()[0])
    asked: list[View] = field(default_factory=list)
    held: bool = False
    speed: float = 0.0
    generation: int = 0

    def start(self) -> None:
        """It is open."""

    def stop(self) -> None:
        """Nothing to close."""

    def hold(self, held: bool) -> None:
        """Pause."""
        self.held = held

    def reverse(self, address: str) -> tuple[str, bool]:
        """Everybody is called so."""
        return "host.example.net", False

    def pace(self, speed: float) -> None:
        """Remember the pace."""
        self.speed = speed
        self.meters = replace(self.meters, speed=speed)

    def ask(self, view: View) -> Snapshot:
        """Answer; of the past what had begun by then."""
        self.asked.append(view)
        flows, meters = self.flows, self.meters
        if view.at is not None:
            then = np.flatnonzero(flows.rows["first"].max(axis=1) <= view.at * SECOND)
            flows, meters = flows.take(then), replace(meters, clock=view.at, state="history")
        return select(flows, view, meters.clock, meters, self.generation, Rates())

    def export(self, view: View, path: str, format: str, rows: frozenset[int], going: Callable[[int], bool]) -> int:  # noqa: A002
        """Not here."""
        raise NotImplementedError

    def draw(self, picture: str, path: str) -> int:
        """Not here."""
        raise NotImplementedError

    def packets(self) -> tuple[bool, str]:
        """A file is read again."""
        return True, ""


def recorded() -> Recorded:
    """A new one."""
    return Recorded()


def strangers() -> Recorded:
    """The recording with names, of everything that has one, that try to leave their cell; nobody cleaned them."""
    flows = recording()[0]
    draw = random.Random(7)

    def evil(_: str = "") -> str:
        rest = "".join(chr(draw.randrange(0x110000)) for _ in range(draw.randrange(12)))
        return f"{draw.choice(HOSTILE)}{rest}"

    def of(owner: Owner) -> Owner:
        told = {name: evil() for name in ("user", "program", "exe", "cmdline", "parent", "container", "netns")}
        return replace(owner, **told, forebears=((2, evil()), (1, evil())))  # type: ignore[arg-type]

    return Recorded(
        flows=replace(
            flows,
            holders=[tuple(of(owner) for owner in held) for held in flows.holders],
            names=[tuple(replace(name, text=evil()) for name in heard) for heard in flows.names],
            interfaces=[evil() for _ in flows.interfaces],
            sources=["", *(evil() for _ in flows.sources[1:])],
            srcid=evil(),
        )
    )
