"""Two engines, compiled and uncompiled, fed the same: they must leave the same bytes."""

from __future__ import annotations

import random
import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ratop_py.flow.table import Table
from tests.fuzz.packets import linked, mutate
from tests.helpers import frames as f

CAPACITY = 48
"""Small, so that it fills up and rows are used again."""
HEARD = 20
"""Payloads kept between two comparisons: few, so that some are missed."""
LINKS = np.array(
    [[1, 10**6, 0, 0, 0, 0, 0, 0], [101, 10**9, -5, 64, 1, 4, 0, 0], [113, 1 << 40, 7, 0, 2, 0, 0, 0]], np.int64
)


class DisagreementError(AssertionError):
    """The two engines differ, or one of them raised what it should not."""


@dataclass(slots=True)
class Twins:
    """A pair of tables with one seed."""

    inner: bool
    seed: int
    both: tuple[Table, Table] = field(init=False)
    frames: int = 0

    def __post_init__(self) -> None:
        self.both = (
            Table(CAPACITY, self.inner, self.seed, pure=False),
            Table(CAPACITY, self.inner, self.seed, pure=True),
        )
        for table in self.both:
            table.engine.listen(HEARD)

    def call(self, name: str, *args: Any) -> None:
        """The same call on both: the same answer, or the same refusal."""
        answers = []
        for table in self.both:
            try:
                answers.append(getattr(table.engine, name)(*args))
            except ValueError as refusal:
                answers.append(str(refusal))
        if answers[0] != answers[1]:
            raise DisagreementError(f"{name}: {answers}")

    def compare(self) -> None:
        """Rows and counters, byte for byte."""
        compiled, plain = self.both
        if compiled.counters() != plain.counters():
            raise DisagreementError(f"counters {compiled.counters()} {plain.counters()}")
        if compiled.rows.tobytes() != plain.rows.tobytes():
            raise DisagreementError("rows differ")
        if compiled.engine.take_heard() != plain.engine.take_heard():
            raise DisagreementError("payloads heard differ")


def step(twins: Twins, rng: random.Random, now: int) -> None:
    """One batch of frames in a container of some kind, and a little housekeeping."""
    batch = [
        (now + number * rng.choice((0, 1000, 10**6, 10**10)), *linked(rng)) for number in range(rng.randrange(1, 6))
    ]
    twins.frames += len(batch)
    rng.choice((_frames, _frames, _pcap, _pcapng, _ring))(twins, rng, batch)
    if rng.random() < 0.2:
        _keep_house(twins, rng, now)


Batch = list[tuple[int, int, bytes]]


def _frames(twins: Twins, rng: random.Random, batch: Batch) -> None:
    for ts, linktype, frame in batch:
        data = mutate(rng, frame)
        twins.call(
            "feed_frame", data, rng.choice((len(data), len(frame), len(frame) + 100)), ts, linktype, rng.randrange(3)
        )


def _pcap(twins: Twins, rng: random.Random, batch: Batch) -> None:
    big, nano = rng.random() < 0.5, rng.random() < 0.5
    records = f.pcap([(ts, mutate(rng, frame)) for ts, _, frame in batch], big=big, nano=nano)[24:]
    data = mutate(rng, records) if rng.random() < 0.3 else records
    variant = big | nano << 1 | (rng.random() < 0.05) << 2
    twins.call("feed_pcap", data, rng.choice((0, 0, 0, 5)), rng.choice((len(data), 50)), variant, batch[0][1], 0)


def _pcapng(twins: Twins, rng: random.Random, batch: Batch) -> None:
    order = rng.choice("<>")
    blocks = [
        f.simple(mutate(rng, frame), order=order)
        if rng.random() < 0.2
        else f.enhanced(mutate(rng, frame), ts, interface=rng.choice((0, 0, 1, 2, 3)), order=order)
        for ts, _, frame in batch
    ]
    data = b"".join(blocks)
    twins.call("feed_pcapng", mutate(rng, data) if rng.random() < 0.3 else data, 0, len(data), order == ">", LINKS)


def _ring(twins: Twins, rng: random.Random, batch: Batch) -> None:
    tag = rng.choice((None, None, 0, 7, 0xFFFF))
    block = bytes(f.ring_block([(ts, mutate(rng, frame)) for ts, _, frame in batch], size=4096, tag=tag))
    if rng.random() < 0.3:
        at = rng.randrange(400)
        block = (
            block[:at]
            + struct.pack("<I", rng.choice((0, 1, 48, 68, 4000, 1 << 31, rng.randrange(1 << 32))))
            + block[at + 4 :]
        )
    twins.call("feed_ring", block, 0, len(block), batch[0][1], 1, rng.random() < 0.2)


def _keep_house(twins: Twins, rng: random.Random, now: int) -> None:
    timeouts = np.array([rng.choice((0, 10**9, 10**11)) for _ in range(6)], np.int64)
    twins.call("idle", rng.randrange(CAPACITY), rng.randrange(CAPACITY), now, timeouts)
    used = len(twins.both[0].rows)
    if used:
        twins.call("end", rng.randrange(used), rng.randrange(6))
        twins.call("take_mark", rng.randrange(used))
        for row in range(used):
            if rng.random() < 0.5:
                twins.call("release", row)
    for table in twins.both:
        table.engine.epoch = rng.randrange(5)
    # both must stamp the same epoch
    twins.both[1].engine.epoch = twins.both[0].engine.epoch
