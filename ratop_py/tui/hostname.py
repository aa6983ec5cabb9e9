"""What an end of a flow is called on the screen: its name, if one was heard.

Promise: a name that was only claimed cannot be taken for one that this machine asked for: `claimed` says so, and the
text stands in quotes, which no name can hold. Columns `sname`, `dname` and `peername` are read, where they are there.
Does not know: widths (`short` cuts to one), addresses, colours.
"""

from __future__ import annotations

from ratop_py.fields.names import MARK
from ratop_py.kinds import Text
from ratop_py.view import Snapshot

COLUMNS = {"src": "sname", "dst": "dname", "peer": "peername"}
"""Side → the column of its name; `peer` is the end that is not this machine."""
CUT = "…"
LEAST = 8
"""Characters below which nothing is cut out of the middle."""


def shown(snapshot: Snapshot, row: int, side: str) -> tuple[str, bool]:
    """(text, whether it is only a claim) of a row's `src`, `dst` or `peer`; no text: no name was heard."""
    column = snapshot.columns.get(COLUMNS[side])
    word = column.at(row) if isinstance(column, Text) else ""
    return quoted(word)


def quoted(word: str) -> tuple[str, bool]:
    """What a column holds, as it is shown."""
    if word.endswith(MARK):
        return f"“{word.removesuffix(MARK)}”", True
    return word, False


def short(text: str, width: int) -> str:
    """A name in so many cells: what is cut out is cut out of the middle, as its ends tell most. Quotes stay."""
    if len(text) <= width:
        return text
    if width < LEAST:
        return text[: max(width - 1, 0)] + CUT[:width]
    head = (width - 1) // 2
    return text[:head] + CUT + text[len(text) - (width - 1 - head) :]
