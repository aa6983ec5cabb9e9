"""The formats by name, and a new file in one of them.

Promise: `save` writes all of an answer or leaves no file; asked to stop, it stops soon.
Does not know: how a format writes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ratop_py.errors import Exit, RatopError
from ratop_py.export import csv, jsonl, packets, parquet, text
from ratop_py.export.file import create
from ratop_py.export.picker import Going, always, stopped
from ratop_py.export.wanted import Wanted, members
from ratop_py.view import Answer, Snapshot

PACKETS = "pcapng"
FORMATS: Mapping[str, Callable[[Iterable[Snapshot], BinaryIO], int]] = {
    "text": text.write,
    "csv": csv.write,
    "jsonl": jsonl.write,
    "parquet": parquet.write,
}
"""What a format's name means, where rows are written."""


def save(snapshots: Iterable[Snapshot], path: Path, name: str, going: Going = always) -> int:
    """Write snapshots to a file that is not there yet; returns the number of rows. `going` is told how many."""
    if name not in FORMATS:
        raise RatopError(f"there is no format `{name}`", hint=f"one of {', '.join(FORMATS)}", exit_code=Exit.USAGE)
    with create(path) as out:
        return FORMATS[name](watched(snapshots, going), out)


def save_packets(answer: Answer, source: packets.Packets, path: Path, going: Going = always, *, inner: bool) -> int:
    """Write the packets of the flows of an answer; returns how many. `going` is told how many were looked at."""
    wanted = Wanted()
    wanted.add(members(answer))
    with create(path) as out:
        return packets.write(wanted, source, out, answer.view.filter, going, inner=inner)


def save_text(words: str, path: Path) -> int:
    """Write a text; returns 1: one of it."""
    with create(path) as out:
        out.write(words.encode("utf-8", "replace"))
    return 1


def only(answer: Answer, rows: frozenset[int]) -> Answer:
    """Those rows of an answer that have these ids; all, if none are named. RatopError: they are not there any more."""
    if not rows:
        return answer
    chosen = np.isin(answer.ids[answer.index], np.array(sorted(rows), np.uint64))
    if not chosen.any():
        raise RatopError("nothing was written: the marked rows are not there any more")
    return replace(answer, index=answer.index[chosen])


def watched(snapshots: Iterable[Snapshot], going: Going) -> Iterator[Snapshot]:
    """The same; before each, it is asked whether to go on."""
    done = 0
    for snapshot in snapshots:
        if not going(done):
            raise stopped()
        yield snapshot
        done += len(snapshot)
