"""`python -m tests.bench [NAME …]`: measure, and write PERFORMANCE.md. Asserts nothing."""

from __future__ import annotations

import sys
import time
from importlib import import_module

from tests.bench.children import ROOT, FailedError
from tests.bench.inputs import AbsentError
from tests.bench.machine import taken
from tests.bench.tables import Row, Table, markdown, put

NAMES = (
    "offline",
    "memory",
    "decode",
    "live",
    "painting",
    "looking",
    "churn",
    "start",
    "questions",
    "reasons",
    "owners",
    "sources",
    "exports",
    "remembering",
)
"""Modules here with TITLE, ABOUT and rows(); in this order on the page."""
PAGE = ROOT / "PERFORMANCE.md"


def main(words: list[str]) -> int:
    """Measure what was named, or all; 2: a name is not known."""
    if unknown := [word for word in words if word not in NAMES]:
        print(f"no bench is called {', '.join(unknown)}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in words or NAMES:
        begun = time.perf_counter()
        table = measured(name)
        page = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
        PAGE.write_text(put(page, name, markdown(table, taken()), NAMES), encoding="utf-8")
        print(f"   {name}: {time.perf_counter() - begun:.0f} s\n", flush=True)
    return 0


def measured(name: str) -> Table:
    """One subject; what cannot be measured here is said in its place."""
    module = import_module(f"tests.bench.{name}")
    rows: list[Row] = []
    print(f"== {module.TITLE}", flush=True)
    try:
        for row in module.rows():
            rows.append(row)
            print(f"   {line(row)}", flush=True)
    except (AbsentError, FailedError) as error:
        rows.append(Row("the rest" if rows else "all of it", str(error).replace("\n", " ")))
        print(f"   {error}", flush=True)
    return Table(name, module.TITLE, module.ABOUT, rows)


def line(row: Row) -> str:
    """A row for whoever waits."""
    met = {None: "", True: "  ok", False: "  MISSED"}[row.met]
    goal = "" if row.goal == "–" else f"  goal {row.goal}{met}"
    return f"{row.what}: {row.measured}{goal}" + ("" if row.beside == "–" else f"  [{row.beside}]")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
