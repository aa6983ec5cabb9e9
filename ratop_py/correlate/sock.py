"""What is known of one socket: who had it, from when to when, and which ends its packets had.

Promise: who used it stands before who only held it, the earlier before the later; who became another program, or
another user, meanwhile is what it was when a flow began. Bounded.
Does not know: other sockets, flows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ratop_py.events.fact import Held
from ratop_py.flow.flows import Holders, Owner
from ratop_py.flow.key import Key

HOLDERS = 64
"""Processes remembered with a socket: the first, and the latest ones."""
TICK = 0.01
"""Seconds between two starts that can be told apart."""
SLACK = 0.005
"""Seconds between the kernel's stamp on a packet and its record."""
TCP = 6


class Hold(NamedTuple):
    """One process that had a socket."""

    owner: Owner
    since: float
    used: bool


class Sock:
    """What is known of one socket; grows."""

    __slots__ = ("answer", "became", "ended", "ends", "holds", "listens", "space", "turn")

    def __init__(self, turn: int) -> None:
        self.holds: list[Hold] = []
        self.ended = 0.0
        """0: it lives."""
        self.ends: list[Key] = []
        self.answer: Holders | None = None
        """Its holders in order, until another comes."""
        self.space = 0
        """Its network namespace; 0: not told."""
        self.listens = False
        self.became = False
        """A process that has it became another program, or another user, meanwhile."""
        self.turn = turn
        """How often facts had been missed when it was last told of."""

    def hold(self, fact: Held) -> None:
        """A process had it."""
        for place in range(len(self.holds) - 1, -1, -1):
            hold = self.holds[place]
            if _same(hold.owner, fact.owner):
                if _became(hold.owner, fact.owner):
                    self.became = True
                    self.holds.append(Hold(fact.owner, fact.at, fact.used))
                    break
                later = fact.owner.started is not None and (fact.used or not hold.used)
                owner = fact.owner if later or hold.owner.started is None else hold.owner
                self.holds[place] = Hold(owner, hold.since, hold.used or fact.used)
                break
        else:
            self.holds.append(Hold(fact.owner, fact.at, fact.used))
        if len(self.holds) > HOLDERS:
            del self.holds[1]
        self.answer = None

    def holders(self, began: float) -> Holders:
        """All who had it, the best first. `began`: of a flow."""
        if self.became:
            return tuple(hold.owner for hold in sorted(_of_then(self.holds, began), key=_rank))
        if self.answer is None:
            self.answer = tuple(hold.owner for hold in sorted(self.holds, key=_rank))
        return self.answer


def of_all(socks: Sequence[Sock], proto: int, began: float) -> Holders:
    """Who had the sockets of one flow: of TCP the accepted one's, until it has some its listener's; of others all
    received."""
    sets = [holders for sock in reversed(socks) if (holders := sock.holders(began))]
    if proto == TCP or len(sets) < 2:
        return sets[0] if sets else ()
    owners = {(owner.pid, owner.started): owner for holders in reversed(sets) for owner in holders}
    return tuple(owners.values())


def _same(one: Owner, other: Owner) -> bool:
    """One process, as far as their starts are told."""
    if one.started is None or other.started is None:
        return one.pid == other.pid
    return one.pid == other.pid and abs(one.started - other.started) < TICK / 2


def _became(before: Owner, now: Owner) -> bool:
    """The same process, but another program (exec) or another user by now."""
    program = before.exe and now.exe and (before.exe, before.cmdline) != (now.exe, now.cmdline)
    return bool(program) or before.uid != now.uid


def _rank(hold: Hold) -> tuple[bool, float]:
    return not hold.used, hold.since


def _of_then(holds: list[Hold], began: float) -> Iterable[Hold]:
    """Of each process the last before a time, or its first."""
    found: dict[tuple[int, float | None], Hold] = {}
    for hold in holds:
        life = hold.owner.pid, hold.owner.started
        if life not in found or hold.since <= began + SLACK:
            found[life] = hold
    return found.values()
