"""The formats by name, and a new file in one of them.

Promise: `save` writes all of an answer or leaves no file.
Does not know: how a format writes a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

from ratop_py.errors import Exit, RatopError
from ratop_py.export import csv, jsonl, text
from ratop_py.export.file import create
from ratop_py.view import Snapshot

FORMATS: Mapping[str, Callable[[Iterable[Snapshot], BinaryIO], int]] = {
    "text": text.write,
    "csv": csv.write,
    "jsonl": jsonl.write,
}
"""What a format's name means."""


def save(snapshots: Iterable[Snapshot], path: Path, name: str) -> int:
    """Write snapshots to a file that is not there yet; returns the number of rows."""
    if name not in FORMATS:
        raise RatopError(f"there is no format `{name}`", hint=f"one of {', '.join(FORMATS)}", exit_code=Exit.USAGE)
    with create(path) as out:
        return FORMATS[name](snapshots, out)
