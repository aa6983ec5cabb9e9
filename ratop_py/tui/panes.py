"""What the details say of one flow: its facts, who is at its ends and why we believe it, its risk and why.

Promise: everything in a `Detail` is said; what is not known is named with its reason. Lines fit their width.
Does not know: widgets; where the facts come from.
"""

from __future__ import annotations

from ratop_py.tui import amounts
from ratop_py.tui.facts import said
from ratop_py.tui.lines import Line, fold, length
from ratop_py.view import Detail, FindingFacts, OwnerFacts, SideFacts

LABEL = 8
"""Cells of the names at the left of a pane."""
GROUPS = (
    ("stime", "dur", "ltime"),
    ("proto", "flgs", "state", "dir"),
    ("saddr", "sport"),
    ("daddr", "dport"),
    ("smac", "dmac"),
    ("rx", "tx", "load"),
    ("sbytes", "dbytes", "bytes"),
    ("spkts", "dpkts", "pkts"),
    ("sappbytes", "dappbytes"),
    ("tcprtt", "synack", "ackdat"),
    ("sttl", "dttl"),
    ("sloss", "dloss", "ploss"),
    ("stomac", "dtomac"),
    ("sflags", "dflags"),
)
"""Facts that stand on one line, in the order in which a person asks for them."""
_ELSEWHERE = """
program pid user owner ownerwhy label exe cmdline ppid parent container netns match uid
suser spid sprog duser dpid dprog
ownersource ownerdist owners likely ownerlost smatch dmatch sownerwhy downerwhy sowners downers
risk level why topwhy way flowid peer pport ended peernet peers programs lineage tree
sname dname peername sni snamehow dnamehow peernamehow
"""
ELSEWHERE = frozenset(_ELSEWHERE.split())
"""Facts that the other panes say better."""
BEHIND = {"saddr": "src", "daddr": "dst"}
"""Lines of facts behind which names stand, and of which end."""
HEARD = {
    "dns": "DNS: this machine asked, and the answer held the address",
    "dns-other": "claimed: another machine asked DNS",
    "mdns": "claimed: said on the local network (mDNS)",
    "llmnr": "claimed: said on the local network (LLMNR)",
    "sni": "claimed: asked for in the TLS handshake (SNI)",
    "ech": "claimed: asked for in the TLS handshake, perhaps for another (SNI with ECH)",
    "quic": "claimed: asked for in the QUIC handshake (SNI)",
    "ptr": "claimed: reverse DNS",
}
"""How a name was heard."""
SIDES = {"src": "source", "dst": "destination"}
QUALITY = {"ok": "ok", "listener": "ok", "shared": "warn", "none": "warn", "unknown": "warn"}


def flow(detail: Detail, width: int) -> list[Line]:
    """The facts of the flow."""
    out: list[Line] = [[("Flow", "strong"), (f"  {detail.flow_id}", "dim")]]
    said: set[str] = set(ELSEWHERE)
    for group in GROUPS:
        names = [name for name in group if detail.facts.get(name) and name not in said]
        said.update(names)
        if names:
            out.extend(_facts(detail, names, width))
        if group[0] in BEHIND:
            out.extend(_names(detail, BEHIND[group[0]], width))
        if group[0] == "rx":
            out.extend(_past(detail, width))
    rest = [name for name in detail.facts if name not in said and detail.facts[name]]
    if rest:
        out.append([])
    for name in rest:
        out.extend(_facts(detail, [name], width))
    return out


def _names(detail: Detail, side: str, width: int) -> list[Line]:
    """What one end was called; in quotes what is only claimed."""
    out: list[Line] = []
    for each in (name for name in detail.names if name.side == side):
        shown = each.name if each.verified else f"“{each.name}”"
        how: Line = [(shown, "text" if each.verified else "warn"), (f"   {HEARD.get(each.how, each.how)}", "dim")]
        out.extend(fold([(f"{'named':<{LABEL}} ", "dim"), *how], width, LABEL + 1))
    return out


def _past(detail: Detail, width: int) -> list[Line]:
    """Rates of the last minutes, each way with its own scale."""
    cells = width - LABEL - 1 - len(" most 999.9 Mb/s")
    out: list[Line] = []
    for name, tone, values in (("src", "text", 0), ("dst", "text", 1)):
        rates = [each[values] for each in detail.past]
        if any(rates) and cells >= 10:
            drawn = amounts.pressed(rates, cells)
            most = f" most {amounts.speed(max(rates))}"
            out.append([(f"{name + ' past':<{LABEL}} ", "dim"), (drawn, tone), (most, "dim")])
    return out


def _facts(detail: Detail, names: list[str], width: int) -> list[Line]:
    """Facts side by side; a name stays beside its value."""
    first, *others = names
    rows: list[Line] = [[(f"{first:<{LABEL}} ", "dim"), (said(first, detail.facts[first].strip()), _tone(first))]]
    for name in others:
        part: Line = [(f"{name} ", "dim"), (said(name, detail.facts[name].strip()), _tone(name))]
        if length(rows[-1]) + 3 + length(part) <= width:
            rows[-1].extend([("   ", "text"), *part])
        else:
            rows.append([(" " * (LABEL + 1), "text"), *part])
    return [line for row in rows for line in fold(row, width, LABEL + 1)]


def _tone(name: str) -> str:
    return {"rx": "in", "tx": "out", "saddr": "strong", "daddr": "strong"}.get(name, "text")


def who(detail: Detail, width: int) -> list[Line]:
    """Who is at the ends that are this machine's, and why."""
    here = [side for side in detail.sides if side.local or side.owner]
    if not here:
        return [
            [("Who", "strong")],
            *fold([("Neither end is this machine, so no program here has a part in it.", "dim")], width),
        ]
    out: list[Line] = []
    for side in here:
        if out:
            out.append([])
        out.extend(_side(side, width, several=len(here) > 1))
    return [*out, *_others(detail, width)]


def _others(detail: Detail, width: int) -> list[Line]:
    """What else this process does."""
    if not detail.others:
        return []
    count = detail.others_total
    shown = "" if count == len(detail.others) else f", the {len(detail.others)} largest"
    out: list[Line] = [[], [(f"{count} other flow{'' if count == 1 else 's'} of this process{shown}", "dim")]]
    for each in detail.others:
        tone = "dim" if each.ended else "text"
        size = amounts.si(each.bytes, "B")
        out.extend(fold([(f"  {each.proto:<5}", "dim"), (f"{each.ends}  ", tone), (size, tone)], width, 7))
    return out


def _side(side: SideFacts, width: int, *, several: bool) -> list[Line]:
    head: Line = [("Who", "strong"), ("  ", "text"), (side.owner or "unknown", QUALITY.get(side.owner, "warn"))]
    if several:
        head.append((f"   at the {SIDES.get(side.side, side.side)}", "dim"))
    out = [head]
    if side.owners:
        out.extend(_owner(side.owners[0], width))
    out.extend(_evidence(side, width))
    for name, others in (("also", side.owners[1:]), ("likely", side.likely)):
        for other in others:
            out.extend(_row(name, _brief(other), width))
    return out


def _owner(owner: OwnerFacts, width: int) -> list[Line]:
    line: Line = [
        (f"{'program':<{LABEL}} ", "dim"),
        (owner.program or "–", "strong"),
        ("   pid ", "dim"),
        (str(owner.pid), "text"),
    ]
    if owner.started is not None:
        line.extend([("   started ", "dim"), (amounts.clock(owner.started), "text")])
    user = f"{owner.user} ({owner.uid})" if owner.uid >= 0 and owner.user != str(owner.uid) else owner.user
    out = fold(line, width, LABEL + 1)
    told = {"user": user, "exe": owner.exe, "cmdline": owner.cmdline, "parent": _line(owner)}
    for name, text in {**told, "container": owner.container, "netns": owner.netns}.items():
        if text:
            out.extend(_row(name, text, width))
    return out


def _parent(owner: OwnerFacts) -> str:
    return f"{owner.parent} pid {owner.ppid}".lstrip() if owner.ppid else ""


def _line(owner: OwnerFacts) -> str:
    """Its parent, that one's, and so on."""
    return " ← ".join(filter(None, (_parent(owner), *(f"{name} pid {pid}" for pid, name in owner.forebears))))


def _brief(owner: OwnerFacts) -> str:
    who = owner.program or (f"a child of {_parent(owner)}" if owner.ppid else "")
    return f"{who} pid {owner.pid} ({owner.user})".lstrip()


def _evidence(side: SideFacts, width: int) -> list[Line]:
    out: list[Line] = []
    if side.match:
        out.extend(_row("match", side.match, width, "ok"))
    if side.source:
        out.extend(_row("seen by", f"{side.source}, {_distance(side.distance)}", width))
    if side.why:
        out.extend(_row("why", side.why, width))
    return out


def _distance(seconds: float) -> str:
    return "while the flow lived" if seconds <= 0 else f"{seconds:.1f} s away from the flow"


def _row(name: str, text: str, width: int, tone: str = "text") -> list[Line]:
    return fold([(f"{name:<{LABEL}} ", "dim"), (text, tone)], width, LABEL + 1)


def risk(detail: Detail, width: int) -> list[Line]:
    """What speaks against the address, and what could not be looked at."""
    out: list[Line] = [_verdict(detail)]
    for finding in detail.findings:
        out.extend(_finding(finding, width))
    if not detail.findings:
        out.extend(fold([("Nothing was found that speaks against these addresses.", "dim")], width))
    if detail.silent:
        out.append([])
        out.append([("not looked at", "dim")])
        for sentence in detail.silent:
            out.extend(fold([("  " + sentence, "dim")], width, 4))
    return out


def _verdict(detail: Detail) -> Line:
    sign = {"high": ("▲ ", "high"), "medium": ("△ ", "warn")}.get(detail.level, ("", "text"))
    return [
        ("Risk  ", "strong"),
        (f"{sign[0]}{detail.risk} {detail.level}", sign[1]),
        ("   is the address true?", "dim"),
    ]


def _finding(finding: FindingFacts, width: int) -> list[Line]:
    tone = {"P": "high", "S": "high", "W": "warn"}.get(finding.strength[:1], "dim")
    head: Line = [(f"{finding.points:>2} {finding.strength:<2} ", tone), (finding.code, "strong")]
    return [
        *fold(head, width, 6),
        *[[("      ", "text"), *line] for line in fold([(finding.sentence, "text")], width - 6)],
    ]


def title(detail: Detail) -> Line:
    """The line over the panes: which flow this is."""
    facts = detail.facts
    sign = {"high": [(f"▲ {detail.risk}  ", "high")], "medium": [(f"△ {detail.risk}  ", "warn")]}.get(detail.level, [])
    ends = [facts.get(addr, "–") + (f":{facts[port]}" if facts.get(port) else "") for addr, port in ENDS]
    return [*sign, (f"{facts.get('program', '')}  ".lstrip(), "strong"), (f"{ends[0]} → {ends[1]}", "strong")]


ENDS = (("saddr", "sport"), ("daddr", "dport"))


def as_text(detail: Detail) -> str:
    """Everything, for the clipboard."""
    lines = [*flow(detail, 200), [], *who(detail, 200), [], *risk(detail, 200)]
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines) + "\n"
