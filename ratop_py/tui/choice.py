"""What was chosen at an export: which rows, fields, format, which folder. It is offered again the next time.

Promise: a frozen value; what makes no sense where it is read from is passed over.
Does not know: files, the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import PurePath

from ratop_py.safetext import clean

FORMATS = {
    "csv": ".csv",
    "jsonl": ".jsonl",
    "parquet": ".parquet",
    "text": ".txt",
    "pcapng": ".pcapng",
    "svg": ".svg",
}
"""Formats and the ends of their files' names."""
SAID = {
    "csv": "a table for spreadsheets",
    "jsonl": "one JSON object a row",
    "parquet": "columns with types, for DuckDB, Spark, pandas",
    "text": "as `ratop print` writes it",
    "pcapng": "the packets themselves, for Wireshark",
    "svg": "a picture of the screen as it was before this box",
}
ROWS = ("shown", "all", "marked")
"""Rows of the view with its filter; all flows there are; those that were marked."""
WITHOUT_FIELDS = frozenset({"pcapng", "svg"})
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class Choice:
    """The last one."""

    rows: str = ROWS[0]
    format: str = "csv"
    all_fields: bool = False
    directory: str = ""
    """Where it was written; empty: where ratop runs."""

    @classmethod
    def from_dict(cls, told: Mapping[str, object]) -> Choice:
        """As it was remembered."""
        rows, name, where = told.get("rows"), told.get("format"), told.get("directory")
        return cls(
            rows=str(rows) if rows in ROWS else ROWS[0],
            format=str(name) if isinstance(name, str) and name in FORMATS else "csv",
            all_fields=told.get("all_fields") is True,
            directory=where if isinstance(where, str) and where == clean(where, LONGEST) else "",
        )

    def as_dict(self) -> dict[str, str | bool]:
        """To be remembered."""
        return asdict(self)

    def written(self, path: str) -> Choice:
        """What is offered after this file was written."""
        parent = str(PurePath(path).parent)
        return replace(self, directory="" if parent == "." else parent)


def format_of(path: str, otherwise: str = "csv") -> str:
    """The format that a name's end says."""
    return next((name for name, end in FORMATS.items() if path.endswith(end)), otherwise)


def renamed(path: str, old: str, new: str) -> str:
    """The name with the end of another format."""
    return path[: -len(FORMATS[old])] + FORMATS[new] if path.endswith(FORMATS[old]) else path
