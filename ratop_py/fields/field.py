"""What a field is: one row of the table of fields serves screen, text, CSV, JSON, filter, sort, grouping, help and
docs.

Does not know: which fields there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from ratop_py.flow.flows import Flows
from ratop_py.kinds import Column, Kind


class Merge(StrEnum):
    """What becomes of a field when flows are grouped into one row."""

    SUM = "sum"
    LEAST = "least"
    MOST = "most"
    SAME = "same"
    """The value if all flows agree, else nothing."""
    NONE = "none"
    """Means nothing for a group."""
    DISTINCT = "distinct"
    """How many different values of another field there are: `of` says which."""
    DERIVED = "derived"
    """Computed from other merged facts: the group's row is a row like any other."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column, declared once."""

    name: str
    """Argus's name, where Argus has one: typed in filters, `-s`, sorts; key of JSON."""
    title: str
    kind: Kind
    width: int
    """Characters in text output."""
    get: Callable[[Flows], Column]
    doc: str
    """Meaning, unit, source."""
    merge: Merge = Merge.SAME
    aliases: tuple[str, ...] = ()
    """Other words for it in a filter."""
    of: str = ""
    """DISTINCT: the field whose values are counted."""
