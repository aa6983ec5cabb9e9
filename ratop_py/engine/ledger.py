"""What Python knows about each row of the table: owners, risk, rates.

Promise: notes are about the flow whose id they carry; a row used again starts with empty notes. Only rows are looked at
that a look may tell something of: what is new, what still has no owner or waits for a listing, what `due` says.
Does not know: packets, threads, who reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ratop_py.assess.evidence import Findings
from ratop_py.assess.spoof import Assessed, Observer, assess
from ratop_py.correlate.attribute import attribute
from ratop_py.correlate.holders import Holders
from ratop_py.correlate.match import Match, Why
from ratop_py.correlate.owners import KEEP, Owners
from ratop_py.engine.due import ENDS, Due, Mask, began, unowned, with_ends
from ratop_py.engine.naming import Naming
from ratop_py.engine.rates import active, advance
from ratop_py.events.fact import Facts
from ratop_py.events.socket import Listing
from ratop_py.flow.flows import Flows, Index, Rows, empty, pick
from ratop_py.flow.layout import Life, note_dtype
from ratop_py.net.host import HostNet

SECOND = 1_000_000_000
RECENT = 5 * SECOND
"""A new listing is held against flows without an owner that were heard since the last one, or within this time."""
RIPE = SECOND
"""After this time what can be known of a flow's owner is, where the kernel tells it."""
LATE = 10 * SECOND
"""…or after this time, where it is late with telling."""
QUIET = 2 * SECOND
"""ns without a socket and without a packet, after which a flow is over: a late answer still belongs to it."""
TCP = 6
PART = 16_384
"""Rows looked at together: bounds the copies made of a large file's rows."""
SPARE_HOLDERS = 10_000
"""Sets of holders that may lie unused before the table of them is made anew."""


class Ledger:
    """Notes for every row, and the tables that they point into."""

    def __init__(self, capacity: int) -> None:
        self.notes: NDArray[np.void] = np.zeros(capacity, note_dtype())
        self.owners = Owners()
        self.holders = Holders()
        self.observer = Observer()
        self.naming = Naming()
        self.sources: list[str] = [""]
        self.whys: list[tuple[str, ...]] = [()]
        self.findings: dict[int, Findings] = {}
        self.silent: tuple[str, ...] = ()
        self._why_numbers: dict[tuple[str, ...], int] = {(): 0}
        self._listed = 0
        """Start of the last listing, ns."""
        self._due = Due(capacity)
        self._own: frozenset[int] = frozenset()
        """This machine's addresses at the last tick."""
        self._changed: Mask = np.zeros(capacity, bool)
        """Rows that changed, or whose notes did by more than a falling rate, since somebody asked."""

    def look(
        self,
        index: Index,
        all_rows: Rows,
        listings: Sequence[Listing | Facts],
        host: HostNet,
        now: int,
        seconds: float,
        *,
        final: bool = False,
    ) -> None:
        """One tick. `index`: rows that changed; `all_rows`: the table's rows, at rest."""
        self._changed[index] = True
        if final:  # a whole file is looked at once, in the end
            self._all(index, all_rows, listings, host, now)
            self._changed[self.naming.name(index, all_rows, self.notes)] = True
            return
        fresh = self._fresh(index, all_rows["id"][index])
        self._changed[self.naming.name(fresh, all_rows, self.notes)] = True
        self._placed(host)
        if seconds > 0:
            moving = active(self.notes, index, len(all_rows))
            advance(self.notes, moving, all_rows, seconds)
        news = index[self._due.news(index, all_rows)]
        asked = np.zeros(len(all_rows), bool)
        asked[news] = True
        asked[index] |= unowned(self.notes[: len(all_rows)])[index]
        if listings:
            asked |= self._waiting(all_rows, min(now - RECENT, self._listed))
        self._learn(listings, now)
        asked |= with_ends(all_rows, self.owners.cookies.touched)
        self.owners.cookies.settle()
        self.owners.forget(now / SECOND - KEEP)
        self._attribute(np.flatnonzero(asked), all_rows, host, now)
        asked |= self._suspicious(all_rows)
        self._assess(self._due.assess(index, all_rows, asked, now), all_rows, host, now, final=False)

    def _all(self, index: Index, all_rows: Rows, listings: Sequence[Listing | Facts], host: HostNet, now: int) -> None:
        """The only look at a file, once it is read."""
        if host.knows:  # else empty notes say so, and a million of them cost no memory
            self._fresh(index, all_rows["id"][index])
        self._learn(listings, now)
        self._attribute(index, all_rows, host, now)
        self._assess(index, all_rows, host, now, final=True)

    def _learn(self, told: Sequence[Listing | Facts], now: int) -> None:
        for each in told:
            self.owners.learn(each)
            self._listed = now if isinstance(each, Facts) else int(each.began * SECOND)

    def _placed(self, host: HostNet) -> None:
        """Other addresses are this machine's now: which way a flow goes is to be seen anew."""
        own = host.own_addresses
        if own != self._own:
            self._own = own
            self._due.forget_all()

    def hear(self, kept: bytes, all_rows: Rows, host: HostNet) -> None:
        """Payloads that the engine kept: before `look` at the same rows."""
        if not kept:
            return
        index, names = self.naming.learn(kept, all_rows, host)
        self._fresh(index, all_rows["id"][index])
        self.notes["sni"][index] = names

    def _fresh(self, index: Index, ids: NDArray[np.uint64]) -> Index:
        """Rows that another flow uses now begin with empty notes. Returns these."""
        before = self.notes["id"][index]
        fresh = before != ids
        self.forget(index[fresh & (before != 0)])
        self.notes["id"][index] = ids
        return index[fresh]

    def _waiting(self, all_rows: Rows, since: int) -> Mask:
        """Flows without an exact owner, heard since then, that a new listing may speak of."""
        last = all_rows["last"]
        heard = (last[:, 0] >= since) | (last[:, 1] >= since)
        return np.asarray(unowned(self.notes[: len(all_rows)]) & heard & (all_rows["life"] != Life.FREE))

    def _suspicious(self, all_rows: Rows) -> Mask:
        """Flows that are looked at again until nothing speaks against them."""
        return np.asarray((self.notes["risk"][: len(all_rows)] > 0) & (all_rows["life"] == Life.LIVE))

    def _attribute(self, index: Index, all_rows: Rows, host: HostNet, now: int) -> None:
        if not host.knows:
            return
        for part in _parts(index):
            flows = Flows(pick(all_rows, part), pick(self.notes, part))
            told = attribute(flows, self.owners, host, self.holders, self.sources, now / 1e9)
            for name, column in told.columns.items():
                self.notes[name][part] = column
            self._changed[part] = True

    def _assess(self, index: Index, all_rows: Rows, host: HostNet, now: int, *, final: bool) -> None:
        for part in _parts(index):
            flows = Flows(pick(all_rows, part), pick(self.notes, part))
            told = assess(flows, self.observer, host, now, final=final)
            self._note_risk(part, flows, told)
            self.silent = told.silent

    def _note_risk(self, index: Index, flows: Flows, told: Assessed) -> None:
        """Write what is or was suspicious; of all other rows nothing is touched."""
        for flow in flows.rows["id"][flows.notes["risk"] > 0].tolist():
            self.findings.pop(flow, None)
        self.findings.update(told.findings)
        changed = (told.risk > 0) | (flows.notes["risk"] > 0)
        self.notes["risk"][index[changed]] = told.risk[changed]
        self.notes["why"][index[changed]] = 0
        self._changed[index[changed]] = True
        for row, codes in told.whys.items():
            self.notes["why"][index[row]] = self._why(codes)

    def _why(self, codes: tuple[str, ...]) -> int:
        number = self._why_numbers.get(codes)
        if number is None:
            number = self._why_numbers[codes] = len(self.whys)
            self.whys.append(codes)
        return number

    def unripe(self, rows: Rows, now: int) -> Mask:
        """Flows so young that who owns them, or why nobody does, will be known in a moment: where somebody
        tells at the time, not where the next look is waited for."""
        young = np.zeros(len(rows), bool)
        if not self.owners.cookies.watched:
            return young
        since = now - (LATE if self.owners.cookies.behind((now - RIPE) / SECOND) else RIPE)
        fresh = np.flatnonzero(rows["last"].max(axis=1) > since)
        fresh = fresh[began(rows, fresh) > since]
        notes = self.notes[fresh]
        for bit, side in ((2, "s"), (1, "d")):
            unknown = (notes[f"{side}_match"] == Match.NONE) & (notes[f"{side}_why"] == Why.TOO_YOUNG)
            young[fresh[(notes["way"] & bit > 0) & unknown]] = True
        return young

    def unsocketed(self, all_rows: Rows, now: int) -> Index:
        """Rows of flows that go on, though their socket ended a while ago: what comes next with the same ends is
        another flow. TCP says itself when it ends."""
        keys = self.owners.cookies.over((now - QUIET) / SECOND)
        if not keys:
            return np.zeros(0, np.int64)
        quiet = all_rows["last"].max(axis=1) < now - QUIET
        found = with_ends(all_rows, keys) & quiet & (all_rows["life"] == Life.LIVE) & (all_rows["proto"] != TCP)
        ends = {each[:ENDS] for each in keys}
        return np.array([row for row in np.flatnonzero(found) if all_rows[row].tobytes()[:ENDS] in ends], np.int64)

    def over(self, all_rows: Rows, now: int, keep: float) -> Index:
        """Rows whose flow ended longer than `keep` seconds ago; notes when those that ended just now did."""
        ended = np.flatnonzero(all_rows["life"] == Life.ENDED)
        fresh = ended[self.notes["ended"][ended] == 0]
        self.notes["ended"][fresh] = now
        self._changed[fresh] = True
        return ended[self.notes["ended"][ended] < now - int(keep * SECOND)]

    def forget(self, index: Index) -> None:
        """These rows were given back."""
        for flow in self.notes["id"][index].tolist():
            self.findings.pop(flow, None)
        self.notes[index] = np.zeros((), note_dtype())
        self._due.forget(index)

    def changed(self, used: int) -> Mask:
        """Which rows changed, or their notes, since this was asked last."""
        found = self._changed[:used].copy()
        self._changed[:used] = False
        return found

    def compact(self, used: int) -> None:
        """Forget sets of holders, and of names, that no row points to, once there are many."""
        notes = self.notes[:used]
        self.naming.compact(notes)
        if len(self.holders.sets) < SPARE_HOLDERS + 2 * used:
            return
        kept = np.union1d(notes["s_holder"], notes["d_holder"])
        size = len(self.holders.sets)
        renumbered = self.holders.kept(kept.tolist())
        table = np.zeros(size, np.uint32)
        table[list(renumbered)] = list(renumbered.values())
        for name in ("s_holder", "d_holder"):
            notes[name] = table[notes[name]]

    def tables(self, interfaces: Sequence[str], srcid: str) -> Flows:
        """No flows, but what notes of any time count that is never renumbered. May be called while a tick runs."""
        return replace(
            empty(),
            whys=tuple(self.whys),
            sources=tuple(self.sources),
            interfaces=tuple(interfaces) or ("",),
            srcid=srcid,
            silent=self.silent,
        )

    def flows(self, rows: Rows, notes: NDArray[np.void], interfaces: Sequence[str], srcid: str) -> Flows:
        """Rows and notes (copies, or at rest) as readers get them."""
        return replace(
            self.tables(interfaces, srcid),
            rows=rows,
            notes=notes,
            holders=tuple(self.holders.sets),
            findings=dict(self.findings),
            names=tuple(self.naming.sets),
        )


def _parts(index: Index) -> Iterator[Index]:
    """The rows, some at a time."""
    return (index[at : at + PART] for at in range(0, len(index), PART))
