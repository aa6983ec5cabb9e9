"""Columns about owners: who holds the sockets at a flow's ends, and how sure that is.

Promise: `user pid program` are this host's end's, the source's where both are: where its owner is not known they are
empty, not the other's; what is not true of all who could be meant is not told.
Does not know: how a match was made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ratop_py.correlate.label import label
from ratop_py.correlate.match import MATCH_NAMES, OWNER_WORDS, WHY_WORDS, Match, Why, owner_word
from ratop_py.fields.words import numbered
from ratop_py.flow.flows import Flows, Holders, Owner
from ratop_py.kinds import MISSING, Text

Numbers = NDArray[np.int64]


_SHOWN: WeakKeyDictionary[Flows, NDArray[np.bool_]] = WeakKeyDictionary()
"""Asked for by every column about owners, of the same flows: kept while these are."""
_TOLD: WeakKeyDictionary[Flows, dict[str, tuple[list[Holders], NDArray[np.int32]]]] = WeakKeyDictionary()


def shown_side(flows: Flows) -> NDArray[np.bool_]:
    """True where the destination's owner stands for the flow: it alone is this machine, or of two ends that are not it
    alone has an owner, or lies in another namespace."""
    shown = _SHOWN.get(flows)
    if shown is None:
        shown = _SHOWN[flows] = _shown(flows.notes)
    return shown


def _shown(notes: NDArray[np.void]) -> NDArray[np.bool_]:
    away = (notes["way"] == 0) & (notes["s_holder"] == 0)
    said = (notes["d_holder"] > 0) | (notes["d_why"] == Why.OTHER_NETNS) & (notes["s_why"] != Why.OTHER_NETNS)
    return np.asarray((notes["way"] == 1) | away & said)


def chosen(flows: Flows, name: str, side: str = "") -> NDArray[Any]:
    """A column of the notes for one side, or for the side that stands for the flow."""
    if side:
        return flows.notes[f"{side}_{name}"]
    return np.where(shown_side(flows), flows.notes[f"d_{name}"], flows.notes[f"s_{name}"])


def told_of(flows: Flows, side: str) -> tuple[list[Holders], NDArray[np.int32]]:
    """(distinct sets of those who can be meant, the place of each flow's among them).

    A socket that several hold is each one's, the first stands for all. Where only the port was matched there are
    several sockets, and who took this flow was not seen: then all are meant, and a cell tells what is true of each.
    Who is only likely is not meant."""
    known = _TOLD.setdefault(flows, {})
    if side not in known:
        known[side] = _told_of(flows, side)
    return known[side]


def _told_of(flows: Flows, side: str) -> tuple[list[Holders], NDArray[np.int32]]:
    match = chosen(flows, "match", side)
    holder = np.where(evidence(match), 0, chosen(flows, "holder", side)).astype(np.int64)
    distinct, codes = numbered(holder << 1 | (match <= Match.LISTENER))
    sets = [flows.holders[int(each) >> 1] for each in distinct]
    return [held if each & 1 else held[:1] for held, each in zip(sets, distinct.tolist(), strict=True)], codes


def evidence(match: NDArray[Any]) -> NDArray[np.bool_]:
    """Where those who are told are no owners."""
    return np.asarray((match == Match.LIKELY) | (match == Match.PARENT))


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
    return _of_all(flows, label, "", likely=False)


def everyone(side: str = "", *, likely: bool = False) -> Callable[[Flows], Text]:
    """`pid:program` of all who had the socket; or of all who are not known to, and likely sent it."""
    return lambda flows: _of_all(flows, listed, side, likely=likely)


def listed(holders: Holders) -> str:
    """`pid:program` of each, without blanks; of a process whose program is not known its parent: `12:<bash`."""
    return " ".join(f"{owner.pid}:{_program(owner)}" for owner in holders)


def lineages(flows: Flows) -> Text:
    """`pid:program` of a process and all above it, as far as it or any other process that is known here tells."""
    known = {owner.pid: owner for held in flows.holders for owner in held}
    return words(lambda owner: lineage(owner, known))(flows)


def lineage(owner: Owner, known: Mapping[int, Owner]) -> str:
    """The same of one process; `known`: others, by pid."""
    line: dict[int, str] = {owner.pid: owner.program}
    waiting = [(owner.ppid, owner.parent), *owner.forebears]
    while waiting:
        pid, program = waiting.pop(0)
        if not pid or pid in line:  # a number used again: nobody is above himself
            break
        other = known.get(pid)
        line[pid] = program or (other.program if other else "")
        if other and not waiting:
            waiting = [(other.ppid, other.parent), *other.forebears]
    return " ".join(f"{pid}:{_word(program or '?')}" for pid, program in line.items())


def _program(owner: Owner) -> str:
    parent = str(owner.parent or owner.ppid or "")
    return _word(owner.program or (parent and f"<{parent}") or "?")


def _word(text: str) -> str:
    return "_".join(text.split())


def _of_all(flows: Flows, tell: Callable[[Holders], str], side: str, *, likely: bool) -> Text:
    holder = chosen(flows, "holder", side).astype(np.int64)
    holder = np.where(evidence(chosen(flows, "match", side)) == likely, holder, 0)
    distinct, codes = numbered(holder)
    return Text(codes + 1, ["", *(tell(flows.holders[int(each)]) for each in distinct)])


def owner(flows: Flows) -> Text:
    """ok, shared, listener, none, unknown."""
    several = np.array([len(holders) > 1 for holders in flows.holders], np.int64)
    match, why = chosen(flows, "match").astype(np.int64), chosen(flows, "why").astype(np.int64)
    key = match << 9 | why << 1 | several[chosen(flows, "holder")]
    distinct, codes = numbered(key)
    told = [OWNER_WORDS.index(owner_word(each >> 9, each >> 1 & 255, 1 + (each & 1))) for each in distinct.tolist()]
    return Text(np.array(told, np.int32)[codes] if told else np.zeros(0, np.int32), OWNER_WORDS)


def match(side: str = "") -> Callable[[Flows], Text]:
    """How the owner was found, in a word."""
    return lambda flows: Text(chosen(flows, "match", side).astype(np.int32), MATCH_NAMES)


def owner_why(side: str = "") -> Callable[[Flows], Text]:
    """The reason where there is no owner, in a word or two."""

    def get(flows: Flows) -> Text:
        told = chosen(flows, "why", side)
        told = np.where(told == Why.KNOWN, Why.NO_HOST, told)  # nobody looked: this machine is not known
        why = np.where(chosen(flows, "match", side) <= Match.PARENT, told, Why.KNOWN)
        return Text(why.astype(np.int32), [WHY_WORDS[each] for each in Why])

    return get


def source(flows: Flows) -> Text:
    """Which event source told of the owner, or of who is likely."""
    return Text(chosen(flows, "source").astype(np.int32), tuple(flows.sources))


def distance(flows: Flows) -> Numbers:
    """Nanoseconds between the flow and the sighting of its socket; 0: within; MISSING: no owner."""
    named = chosen(flows, "match") > Match.LIKELY
    return np.where(named, np.rint(chosen(flows, "dist").astype(np.float64) * 1e9), MISSING).astype(np.int64)


def lost(flows: Flows) -> Numbers:
    """Facts that the source had lost, where that may be why there is no owner."""
    here = (chosen(flows, "match") == Match.NONE) & (chosen(flows, "why") == Why.LOST)
    return np.where(here, chosen(flows, "dist"), MISSING).astype(np.int64)
