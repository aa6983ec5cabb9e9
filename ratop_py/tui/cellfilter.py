"""A cell as a filter: what is typed to see only such flows.

Promise: the text is in the filter language and matches the row that it was made from.
Does not know: the screen.
"""

from __future__ import annotations

from ratop_py.fields import FIELDS
from ratop_py.kinds import Kind
from ratop_py.tui.cells import risk_of
from ratop_py.tui.page import Place
from ratop_py.tui.values import mac, number, word
from ratop_py.view import Snapshot

NO_OWNER = frozenset({"program", "pid", "user"})
"""Fields that are empty where there is no owner."""
EXACT = frozenset({Kind.COUNT, Kind.PORT, Kind.ID, Kind.HEX})
"""Kinds of numbers that are compared as they stand."""
AT_LEAST = frozenset({Kind.BYTES, Kind.BITRATE, Kind.RATE, Kind.NUMBER, Kind.PERCENT})
"""Kinds of numbers of which nobody wants exactly that one."""
GROUPABLE = frozenset({Kind.TEXT, Kind.ADDRESS, Kind.MAC, *EXACT})
"""Kinds by which flows can be grouped on the screen: each value can be asked for again."""
NO_MAC = "00:00:00:00:00:00"
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def risk_at(here: Place) -> int:
    """Risk of a row."""
    return risk_of(*here)


def quoted(text: str) -> str:
    """A word of the filter language."""
    if text and set(text) <= PLAIN:
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def cell_filter(here: Place, name: str) -> str:
    """What only such flows match; empty: this cell says nothing to filter by."""
    snapshot, row = here
    if name in ("program", "user") and not word(snapshot, name, row):
        why, owner = word(snapshot, "ownerwhy", row), word(snapshot, "owner", row)
        return f"ownerwhy = {quoted(why)}" if why else f"owner = {owner}" if owner else ""
    if name == "load" or name not in FIELDS:
        return ""
    return _comparison(here, name, FIELDS[name].kind)


def _comparison(here: Place, name: str, kind: Kind) -> str:
    snapshot, row = here
    if kind in (Kind.TEXT, Kind.LIST, Kind.ADDRESS):
        text = word(snapshot, name, row)
        return f"{name} = {text if kind is Kind.ADDRESS else quoted(text)}" if text else ""
    value = number(snapshot, name, row)
    if value is None:
        return ""
    if kind is Kind.MAC:
        return f"{name} = {mac(int(value))}"
    if kind in EXACT:
        return f"{name} = {int(value)}"
    if kind in AT_LEAST:
        return f"{name} >= {int(value)}"
    return f"{name} >= {value // 1_000_000 / 1000:.3f}s" if kind is Kind.DURATION else ""


def added(filter_text: str, part: str, *, without: bool) -> str:
    """The filter with one more condition."""
    part = f"not {part}" if without else part
    if not filter_text:
        return part
    return f"({filter_text}) and {part}" if " or " in filter_text else f"{filter_text} and {part}"


def row_filter(here: Place) -> str:
    """What only the flows of a row of several match."""
    snapshot, row = here
    if snapshot.view.tree:
        return _process_filter(here)
    names = [name for name in snapshot.view.group if name not in _implied(snapshot, row)]
    return " and ".join(part for name in names if (part := _key_filter(snapshot, row, name)))


def _implied(snapshot: Snapshot, row: int) -> frozenset[str]:
    """Keys that the others say: who has an owner has no reason to have none, and the other way round."""
    if "ownerwhy" not in snapshot.view.group:
        return frozenset()
    return NO_OWNER if word(snapshot, "ownerwhy", row) else frozenset({"ownerwhy"})


def _key_filter(snapshot: Snapshot, row: int, name: str) -> str:
    """That a field has this row's value, or none as this row has none."""
    kind = FIELDS[name].kind
    if kind in (Kind.TEXT, Kind.LIST):
        return f"{name} = {quoted(word(snapshot, name, row))}"
    if kind is Kind.ADDRESS:
        return _comparison((snapshot, row), name, kind) or "peers = 0"
    if kind is Kind.MAC:
        return _comparison((snapshot, row), name, kind) or f"not ({name} = {NO_MAC} or {name} != {NO_MAC})"
    return _comparison((snapshot, row), name, kind) or f"not {name} >= 0"


def process_filter(here: Place) -> str:
    """Of the same process; empty: none is known."""
    snapshot, row = here
    pid, program = number(snapshot, "pid", row), word(snapshot, "program", row)
    return f"pid = {pid:.0f} and program = {quoted(program)}" if pid is not None else ""


def _process_filter(here: Place) -> str:
    """Of a process and all below it."""
    snapshot, row = here
    pid = number(snapshot, "pid", row)
    if pid is None:
        return f'ownerwhy = {quoted(word(snapshot, "ownerwhy", row))} and program = ""'
    program = "_".join(word(snapshot, "program", row).split()) or "?"
    if program == "?":
        return f'lineage ~ "(^| ){pid:.0f}:"'
    return f"lineage in ({quoted(f'{pid:.0f}:{program}')}, {quoted(f'{pid:.0f}:?')})"  # who is below may not know more


def flow_filter(here: Place) -> str:
    """What only this flow matches, as far as the row tells."""
    parts = [cell_filter(here, name) for name in ("proto", "saddr", "sport", "daddr", "dport")]
    return " and ".join(part for part in parts if part)
