"""The tables of PERFORMANCE.md: each is written anew by the bench that measured it, the others stay.

Promise: a goal stands beside its figure, and `no` beside a goal that was missed. Each table says on which machine, at
which commit and when it was taken.
Does not know: how anything is measured.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

HEAD = """\
# Performance

Written by `make bench` (`python -m tests.bench NAME …` for some tables), asserted nowhere: machines differ, and so do
hours. What can be compared is compared side by side: both programs in turn, A B A B, in one run; the ratio is that of
each pair. Figures are medians, with least and most in brackets. A goal that was missed says **no**.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure."""

    what: str
    measured: str
    goal: str = "–"
    met: bool | None = None
    """None: there is no goal, or it could not be measured."""
    beside: str = "–"
    """The same of a peer, or of something a person knows."""


@dataclass(frozen=True, slots=True)
class Table:
    """The figures of one subject."""

    name: str
    title: str
    about: str
    rows: Sequence[Row]


def markdown(table: Table, taken: str) -> str:
    """A table between the marks by which it is found again."""
    lines = [begin(table.name), f"## {table.title}", "", table.about, ""]
    lines += ["| | measured | goal | met | beside |", "|---|---|---|---|---|"]
    lines += [_line(row) for row in table.rows]
    return "\n".join([*lines, "", f"*{taken}*", end(table.name)])


def _line(row: Row) -> str:
    met = {None: "–", True: "yes", False: "**no**"}[row.met]
    cells = (row.what, row.measured, row.goal, met, row.beside)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def begin(name: str) -> str:
    """The mark before a table."""
    return f"<!-- bench: {name} -->"


def end(name: str) -> str:
    """The mark behind it."""
    return f"<!-- /bench: {name} -->"


def put(page: str, name: str, text: str, order: Sequence[str]) -> str:
    """The page with this table in its place; `order`: all names as they stand on the page."""
    tables = {found: _cut(page, found) for found in order}
    tables[name] = text
    return "\n\n".join([HEAD.rstrip(), *(tables[each] for each in order if tables[each])]) + "\n"


def _cut(page: str, name: str) -> str:
    found = re.search(re.escape(begin(name)) + ".*?" + re.escape(end(name)), page, re.DOTALL)
    return found.group() if found else ""
