"""Flows by process, and processes below their parents: each row sums up what it and all below it sent.

Promise: every flow is counted in its process and in each forebear once; a forebear without flows of its own stands
there by what its children know of it. Flows without an owner stand beside, one row a reason.
Does not know: filters, windows, what is shown of a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ratop_py.fields import FIELDS
from ratop_py.fields.owners import chosen, evidence
from ratop_py.flow.flows import Flows, Holders, Index, Owner
from ratop_py.kinds import MISSING, Column, Text
from ratop_py.view.group import Groups, digests

DEEPEST = 32
"""Generations; a longer line of forebears is cut."""
WORDS = ("program", "user", "exe", "cmdline", "parent", "container", "netns")
NUMBERS = ("pid", "ppid", "uid")
BRANCH, LAST, TRUNK, SPACE = "├─", "└─", "│ ", "  "
FOLDED = "▸"
NOBODY = Owner(0, None, -1, "", "")


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Processes and reasons, with the flows below each."""

    groups: Groups
    parents: NDArray[np.intp]
    """By row; -1: nobody's child."""
    owners: Sequence[Owner]
    """By row; of a reason an empty one."""
    reasons: Sequence[str]
    """By row: why there is no owner; empty: there is."""


class _Grove:
    """Rows while they are found."""

    def __init__(self) -> None:
        self.owners: list[Owner] = []
        self.reasons: list[str] = []
        self.parents: list[int] = []
        self.places: dict[tuple[int, float | None], int] = {}
        """(pid, started) → row, of those with flows of their own."""
        self.living: dict[int, int] = {}
        """pid → row, of all."""

    def add(self, owner: Owner, reason: str = "") -> int:
        """Another row."""
        self.owners.append(owner)
        self.reasons.append(reason)
        self.parents.append(-1)
        return len(self.owners) - 1

    def place(self, held: Holders, why: str) -> int:
        """Row of the process that stands for a set of holders, or of a reason."""
        if not held:
            return self.add(NOBODY, why or "unknown")
        owner = held[0]
        at = self.places.get((owner.pid, owner.started))
        if at is None:
            at = self.places[owner.pid, owner.started] = self.living[owner.pid] = self.add(owner)
        return at

    def line(self, at: int) -> None:
        """Put a process below its parent, that below its own, as far as they are known."""
        owner = self.owners[at]
        known = [(owner.ppid, owner.parent), *owner.forebears][:DEEPEST]
        for place, (pid, program) in enumerate(known):
            if not pid or self.parents[at] >= 0:
                return
            above = self.living.get(pid)
            if above is None:
                ppid, parent = known[place + 1] if place + 1 < len(known) else (0, "")
                above = self.living[pid] = self.add(Owner(pid, None, -1, "", program, ppid=ppid, parent=parent))
            if at in self.path(above):  # a number used again: nobody is below himself
                return
            self.parents[at], at = above, above

    def path(self, at: int) -> list[int]:
        """A row and all above it."""
        found = []
        while at >= 0:
            found.append(at)
            at = self.parents[at]
        return found


def grow(flows: Flows) -> Tree:
    """The tree of these flows."""
    distinct, codes = _holders(flows)
    grove = _Grove()
    own = [grove.place(flows.holders[number], why) for number, why in distinct]
    for at in list(grove.places.values()):
        grove.line(at)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(len(distinct) + 1))
    members: list[list[NDArray[np.intp]]] = [[] for _ in grove.owners]
    for number, at in enumerate(own):
        for above in grove.path(at):
            members[above].append(order[starts[number] : starts[number + 1]])
    keys = (_key(*each) for each in zip(grove.owners, grove.reasons, strict=True))
    groups = _groups(members, digests(keys) | np.uint64(1))
    return Tree(groups, np.array(grove.parents, np.intp), grove.owners, grove.reasons)


def _key(owner: Owner, reason: str) -> bytes:
    """What a row is known by, in one snapshot and the next."""
    return f"{owner.pid} {owner.started} {reason}".encode()


def _holders(flows: Flows) -> tuple[list[tuple[int, str]], NDArray[np.intp]]:
    """(distinct (set of holders, reason why there is none), the place of each flow's among them)."""
    holder = np.where(evidence(chosen(flows, "match")), 0, chosen(flows, "holder")).astype(np.int64)
    why = FIELDS["ownerwhy"].get(flows)
    assert isinstance(why, Text)
    key = np.where(holder > 0, holder << 16, why.codes.astype(np.int64))
    distinct, codes = np.unique(key, return_inverse=True)
    told = [(int(each) >> 16, "" if int(each) >> 16 else why.words[int(each)]) for each in distinct]
    return told, codes.reshape(-1).astype(np.intp)


def _groups(members: Sequence[Sequence[NDArray[np.intp]]], ids: NDArray[np.uint64]) -> Groups:
    parts = [np.concatenate(each) if each else np.zeros(0, np.intp) for each in members]
    sizes = np.array([len(part) for part in parts], np.intp)
    order = np.concatenate(parts) if parts else np.zeros(0, np.intp)
    return Groups((), order, np.cumsum(sizes) - sizes, ids)


def told(tree: Tree) -> dict[str, Column]:
    """What is known of the processes themselves, whatever their flows say."""
    columns: dict[str, Column] = {name: _text([getattr(each, name) for each in tree.owners]) for name in WORDS}
    for name in NUMBERS:
        values = [getattr(each, name) for each in tree.owners]
        columns[name] = np.array([v if v > 0 or (v == 0 and name == "uid") else MISSING for v in values], np.int64)
    columns["ownerwhy"] = _text(tree.reasons)
    return columns


def _text(values: Sequence[str]) -> Text:
    words = list(dict.fromkeys(["", *values]))
    at = {word: place for place, word in enumerate(words)}
    return Text(np.array([at[value] for value in values], np.int32), words)


def walk(tree: Tree, place: Index, ids: NDArray[np.uint64], folded: frozenset[int]) -> tuple[Index, Text]:
    """(rows from the top down, siblings in the order of `place`; by row the branches that stand before it)."""
    below: Mapping[int, list[int]] = _below(tree.parents, place)
    rows: list[int] = []
    branches = [""] * len(tree.owners)
    waiting = [(at, "", "") for at in reversed(below.get(-1, []))]
    while waiting:
        at, before, sign = waiting.pop()
        children = below.get(at, [])
        hidden = bool(children) and int(ids[at]) in folded
        rows.append(at)
        branches[at] = before + sign + (FOLDED if hidden else "")
        if hidden:
            continue
        trunk = before + {BRANCH: TRUNK, LAST: SPACE}.get(sign, "")
        for number, child in enumerate(reversed(children)):
            waiting.append((child, trunk, BRANCH if number else LAST))
    return np.array(rows, np.intp), _text(branches)


def _below(parents: NDArray[np.intp], place: Index) -> dict[int, list[int]]:
    below: dict[int, list[int]] = {}
    for at in place.tolist():
        below.setdefault(int(parents[at]), []).append(at)
    return below
