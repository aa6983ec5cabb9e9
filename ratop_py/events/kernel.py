"""The kernel as a source: hooks tell every socket as it is used, a snapshot tells what was there before.

Promise: attached first, looked at after, so nothing falls between; facts wait in a bounded queue, what finds no room is
counted; what hooks are missing is said. All is read and named in a thread of its own, so that nobody waits for a name
that is long in coming. This is one of the leaves that read a clock.
Does not know: flows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ratop_py.events import sockdiag
from ratop_py.events.bpf import record
from ratop_py.events.bpf.cgroup import MOUNTS, mounted, open_root
from ratop_py.events.bpf.hooks import Hooks
from ratop_py.events.bpf.record import What
from ratop_py.events.container import Groups
from ratop_py.events.fact import Ended, Fact, Facts, Held, Missed, Tied
from ratop_py.events.lives import NOWHERE, PROC, Lives
from ratop_py.events.namespaces import Spaces, outer_numbers, own_space
from ratop_py.events.over import Over, Overs, TellOver
from ratop_py.events.pile import Pile, gather
from ratop_py.events.poller import suspended
from ratop_py.events.process import login, of_kernel, sees_everybody
from ratop_py.events.relay import Relay
from ratop_py.events.socket import CLOSING, Health
from ratop_py.events.unheld import STATES
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key

EVERY = 0.1
"""Seconds between two readings of the ring, at most: as soon must be known that a socket is over. It has room for
30,000 records."""
PATIENCE = 0.2
"""Seconds that whoever takes facts waits for the ring to be read."""
AGAIN = 1.0
"""Seconds between two looks at what there is after something was lost, at least, when that has ceased…"""
SELDOM = 20
"""…and so many times as long as one took."""
NAME = "kernel"
TCP = 6
PROCESS = ("pid", "start", "uid", "ppid", "cgroup", "comm")
"""Of a record, as `Lives.owner` takes them."""


class Kernel:
    """An `events.socket.EventSource`. OSError, LookupError: this kernel, or these privileges, do not allow it."""

    def __init__(self, tell_over: TellOver | None = None) -> None:
        """`tell_over`: is told at once, in the source's thread, which datagrams' ends have no socket any more."""
        groups = Groups(next(mounted(MOUNTS.read_text(errors="surrogateescape")), None), time.monotonic)
        self._hooks = Hooks(open_root())
        if not self._hooks.works:
            why = next(iter(self._hooks.missing.values()), "no hook could be attached")
            self._hooks.close()
            raise PermissionError(f"eBPF: {why}")
        self._since = time.time()
        self._relay = Relay(NAME, self, PATIENCE)
        self._outer = outer_numbers()
        self._lives = Lives(self._relay.booted, login, groups, NOWHERE if self._outer else PROC)
        self._space = own_space()
        self._spaces = Spaces(self._space)
        self._complete = sees_everybody() and not self._outer
        self._overs, self._tell_over = Overs(), tell_over
        self._ready = False
        """What was there before has been told."""
        self._lost = 0
        self._torn, self._again = False, 0.0
        """Something was lost since it was last looked what there is; when to look again, at the earliest."""

    def start(self) -> None:
        """Begin to read."""
        self._relay.start()

    def take(self) -> Sequence[Facts]:
        """Facts since the last call; what the hooks told until now is among them, unless the names of users or groups
        take long to find: it waits a moment only."""
        if not self._ready:
            return ()
        taken = self._relay.take()
        self._since += taken.stepped
        told = Facts(
            source=NAME,
            since=self._since,
            lost=self._lost + self._relay.dropped,
            facts=taken.facts,
            at=time.time(),
            space=self._space,
            complete=self._complete,
            stepped=taken.stepped,
            until=taken.ended,
            through=taken.through,
        )
        return (told,)

    def health(self) -> Health:
        """How it does now."""
        missing = ", ".join(self._hooks.missing)
        words = [f"{len(self._hooks.active)} eBPF hooks"]
        if missing:
            words.append(f"missing: {missing}")
        if self._outer:
            words.append("process numbers are those outside this container, names as the kernel tells them")
        lost = self._lost + self._relay.dropped
        if lost:
            words.append(f"{lost:,} facts lost")
        return Health(
            NAME,
            ok=not self._relay.failure,
            words=self._relay.failure or "; ".join(words),
            listings=self._relay.told,
            cost=self._relay.cost,
            dropped=lost,
        )

    def stop(self) -> None:
        """End, and take the hooks out of the kernel."""
        self._relay.stop()

    # -- in the thread -------------------------------------------------------------------------------------------------

    def read(self) -> float:
        """Read the ring."""
        through = time.time()
        if self._hooks.empty and not self._torn:  # nothing happened: as often as not
            overs = list[Over]()
            self._relay.offer((), through=through)
        else:
            overs = self._take_in(through)
        if self._tell_over is not None:
            self._tell_over(overs, through)
        return EVERY

    def close(self) -> None:
        """Take the hooks out of the kernel."""
        self._hooks.close()

    def _take_in(self, through: float) -> list[Over]:
        """What waits in the ring, and what is over by it."""
        pile = gather(self._hooks.runs(), self._hooks.lost, self._lost)
        told = self._now(pile)
        overs = list(self._overs.learn(told))
        self._torn |= not self._relay.offer(told, through=through)
        lost, self._lost = self._lost, pile.lost
        self._torn |= pile.lost > lost
        if self._torn and pile.lost == lost and not self._relay.full and time.monotonic() >= self._again:
            overs += self._mend()
        return overs

    # -- what was there before -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """What was there before."""
        if not self._outer:
            self._lives.all_living()
        self._told(tuple(self._open(sockdiag.rows(), time.time(), 0.0)))
        self._ready = True

    def _told(self, found: Sequence[Fact]) -> None:
        """What a look found: it is as much as there is."""
        for _ in self._overs.learn(found):
            pass
        self._relay.offer(found, bounded=False)

    def _mend(self) -> Iterator[Over]:
        """Something was lost: look what there is, and so what is over."""
        begun, seen = time.monotonic(), time.time()
        try:
            rows = sockdiag.rows()
        except OSError:  # too busy even for that: again later
            self._again = begun + AGAIN
            return iter(())
        self._told(tuple(self._open(rows, seen, seen)))
        over = time.monotonic()
        self._torn, self._again = False, over + max(AGAIN, SELDOM * (over - begun))
        return self._overs.without({row.cookie for row in rows}, self._space, seen)

    def _open(self, rows: Iterable[sockdiag.Row], seen: float, since: float) -> Iterator[Fact]:
        """Sockets that are open now: of those that were told already it is said once more. `since`: when their packets
        have these ends."""
        owners = dict[int, Owner | None]()
        held = {} if self._outer else sockdiag.holders()
        for row in rows:
            for pid in held.get(row.inode, ()):
                if pid not in owners:
                    owners[pid] = self._lives.living(pid)
                owner = owners[pid]
                if owner is not None and (owner.started or 0.0) <= seen:  # else the number was used again meanwhile
                    yield Held(seen, row.cookie, owner, used=False, space=self._space)
            if row.rport and row.remote:
                ends = key(row.proto, (row.local, row.lport), (row.remote, row.rport))
                yield Tied(since, row.cookie, ends, space=self._space)
                if (
                    row.proto == TCP and not row.inode and STATES[row.state % len(STATES)] in CLOSING
                ):  # nobody's any more
                    yield Ended(seen, row.cookie, None)

    # -- what happens --------------------------------------------------------------------------------------------------

    def _now(self, pile: Pile) -> list[Fact]:
        """The facts of these records, decoded together. Quick: there are thousands a second, by few processes."""
        if not pile.fixed:
            return []
        self._lives.turn()
        told, batch = list[Fact](), record.batch(pile.fixed)
        boot = batch["at"] / 1e9 + suspended()
        times, cookies = (self._relay.booted + boot).tolist(), batch["cookie"].tolist()
        tied = batch[batch["what"] == What.TIED]
        ties = zip(record.ends(tied), tied["netns"].tolist(), (tied["listens"] > 0).tolist(), strict=True)
        sure = float(boot[min(pile.whole, len(batch)) - 1]) if pile.whole else 0.0
        known: dict[bytes, tuple[Owner | None, int]] = {}
        for number, (what, at, cookie) in enumerate(zip(batch["what"].tolist(), times, cookies, strict=True)):
            if number == pile.whole:
                told.append(self._missed(sure))
                known.clear()
            if what == What.TIED:
                told.append(Tied(at, cookie, *next(ties)))
            elif what > What.ENDED:
                self._of_life(batch[number], pile.programs.get(number))
                known.clear()
            else:
                raw = pile.fixed[number * record.SIZE + record.PROCESS : (number + 1) * record.SIZE]
                owner, space = known.get(raw) or self._owner(batch[number], float(boot[number]), raw, known)
                if (fact := _of_socket(what, at, cookie, owner, space)) is not None:
                    told.append(fact)
        if pile.lost > self._lost and (pile.again or len(batch) <= pile.whole):
            told.append(self._missed(sure))
        return told

    def _missed(self, sure: float) -> Missed:
        """After this time, s after boot, records were lost, until now: of forks and of new programs, too."""
        self._lives.doubt()
        if not self._outer:
            self._lives.all_living()
        at = self._relay.booted + sure
        return Missed(at, max(0.0, time.time() - at))

    def _owner(
        self, one: np.void, at: float, raw: bytes, known: dict[bytes, tuple[Owner | None, int]]
    ) -> tuple[Owner | None, int]:
        """The process of a record, and the network namespace; `at`: s after boot. Noted, where it tells its start: a
        number alone may be another process's in the next record."""
        pid, start, uid, ppid, group, comm = (one[name].item() for name in PROCESS)
        owner = self._lives.owner(pid, start, uid, ppid, group, comm, at) if pid else None
        if owner is not None and of_kernel(owner):  # where the start is told such are left out already
            owner = None
        space = one["netns"].item()
        if owner is not None and space:
            netns = self._spaces.name(space, (NOWHERE if self._outer else PROC) / str(pid))
            owner = owner if netns == owner.netns else replace(owner, netns=netns)
        found = owner, space
        if start:
            known[raw] = found
        return found

    def _of_life(self, one: np.void, program: tuple[str, list[str]] | None) -> None:
        """A process began, or became another program."""
        pid, start, _, ppid, _, comm = (one[name].item() for name in PROCESS)
        if one["what"] == What.FORKED:
            self._lives.forked(pid, start, ppid, one["cookie"].item())
        elif program is not None:
            self._lives.execed(pid, start, *program, comm)


def _of_socket(what: int, at: float, cookie: int, owner: Owner | None, space: int) -> Fact | None:
    """What a record tells of a socket; None: a thread of the kernel had it, which is nobody."""
    if what == What.ENDED:
        return Ended(at, cookie, owner)
    return None if owner is None else Held(at, cookie, owner, what == What.USED, space)
