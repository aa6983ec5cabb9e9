"""Columns of names: what the ends are called, and how one knows.

Promise: a name that is not more than a claim ends in `MARK`, in whatever it is written, so that it can be told from one
that this machine asked for; no name that was heard has this character.
Does not know: how names were heard.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields.words import numbered
from ratop_py.flow.flows import Flows, Name, Names
from ratop_py.kinds import Text

MARK = "?"
"""Behind a name that was only claimed."""
IN = 1
"""`way` of flows that a peer began: there the source is the peer."""


def marked(name: Name) -> str:
    """A name as columns hold it."""
    return name.text if name.verified else name.text + MARK


def named(side: str) -> Callable[[Flows], Text]:
    """The surest name of the source (s), of the destination (d), or of the end that is not this machine (empty)."""
    return lambda flows: _told(flows, _numbers(flows, side), marked)


def how(side: str) -> Callable[[Flows], Text]:
    """How that name is known."""
    return lambda flows: _told(flows, _numbers(flows, side), lambda name: name.how)


def sni(flows: Flows) -> Text:
    """What the client called the server."""
    return _told(flows, flows.notes["sni"], marked)


def _numbers(flows: Flows, side: str) -> NDArray[Any]:
    if side:
        return flows.notes[f"{side}_name"]
    return np.where(flows.notes["way"] == IN, flows.notes["s_name"], flows.notes["d_name"])


def _told(flows: Flows, numbers: NDArray[Any], tell: Callable[[Name], str]) -> Text:
    distinct, codes = numbered(numbers.astype(np.int64))
    return Text(codes + 1, ["", *(_first(flows.names[each], tell) for each in distinct.tolist())])


def _first(names: Names, tell: Callable[[Name], str]) -> str:
    return tell(names[0]) if names else ""
