"""Columns about owners: who holds the sockets at a flow's ends, and how sure that is.

Promise: `user pid program` are this host's end's, the source's where both are: where its owner is not known they are
empty, not the other's; what is not true of all who could be meant is not told.
Does not know: how a match was made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.label import label
from ratop_py.correlate.match import MATCH_NAMES, OWNER_WORDS, WHY_WORDS, Match, Why, owner_word
from ratop_py.fields.words import numbered
from ratop_py.flow.flows import Flows, Holders, Owner
from ratop_py.kinds import MISSING, Text

Numbers = NDArray[np.int64]


def shown_side(flows: Flows) -> NDArray[np.bool_]:
    """True where the destination's owner stands for the flow: it alone is this machine, or of two ends in other
    namespaces it alone has one."""
    notes = flows.notes
    return np.asarray((notes["way"] == 1) | (notes["way"] == 0) & (notes["s_holder"] == 0) & (notes["d_holder"] > 0))


def chosen(flows: Flows, name: str, side: str = "") -> NDArray[Any]:
    """A column of the notes for one side, or for the side that stands for the flow."""
    if side:
        return flows.notes[f"{side}_{name}"]
    return np.where(shown_side(flows), flows.notes[f"d_{name}"], flows.notes[f"s_{name}"])


def told_of(flows: Flows, side: str) -> tuple[list[Holders], NDArray[np.int32]]:
    """(distinct sets of those who can be meant, the place of each flow's among them).

    A socket that several hold is each one's, the first stands for all. Where only the port was matched there are
    several sockets, and who took this flow was not seen: then all are meant, and a cell tells what is true of each."""
    any_of = chosen(flows, "match", side) <= Match.LISTENER
    distinct, codes = numbered(chosen(flows, "holder", side).astype(np.int64) << 1 | any_of)
    sets = [flows.holders[int(each) >> 1] for each in distinct]
    return [held if each & 1 else held[:1] for held, each in zip(sets, distinct.tolist(), strict=True)], codes


def words(tell: Callable[[Owner], str], side: str = "") -> Callable[[Flows], Text]:
    """A word of the owner; empty: nobody, or one cannot say of whom."""

    def get(flows: Flows) -> Text:
        meant, codes = told_of(flows, side)
        return Text(codes + 1, ["", *(agreed([str(tell(each)) for each in held], "") for held in meant)])

    return get


def numbers(tell: Callable[[Owner], int], side: str = "") -> Callable[[Flows], Numbers]:
    """A number of the owner; MISSING: nobody, not known, or one cannot say of whom."""

    def get(flows: Flows) -> Numbers:
        meant, codes = told_of(flows, side)
        told = [max(agreed([tell(each) for each in held], MISSING), MISSING) for held in meant]
        return np.array(told, np.int64)[codes] if told else np.zeros(0, np.int64)

    return get


Value = TypeVar("Value")


def agreed(values: Sequence[Value], otherwise: Value) -> Value:
    """The value that all have."""
    return values[0] if len(set(values)) == 1 else otherwise


def labels(flows: Flows) -> Text:
    """Argus's label of all holders."""
    distinct, codes = numbered(chosen(flows, "holder").astype(np.int64))
    return Text(codes + 1, ["", *(label(flows.holders[int(each)]) for each in distinct)])


def owner(flows: Flows) -> Text:
    """ok, shared, listener, none, unknown."""
    several = np.array([len(holders) > 1 for holders in flows.holders], np.int64)
    match, why = chosen(flows, "match").astype(np.int64), chosen(flows, "why").astype(np.int64)
    key = match << 9 | why << 1 | several[chosen(flows, "holder")]
    distinct, codes = numbered(key)
    told = [OWNER_WORDS.index(owner_word(each >> 9, each >> 1 & 255, 1 + (each & 1))) for each in distinct.tolist()]
    return Text(np.array(told, np.int32)[codes] if told else np.zeros(0, np.int32), OWNER_WORDS)


def match(flows: Flows) -> Text:
    """How the owner was found, in a word."""
    return Text(chosen(flows, "match").astype(np.int32), MATCH_NAMES)


def owner_why(flows: Flows) -> Text:
    """The reason where there is no owner, in a word or two."""
    told = chosen(flows, "why")
    told = np.where(told == Why.KNOWN, Why.NO_HOST, told)  # nobody looked: this machine is not known
    why = np.where(chosen(flows, "match") == Match.NONE, told, Why.KNOWN)
    return Text(why.astype(np.int32), [WHY_WORDS[each] for each in Why])
