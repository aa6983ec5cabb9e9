"""`python -m tests.fuzz --seconds N`: the compiled engine against the uncompiled one on hostile input.

Prints what it did; exit status 1 and the seed that repeats it when the two disagree or raise.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

from tests.fuzz.twins import DisagreementError, Twins, step

ROUND = 150
"""Batches a pair of tables lives for."""
START = 1_700_000_000_000_000_000


def round_of(seed: int) -> int:
    """One pair of tables from beginning to end; how many frames it saw."""
    rng = random.Random(seed)
    twins = Twins(inner=rng.random() < 0.5, seed=rng.getrandbits(64))
    now = START
    for number in range(ROUND):
        now += rng.choice((0, 10**6, 10**9, 2 * 10**10))
        step(twins, rng, now)
        if number % 10 == 9:
            twins.compare()
    twins.compare()
    return twins.frames


def main() -> int:
    """Rounds until the time is over."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--seed", type=int, default=int.from_bytes(random.SystemRandom().randbytes(4), "big"))
    chosen = options.parse_args()
    if not Twins(False, 1).both[0].compiled:
        sys.stderr.write("fuzz: the engine is not compiled, there is nothing to compare\n")
        return 1
    stop, seed, frames, rounds = time.monotonic() + chosen.seconds, chosen.seed, 0, 0
    while time.monotonic() < stop:
        try:
            frames += round_of(seed)
        except DisagreementError as difference:
            sys.stderr.write(f"fuzz: --seed {seed}: {difference}\n")
            return 1
        seed, rounds = seed + 1, rounds + 1
    sys.stdout.write(f"fuzz: {frames} frames in {rounds} rounds from seed {chosen.seed}, tables byte-equal\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
