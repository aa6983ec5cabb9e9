"""The kernel as a source: hooks tell every socket as it is used, a snapshot tells what was there before.

Promise: attached first, looked at after, so nothing falls between; facts wait in a bounded queue, what finds no room is
counted; what hooks are missing is said. All is read and named in a thread of its own, so that nobody waits for a name
that is long in coming. This is one of the leaves that read a clock.
Does not know: flows.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from threading import Condition, Thread

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
from ratop_py.events.poller import booted
from ratop_py.events.process import login, sees_everybody
from ratop_py.events.socket import CLOSING, Health
from ratop_py.events.unheld import STATES
from ratop_py.flow.flows import Owner
from ratop_py.flow.key import key
from ratop_py.safetext import clean

EVERY = 0.1
"""Seconds between two readings of the ring, at most: as soon must be known that a socket is over. It has room for
30,000 records."""
PATIENCE = 0.2
"""Seconds that whoever takes facts waits for the ring to be read."""
STEP = 0.1
"""Seconds by which the clock must have been set before what was told is moved; it is slewed by less."""
WAITING = 200_000
"""Facts that wait for a reader; those of the snapshot do not count."""
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
        self._booted = booted() or 0.0
        self._outer = outer_numbers()
        self._lives = Lives(self._booted, login, groups, NOWHERE if self._outer else PROC)
        self._space = own_space()
        self._spaces = Spaces(self._space)
        self._complete = sees_everybody() and not self._outer
        self._overs, self._tell_over = Overs(), tell_over
        self._change = Condition()
        self._stop, self._asked, self._answered = False, 0, 0
        self._ready = False
        """What was there before has been told."""
        self._waiting: list[Fact] = []
        self._dropped, self._told, self._cost = 0, 0, 0.0
        self._lost, self._stepped = 0, 0.0
        self._torn, self._again = False, 0.0
        """Something was lost since it was last looked what there is; when to look again, at the earliest."""
        self._through = 0.0
        """When the ring was last read."""
        self._failure = ""
        self._ended: float | None = None
        self._thread = Thread(target=self._run, name=f"events {NAME}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def take(self) -> Sequence[Facts]:
        """Facts since the last call; what the hooks told until now is among them, unless the names of users or groups
        take long to find: it waits a moment only."""
        if not self._ready:
            return ()
        with self._change:
            self._asked = mine = self._asked + 1
            self._change.notify_all()
            self._change.wait_for(lambda: self._answered >= mine or self._ended is not None, PATIENCE)
            taken, self._waiting = tuple(self._waiting), []
            stepped, self._stepped = self._stepped, 0.0
            self._since += stepped
            through = self._through
        told = Facts(
            source=NAME,
            since=self._since,
            lost=self._lost + self._dropped,
            facts=taken,
            at=time.time(),
            space=self._space,
            complete=self._complete,
            stepped=stepped,
            until=self._ended,
            through=through,
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
        lost = self._lost + self._dropped
        if lost:
            words.append(f"{lost:,} facts lost")
        return Health(
            NAME,
            ok=not self._failure,
            words=self._failure or "; ".join(words),
            listings=self._told,
            cost=self._cost,
            dropped=lost,
        )

    def stop(self) -> None:
        """End, and take the hooks out of the kernel."""
        with self._change:
            self._stop = True
            self._change.notify_all()
        if self._thread.is_alive():
            self._thread.join(1.0)
        elif self._ended is None:
            self._end()

    def _run(self) -> None:
        try:
            self._snapshot()
            while not self._stop:
                with self._change:
                    self._change.wait_for(lambda: self._stop or self._asked > self._answered, EVERY)
                    asked = self._asked
                self._drain()
                with self._change:
                    self._answered = asked
                    self._change.notify_all()
        except Exception as error:  # noqa: BLE001 - a source may fail, its thread may not
            self._failure = f"{type(error).__name__}: {clean(str(error), 120)}"
        self._end()

    def _end(self) -> None:
        self._hooks.close()
        with self._change:
            self._ended = time.time()
            self._change.notify_all()

    def _drain(self) -> None:
        """Read the ring."""
        begun, through = time.thread_time(), time.time()
        self._follow_clock()
        if self._hooks.empty and not self._torn:  # nothing happened: as often as not
            self._through, overs = through, list[Over]()
        else:
            overs = self._take_in(through)
        if self._tell_over is not None:
            self._tell_over(overs, through)
        self._cost += time.thread_time() - begun

    def _take_in(self, through: float) -> list[Over]:
        """What waits in the ring, and what is over by it."""
        pile = gather(self._hooks.runs(), self._hooks.lost, self._lost)
        told = self._now(pile)
        overs = list(self._overs.learn(told))
        self._offer(told, WAITING, through)
        lost, self._lost = self._lost, pile.lost
        self._torn |= pile.lost > lost
        if self._torn and pile.lost == lost and self._may_mend():
            overs += self._mend()
        return overs

    def _follow_clock(self) -> None:
        """It may be slewed, which is nothing, or set."""
        before, self._booted = self._booted, booted() or 0.0
        stepped = self._booted - before
        if abs(stepped) >= STEP:
            with self._change:
                self._stepped += stepped
                self._waiting = [fact._replace(at=fact.at + stepped) for fact in self._waiting]

    def _offer(self, found: Sequence[Fact], room: int, through: float = 0.0) -> None:
        with self._change:
            self._through = through or self._through
            room = max(0, room - len(self._waiting))
            self._waiting.extend(found[:room])
            if len(found) > room:
                self._dropped += len(found) - room
                self._drop_from(found[room].at)
        self._told += len(found)

    def _drop_from(self, at: float) -> None:
        """What is told from then on finds no room in the queue."""
        self._torn = True
        if self._waiting and isinstance(self._waiting[-1], Missed):
            at = self._waiting.pop().at
        self._waiting.append(Missed(at, max(0.0, time.time() - at)))

    # -- what was there before -----------------------------------------------------------------------------------------

    def _snapshot(self) -> None:
        begun = time.thread_time()
        if not self._outer:
            self._lives.all_living()
        told = tuple(self._open(sockdiag.rows(), time.time(), 0.0))
        for _ in self._overs.learn(told):
            pass
        self._offer(told, room=sys.maxsize)
        self._ready = True
        self._cost += time.thread_time() - begun

    def _may_mend(self) -> bool:
        return len(self._waiting) < WAITING and time.monotonic() >= self._again

    def _mend(self) -> Iterator[Over]:
        """Something was lost: look what there is, and so what is over."""
        begun, seen = time.monotonic(), time.time()
        try:
            rows = sockdiag.rows()
        except OSError:  # too busy even for that: again later
            self._again = begun + AGAIN
            return iter(())
        told = tuple(self._open(rows, seen, seen))
        for _ in self._overs.learn(told):
            pass
        self._offer(told, room=sys.maxsize)
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
        boot = batch["at"] / 1e9 + _suspended()
        times, cookies = (self._booted + boot).tolist(), batch["cookie"].tolist()
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
                if what == What.ENDED or owner is None:
                    told.append(Ended(at, cookie, owner))
                else:
                    told.append(Held(at, cookie, owner, what == What.USED, space))
        if pile.lost > self._lost and (pile.again or len(batch) <= pile.whole):
            told.append(self._missed(sure))
        return told

    def _missed(self, sure: float) -> Missed:
        """After this time, s after boot, records were lost, until now: of forks and of new programs, too."""
        self._lives.doubt()
        if not self._outer:
            self._lives.all_living()
        at = self._booted + sure
        return Missed(at, max(0.0, time.time() - at))

    def _owner(
        self, one: np.void, at: float, raw: bytes, known: dict[bytes, tuple[Owner | None, int]]
    ) -> tuple[Owner | None, int]:
        """The process of a record, and the network namespace; `at`: s after boot. Noted, where it tells its start: a
        number alone may be another process's in the next record."""
        pid, start, uid, ppid, group, comm = (one[name].item() for name in PROCESS)
        owner = self._lives.owner(pid, start, uid, ppid, group, comm, at) if pid else None
        if owner is not None and not start and self._lives.of_kernel(owner):
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


def _suspended() -> float:
    """Seconds that the machine slept since it booted; the best of a few looks: somebody may come between two clocks."""
    return max(time.clock_gettime(time.CLOCK_BOOTTIME) - time.monotonic() for _ in range(3))
