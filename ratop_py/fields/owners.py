"""Columns about owners: who holds the sockets at a flow's ends, and how sure that is.

Promise: `user pid program` are this host's: the source's where the source end has an owner, else the destination's.
Does not know: how a match was made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.label import label
from ratop_py.correlate.match import OWNER_WORDS, WHY_WORDS, Match, Why, owner_word
from ratop_py.fields.words import numbered
from ratop_py.flow.flows import Flows, Holders, Owner
from ratop_py.kinds import MISSING, Text

Numbers = NDArray[np.int64]


def shown_side(flows: Flows) -> NDArray[np.bool_]:
    """True where the destination's owner stands for the flow: only it is known, or only it is this machine."""
    notes = flows.notes
    here = notes["way"] == 1
    return (notes["s_holder"] == 0) & ((notes["d_holder"] > 0) | here)


def chosen(flows: Flows, name: str, side: str = "") -> NDArray[Any]:
    """A column of the notes for one side, or for the side that stands for the flow."""
    if side:
        return flows.notes[f"{side}_{name}"]
    return np.where(shown_side(flows), flows.notes[f"d_{name}"], flows.notes[f"s_{name}"])


def words(tell: Callable[[Holders], str], side: str = "") -> Callable[[Flows], Text]:
    """A word for each set of holders."""

    def get(flows: Flows) -> Text:
        distinct, codes = numbered(chosen(flows, "holder", side).astype(np.int64))
        return Text(codes + 1, ["", *(tell(flows.holders[int(each)]) if each else "" for each in distinct)])

    return get


def first(name: str) -> Callable[[Holders], str]:
    """A word of the first holder."""
    return lambda holders: str(getattr(holders[0], name)) if holders else ""


def numbers(tell: Callable[[Owner], int], side: str = "") -> Callable[[Flows], Numbers]:
    """A number of the first holder."""

    def get(flows: Flows) -> Numbers:
        distinct, codes = numbered(chosen(flows, "holder", side).astype(np.int64))
        told = [_number(flows.holders[int(each)], tell) for each in distinct]
        return np.array(told, np.int64)[codes] if told else np.zeros(0, np.int64)

    return get


def _number(holders: Holders, tell: Callable[[Owner], int]) -> int:
    value = tell(holders[0]) if holders else MISSING
    return value if value >= 0 else MISSING


def labels(flows: Flows) -> Text:
    """Argus's label of all holders."""
    return words(label)(flows)


def owner(flows: Flows) -> Text:
    """ok, shared, listener, none, unknown."""
    several = np.array([len(holders) > 1 for holders in flows.holders], np.int64)
    match, why = chosen(flows, "match").astype(np.int64), chosen(flows, "why").astype(np.int64)
    key = match << 9 | why << 1 | several[chosen(flows, "holder")]
    distinct, codes = numbered(key)
    told = [OWNER_WORDS.index(owner_word(each >> 9, each >> 1 & 255, 1 + (each & 1))) for each in distinct.tolist()]
    return Text(np.array(told, np.int32)[codes] if told else np.zeros(0, np.int32), OWNER_WORDS)


def owner_why(flows: Flows) -> Text:
    """The reason where there is no owner, in a word or two."""
    told = chosen(flows, "why")
    told = np.where(told == Why.KNOWN, Why.NO_HOST, told)  # nobody looked: this machine is not known
    why = np.where(chosen(flows, "match") == Match.NONE, told, Why.KNOWN)
    return Text(why.astype(np.int32), [WHY_WORDS[each] for each in Why])
