"""JSON lines: one object a row, keys as Argus names the fields.

Promise: every line is one JSON object (RFC 8259) with the same keys in the same order; `null` where there is no value;
times are numbers, seconds since the epoch with microseconds. Within a file the bytes depend on the flows alone.
Does not know: where the rows come from or go to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from ratop_py.export.cells import Dialect, cell, sheet
from ratop_py.export.cells import write as write_sheet
from ratop_py.fields import FIELDS
from ratop_py.view import Snapshot

FIELDS_BY_DEFAULT = (
    *("stime", "ltime", "dur", "proto", "saddr", "sport", "daddr", "dport"),
    *("spkts", "dpkts", "sbytes", "dbytes", "sappbytes", "dappbytes", "state", "sttl", "dttl"),
    *("smac", "dmac", "svlan", "dvlan", "cid", "user", "pid", "program", "owner", "risk", "level", "why"),
)
"""Keys when a person names none."""

_ESCAPED = re.compile(r"[^ !#-\[\]-~]")
"""What JSON may have to escape, or UTF-8 writes in more than a byte."""


def text(word: str) -> bytes:
    """A word as a JSON string."""
    return json.dumps(word, ensure_ascii=False).encode("utf-8", "replace")


def texts(words: Sequence[str]) -> list[bytes]:
    """Many words; when none needs an escape (one look tells), quotes are all they get."""
    if _ESCAPED.search("".join(words)):
        return [text(word) for word in words]
    return ('"' + '"\n"'.join(words) + '"').encode().split(b"\n") if words else []


def lists(words: Sequence[str]) -> list[bytes]:
    """Blank-separated lists as JSON arrays."""
    return [b"[" + b",".join(map(text, word.split())) + b"]" for word in words]


DIALECT = Dialect(b"null", b'"', texts, lists, b"[]", hexadecimal=False)


def write(snapshots: Iterable[Snapshot], out: BinaryIO, *, decimals: int | None = None) -> int:
    """Write snapshots, one object a row; returns the number of rows."""
    return sum(_write(snapshot, out, decimals) for snapshot in snapshots if len(snapshot))


def _write(snapshot: Snapshot, out: BinaryIO, decimals: int | None) -> int:
    names = list(snapshot.columns)
    cells = [cell(snapshot.columns[name], FIELDS[name].kind, DIALECT, decimals) for name in names]
    before = [b",%s:" % text(name) for name in names]
    before[0] = b"{" + before[0][1:]
    return write_sheet(sheet(cells, before, b"}\n", DIALECT), out)
