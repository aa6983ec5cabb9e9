"""The label of a flow, in Argus's grammar: `pid=53:usr=carter:app=Keynote`, several values by comma.

Promise: `parse(label(holders))` gives back pids, users and programs; no value can break the grammar.
Does not know: sockets, matches.
"""

from __future__ import annotations

from collections.abc import Iterable

from ratop_py.flow.flows import Holders

_SIGNS = str.maketrans({":": "_", ",": "_", "=": "_"})


def label(holders: Holders) -> str:
    """All holders; each value once, in their order. Empty: nobody."""
    if not holders:
        return ""
    pids = _joined(str(owner.pid) for owner in holders)
    users = _joined(owner.user for owner in holders)
    programs = _joined(owner.program for owner in holders)
    return f"pid={pids}:usr={users}:app={programs}"


def _joined(values: Iterable[str]) -> str:
    return ",".join(dict.fromkeys(value.translate(_SIGNS) for value in values))


def parse(text: str) -> dict[str, tuple[str, ...]]:
    """name → values, in order; an object without a name stands under the empty name."""
    found: dict[str, tuple[str, ...]] = {}
    for part in filter(None, text.split(":")):
        name, sign, values = part.rpartition("=")
        found[name if sign else ""] = (*found.get(name if sign else "", ()), *values.split(","))
    return found
