"""A small table and its past, and beside it everything copied at each moment: the naive way to remember."""

from __future__ import annotations

from typing import Any

import numpy as np

from ratop_py.assess.evidence import Finding
from ratop_py.engine.past import Past
from ratop_py.flow.flows import Flows, Name, Owner
from ratop_py.flow.layout import Life, note_dtype, row_dtype

SECOND = 1_000_000_000
START = 1_700_000_000 * SECOND
ROWS = 5
PLENTY = 1 << 24
FORGED = Finding("land", "A packet claims it.")


class Host:
    """A small table with notes, its past, and everything copied at each look: the naive way."""

    def __init__(self, rows: int = ROWS, most: int = PLENTY) -> None:
        self.past = Past(rows, most)
        self.rows = np.zeros(rows, row_dtype())
        self.notes = np.zeros(rows, note_dtype())
        self.holders: list[Any] = [()]
        self.names: list[Any] = [()]
        self.findings: dict[int, Any] = {}
        self.changed = np.zeros(rows, bool)
        self.now, self.born, self.used = START, 0, 0
        self.seen: dict[int, Any] = {}

    def begin(self, place: int) -> None:
        if self.rows["life"][place] != Life.FREE:
            return
        self.born += 1
        self.used = max(self.used, place + 1)
        self.rows["id"][place], self.rows["life"][place] = self.born, Life.LIVE
        self.notes[place] = np.zeros((), note_dtype())
        self.notes["id"][place] = self.born
        self.changed[place] = True

    def send(self, place: int, size: int) -> None:
        if self.rows["life"][place] == Life.LIVE:
            self.rows["bytes"][place, size % 2] += size
            self.rows["last"][place, 0] = self.now
            self.rows["epoch"][place] += 1
            self.changed[place] = True

    def own(self, place: int, pid: int) -> None:
        if self.rows["life"][place] != Life.FREE:
            self.holders.append((Owner(pid, None, 0, "ada", f"p{pid}"),))
            self.names.append((Name(f"n{pid}", "dns", 0.0),))
            self.notes["s_holder"][place] = len(self.holders) - 1
            self.notes["d_name"][place] = self.notes["sni"][place] = len(self.names) - 1
            self.changed[place] = True

    def suspect(self, place: int, risk: int) -> None:
        flow = int(self.rows["id"][place])
        if flow:
            self.notes["risk"][place] = risk % 2 * 60
            self.findings.pop(flow, None)
            if risk % 2:
                self.findings[flow] = (FORGED,) * (risk % 3 + 1)
            self.changed[place] = True

    def end(self, place: int) -> None:
        if self.rows["life"][place] == Life.LIVE:
            self.rows["life"][place], self.notes["ended"][place] = Life.ENDED, self.now
            self.changed[place] = True

    def give_back(self, place: int) -> None:
        if self.rows["life"][place] == Life.ENDED:
            self.findings.pop(int(self.rows["id"][place]), None)
            self.rows[place] = np.zeros((), row_dtype())
            self.notes[place] = np.zeros((), note_dtype())
            self.changed[place] = True

    def renumber(self) -> None:
        """As the ledger does now and then."""
        old = self.holders
        self.holders = [(), *reversed(old[1:])]
        held = self.notes["s_holder"] > 0
        self.notes["s_holder"][held] = len(old) - self.notes["s_holder"][held]

    def look(self, seconds: float = 1.0) -> None:
        self.now += int(seconds * SECOND)
        rows, notes = self.rows[: self.used].copy(), self.notes[: self.used]
        tables = {"holders": self.holders, "names": self.names}
        self.past.mark(rows, self.notes, self.changed[: self.used], tables, self.findings, self.now)
        self.past.settle()
        self.changed[:] = False
        if self.past._newest == self.now:
            self.seen[self.now] = told(
                Flows(rows, notes.copy(), list(self.holders), names=list(self.names), findings=dict(self.findings))
            )

    def flows(self) -> Flows:
        """All there is now."""
        return Flows(self.rows, self.notes)

    def at(self, when: int) -> Flows:
        return self.past.sight().at(when, self.flows())


def told(flows: Flows) -> dict[int, Any]:
    """Everything of each flow that is there, in words."""
    found = {}
    for row, note in zip(flows.rows, flows.notes, strict=True):
        if row["life"] != Life.FREE:
            facts = [row[name].tolist() for name in row.dtype.names if name != "epoch"]
            notes = [note[name].tolist() for name in ("id", "ended", "risk", "s_bps", "way")]
            words = flows.holders[note["s_holder"]], flows.names[note["d_name"]], flows.names[note["sni"]]
            found[int(row["id"])] = facts, notes, words, flows.findings.get(int(row["id"]), ())
    return found


def busy(seconds: int = 10, **limits: int) -> Host:
    """A flow that sends every second."""
    host = Host(**limits)
    host.begin(0)
    for _ in range(seconds):
        host.send(0, 2)
        host.look()
    return host
