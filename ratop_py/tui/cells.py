"""What stands in each column of the table: text and tone of one cell.

Promise: a cell's text is what its field holds, said as `tui.md` §3 says it; no colour stands without a glyph, a word or
a place. Does not know: widths, positions, Textual.
"""

from __future__ import annotations

from collections.abc import Callable

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui import amounts, hostname
from ratop_py.tui.look import Habit
from ratop_py.tui.values import mac, number, service, word
from ratop_py.view import Snapshot

Cell = Callable[[Snapshot, int, Habit], tuple[str, str]]
"""Text and tone of a row's cell."""

HIGH, MEDIUM, LOW = 50, 36, 24
"""Risk from which a level begins."""
NEW = 3.0
"""Seconds in which a row has the sign of a new one."""
NOTHING = amounts.ZERO, "dim"
SCALE = (100.0, 20_000_000.0)
"""Ends of the load bar, bits/s."""
PAST_CELLS = 60
"""Cells of the rates of the last seconds; what a column has no room for is cut at its left."""
SIDES = {"saddr": "src", "daddr": "dst", "peer": "peer"}
"""Address → whose name stands for it."""
PORTLESS = frozenset({"icmp", "ipv6-icmp"})
"""Protocols whose type and code stand where others have ports."""
PORT_CELLS = 6
"""A service name longer than this is shown as its number."""
WAYS = {"in": ("↓", "in"), "out": ("↑", "out"), "both": ("⇅", "dim")}


def risk_of(snapshot: Snapshot, row: int) -> int:
    """Risk of a row, 0 where it is not known."""
    return int(number(snapshot, "risk", row) or 0)


def risk(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """A sign and a number from medium up, the number alone for low; where there is none, whether the row is new."""
    value = risk_of(snapshot, row)
    if value >= HIGH:
        return f"▲ {value}", "high"
    if value >= MEDIUM:
        return f"△ {value}", "warn"
    if value >= LOW:
        return f"  {value}", "dim"
    return ("    +", "dim") if is_new(snapshot, row) else ("", "dim")


def is_new(snapshot: Snapshot, row: int) -> bool:
    """It began a moment ago, and goes on."""
    began = number(snapshot, "stime", row)
    going = snapshot.meters.state in ("live", "replay")
    return going and began is not None and not snapshot.ended[row] and snapshot.taken_at - began / amounts.SECOND < NEW


def program(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """Name, or `? reason`; names that look like our own marks are quoted."""
    name = word(snapshot, "program", row)
    if name:
        return (f"“{name}”" if name[0] in "?▲△“" else name), "strong" if risk_of(snapshot, row) >= HIGH else "text"
    return nobody(snapshot, row)


def nobody(snapshot: Snapshot, row: int) -> tuple[str, str]:
    """`? reason`; of several flows that do not agree nothing is told."""
    several = snapshot.view.group or snapshot.view.tree
    reason = word(snapshot, "ownerwhy", row) or ("" if several else word(snapshot, "owner", row))
    return (f"? {reason}", "dim") if reason else NOTHING


def process(snapshot: Snapshot, row: int, habit: Habit) -> tuple[str, str]:
    """A program in its place in the tree."""
    text, tone = program(snapshot, row, habit)
    if text == NOTHING[0]:  # somebody's parent, of whom no more is known
        text = f"[{number(snapshot, 'pid', row) or 0:.0f}]"
    return word(snapshot, "tree", row) + text, tone


def user(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """A login name; where rows are by user, and nothing else says it, why there is none."""
    name, group = word(snapshot, "user", row), snapshot.view.group
    return (name, "dim") if name or "user" not in group or "program" in group else nobody(snapshot, row)


def past(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """The rates of the last seconds; the greatest of them as a full cell."""
    if snapshot.sparks is None:
        return amounts.UNKNOWN, "dim"
    return amounts.spark(snapshot.sparks[row].tolist(), PAST_CELLS), "bar"


def code(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """The strongest evidence code."""
    name, risky = word(snapshot, "topwhy", row), risk_of(snapshot, row)
    tone = "high" if risky >= HIGH else "warn" if risky >= MEDIUM else "text"
    return (name, tone) if name else NOTHING


def way(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """Who began it, seen from here."""
    return WAYS.get(word(snapshot, "way", row), NOTHING)


def proto(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """What is no TCP stands out."""
    name = word(snapshot, "proto", row)
    name = "icmp6" if name == "ipv6-icmp" else name
    return name, "dim" if name == "tcp" else "other"


def end(name: str, ours: tuple[str, ...]) -> Cell:
    """A name or an address; dim where it is this machine's, so that the eye finds the peer. A name that was only
    claimed stands in quotes."""

    def cell(snapshot: Snapshot, row: int, habit: Habit) -> tuple[str, str]:
        text = word(snapshot, name, row)
        called = hostname.shown(snapshot, row, SIDES[name])[0] if habit.names != "addresses" else ""
        both = f"{called} {text}" if habit.names == "both" else called
        return (both if called else text) or amounts.UNKNOWN, "dim" if word(snapshot, "way", row) in ours else "text"

    return cell


def port(name: str) -> Cell:
    """Service name or number; nothing where there is no port."""

    def cell(snapshot: Snapshot, row: int, habit: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        if value is None or word(snapshot, "proto", row) in PORTLESS:
            return "", "dim"
        known = "" if habit.port_numbers else service(int(value), word(snapshot, "proto", row))
        return (known if 0 < len(known) <= PORT_CELLS else str(int(value))), "dim"

    return cell


def rate(name: str, tone: str) -> Cell:
    """Bits/s, or bytes/s."""

    def cell(snapshot: Snapshot, row: int, habit: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        if value is None:
            return amounts.UNKNOWN, "dim"
        text = amount(value / 8 if habit.octets else value, "B" if habit.octets else "", habit)
        return text, "dim" if text == amounts.ZERO else tone

    return cell


def load(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
    """A bar on a log scale."""
    value = (number(snapshot, "rx", row) or 0.0) + (number(snapshot, "tx", row) or 0.0)
    return amounts.bar(value, *SCALE, 8), "bar"


def amount(value: float, unit: str, habit: Habit) -> str:
    """A number, short or with all digits."""
    return amounts.full(value) if habit.full else amounts.si(value, unit)


def text_cell(name: str, tone: str) -> Cell:
    """A word."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        text = word(snapshot, name, row)
        return (text, tone) if text else NOTHING

    return cell


def plain_cell(name: str, tone: str = "dim") -> Cell:
    """A number that identifies: all digits, always."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return NOTHING if value is None else (f"{value:.0f}", tone)

    return cell


def duration(name: str) -> Cell:
    """How long."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return (amounts.UNKNOWN if value is None else amounts.duration(value / amounts.SECOND)), "dim"

    return cell


def instant(name: str) -> Cell:
    """When."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return (amounts.UNKNOWN if value is None else amounts.instant(int(value), snapshot.taken_at)), "dim"

    return cell


def counted(name: str, unit: str = "", tone: str = "text") -> Cell:
    """How many."""

    def cell(snapshot: Snapshot, row: int, habit: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        if value is None:
            return amounts.UNKNOWN, "dim"
        text = amount(value, unit, habit)
        return text, "dim" if text == amounts.ZERO else tone

    return cell


def measured(name: str) -> Cell:
    """A number with a fraction."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return (amounts.UNKNOWN, "dim") if value is None else (f"{value:.4g}", "text")

    return cell


def link_address(name: str) -> Cell:
    """A MAC."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return NOTHING if value is None else (mac(int(value)), "dim")

    return cell


def hexadecimal(name: str) -> Cell:
    """A number in hexadecimal."""

    def cell(snapshot: Snapshot, row: int, _: Habit) -> tuple[str, str]:
        value = number(snapshot, name, row)
        return NOTHING if value is None else (f"0x{int(value):x}", "dim")

    return cell


OWN: dict[str, Cell] = {
    "risk": risk,
    "program": program,
    "pid": plain_cell("pid"),
    "user": user,
    "process": process,
    "past": past,
    "topwhy": code,
    "way": way,
    "proto": proto,
    "saddr": end("saddr", ("out", "both")),
    "daddr": end("daddr", ("in", "both")),
    "sport": port("sport"),
    "dport": port("dport"),
    "peer": end("peer", ()),
    "pport": port("pport"),
    "dir": text_cell("dir", "dim"),
    "state": text_cell("state", "dim"),
    "rx": rate("rx", "in"),
    "tx": rate("tx", "out"),
    "load": load,
}
BY_KIND: dict[Kind, Callable[[str], Cell]] = {
    Kind.COUNT: counted,
    Kind.BYTES: lambda name: counted(name, "B"),
    Kind.BITRATE: lambda name: rate(name, "text"),
    Kind.RATE: counted,
    Kind.NUMBER: measured,
    Kind.PERCENT: measured,
    Kind.TIME: instant,
    Kind.DURATION: duration,
    Kind.ADDRESS: lambda name: text_cell(name, "text"),
    Kind.MAC: link_address,
    Kind.PORT: port,
    Kind.ID: lambda name: plain_cell(name),
    Kind.HEX: hexadecimal,
    Kind.TEXT: lambda name: text_cell(name, "text"),
    Kind.LIST: lambda name: text_cell(name, "text"),
}


def cell_of(name: str) -> Cell:
    """How a field is shown."""
    return OWN.get(name) or BY_KIND[FIELDS[name].kind](name)
