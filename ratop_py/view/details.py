"""Everything about one flow: its facts, who is at each end and why, what speaks against its address.

Does not know: how it is laid out.
"""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from ratop_py.correlate.match import MATCH_WORDS, UNNAMED, Match, Why, owner_word, sentence
from ratop_py.fields import FIELDS
from ratop_py.fields.owners import chosen, evidence
from ratop_py.fields.texts import text_of
from ratop_py.flow.flows import Flows, Index, Owner
from ratop_py.flow.layout import Life
from ratop_py.view.model import Detail, FindingFacts, NameFact, OtherFlow, OwnerFacts, SideFacts
from ratop_py.view.rates import Rates

OTHERS = 50
"""Other flows of a process that are told one by one."""
PAST = 300
"""Seconds of rates."""
ENDS = ("saddr", "sport", "daddr", "dport")
OWNER_FACTS = tuple(each.name for each in fields(OwnerFacts))
EVIDENCE = frozenset(UNNAMED) - {Match.NONE}
"""Matches whose holders are no owners."""
LOCAL = {0: (False, False), 1: (False, True), 2: (True, False), 3: (True, True)}
"""`way` → which ends are this machine."""


def detail_of(flows: Flows, flow_id: int | None, rates: Rates | None = None, now: float = 0.0) -> Detail | None:
    """The details of a flow; None: not asked, or not there. `now`: data clock, seconds."""
    if flow_id is None or flow_id < 0:
        return None
    found = np.flatnonzero(flows.rows["id"] == np.uint64(flow_id))
    if not len(found):
        return None
    one, others = flows.take(found[:1]), _others(flows, int(found[0]))
    columns = {name: field.get(one) for name, field in FIELDS.items()}
    facts = {name: text_of(FIELDS[name].kind, column, 0) for name, column in columns.items()}
    return Detail(
        flow_id=flow_id,
        facts={name: text for name, text in facts.items() if text},
        sides=(_side(one, "s", "src"), _side(one, "d", "dst")),
        risk=int(one.notes["risk"][0]),
        level=facts["level"],
        findings=tuple(_finding(each) for each in flows.findings.get(flow_id, ())),
        silent=flows.silent,
        others=tuple(_other(flows, row) for row in others[:OTHERS].tolist()),
        others_total=len(others),
        names=_names(one),
        past=rates.of_flow(flow_id, PAST, now) if rates is not None else (),
    )


def _names(one: Flows) -> tuple[NameFact, ...]:
    """Of both ends, the surest first, and of the same kind the destination's first: it is mostly who is looked for."""
    began = min((int(each) for each in one.rows["first"][0] if each), default=0) / 1e9
    told = [
        NameFact(name, each.text, each.how, each.at or began)
        for side, name in (("d", "dst"), ("s", "src"))
        for each in one.names[int(one.notes[f"{side}_name"][0])]
    ]
    return tuple(sorted(told, key=lambda fact: not fact.verified))


def _others(flows: Flows, row: int) -> Index:
    """Rows of other flows of the same process, most bytes first."""
    holder = np.where(evidence(chosen(flows, "match")), 0, chosen(flows, "holder")).astype(np.int64)
    held = flows.holders[int(holder[row])]
    if not held:
        return np.zeros(0, np.intp)
    same = {number for number in np.unique(holder).tolist() if flows.holders[number][:1] == held[:1]}
    found = np.flatnonzero(np.isin(holder, list(same)))
    found = found[found != row]
    size = flows.rows["bytes"][found].sum(axis=1).astype(np.int64)
    return found[np.lexsort((flows.rows["id"][found], -size))]


def _other(flows: Flows, row: int) -> OtherFlow:
    one = flows.take(np.array([row]))
    proto, *ends = (text_of(FIELDS[name].kind, FIELDS[name].get(one), 0) for name in ("proto", *ENDS))
    source, destination = (f"{addr}:{port}" if port else addr for addr, port in (ends[:2], ends[2:]))
    return OtherFlow(
        flow_id=int(one.rows["id"][0]),
        proto=proto,
        ends=f"{source} -> {destination}",
        bytes=int(one.rows["bytes"][0].sum()),
        ended=bool(one.rows["life"][0] == Life.ENDED),
    )


def _side(one: Flows, side: str, name: str) -> SideFacts:
    note = one.notes[0]
    match, why = Match(int(note[f"{side}_match"])), Why(int(note[f"{side}_why"]))
    holders = one.holders[int(note[f"{side}_holder"])]
    way = int(note["way"])
    local = LOCAL[way][side == "d"]
    distance = float(note[f"{side}_dist"])
    return SideFacts(
        side=name,
        local=local,
        owner=owner_word(match, why, len(holders)) if local or way == 0 or holders else "",
        match=MATCH_WORDS[match],
        source=one.sources[int(note[f"{side}_source"])],
        distance=0.0 if match is Match.NONE else distance,
        why=sentence(match, why, int(distance)),
        owners=tuple(_owner(each) for each in holders) if match not in EVIDENCE else (),
        likely=tuple(_owner(each) for each in holders) if match in EVIDENCE else (),
    )


def _owner(each: Owner) -> OwnerFacts:
    return OwnerFacts(**{name: getattr(each, name) for name in OWNER_FACTS})


def _finding(each: object) -> FindingFacts:
    code, strength, points, sentence = (getattr(each, name) for name in ("code", "strength", "points", "sentence"))
    return FindingFacts(str(code), str(strength), int(points), str(sentence))
