"""What `print` asks and who writes the answer, made from its options.

Promise: every name a person typed is checked here, before a source is opened.
Does not know: engines, files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO

import numpy as np

from ratop_py.commands.print_options import PrintOptions
from ratop_py.config import DEFAULTS
from ratop_py.errors import Exit, RatopError
from ratop_py.export import csv, jsonl, parquet, text
from ratop_py.export.columns import Chosen, choose
from ratop_py.fields import FIELDS, OF_NAMES
from ratop_py.fields.naming import check
from ratop_py.filter import compile_filter
from ratop_py.kinds import Kind
from ratop_py.view import SIGHTS, Order, Snapshot, View
from ratop_py.view.select import take

ASCENDING = frozenset({Kind.TEXT, Kind.LIST, Kind.ADDRESS, Kind.MAC, Kind.PORT, Kind.ID})
"""Kinds that are sorted upwards unless a person says otherwise."""


PACKETS = "pcapng"
FILES = frozenset({"parquet", PACKETS})
"""Formats that no terminal and no pipe is for."""
Write = Callable[[Iterator[Snapshot], BinaryIO], int]


@dataclass(frozen=True, slots=True)
class Plan:
    """A question, and who writes the answer."""

    view: View
    write: Write | None
    """None: packets are wanted, not rows."""


def asks_for_names(view: View) -> bool:
    """Whether names of ends are wanted: to hear them takes time, of a file as much as all else."""
    words = re.findall(r"\w+", view.filter.lower())  # of a text that says such a word it is said in vain
    named = {*words, *(side + word for side in "sd" for word in words), *view.fields, *view.group}
    return not OF_NAMES.isdisjoint(named | {each.field for each in view.order})


def typed() -> dict[str, str]:
    """What a person may type for a field → its name."""
    names = {alias: field.name for field in FIELDS.values() for alias in field.aliases}
    return names | {name: name for name in FIELDS}


def plan(options: PrintOptions) -> Plan:
    """Check the options and make a question of them."""
    sight = SIGHTS[options.view or "flows"]
    group = tuple(check(name, typed()) for name in split(options.group))
    if group and options.view:
        raise RatopError("either --view or --group: a view groups by itself", exit_code=Exit.USAGE)
    columns = choose(options.columns, sight.fields or default_fields(options, group), typed())
    compile_filter(options.filter, 0.0)
    view = View(
        filter=options.filter,
        group=group or sight.group,
        tree=sight.tree,
        order=tuple(map(order, split(options.sort))) or (sight.order if options.view else ()),
        limit=options.count,
        fields=tuple(column.name for column in columns),
    )
    return Plan(view, writer(options, columns))


def split(names: str) -> list[str]:
    """Names with commas or blanks between."""
    return names.replace(",", " ").split()


def default_fields(options: PrintOptions, group: Sequence[str]) -> tuple[str, ...]:
    """Columns when a person names none."""
    if group:
        return (*group, *(name for name in DEFAULTS.sums if name not in group))
    if options.format != "text":
        return jsonl.FIELDS_BY_DEFAULT
    return DEFAULTS.fields + (DEFAULTS.owners if options.sources.owners else ())


def order(word: str) -> Order:
    """`name`, or `-name` for the other way round."""
    name = check(word.removeprefix("-"), typed())
    descending = FIELDS[name].kind not in ASCENDING
    return Order(name, descending != word.startswith("-"))


def writer(options: PrintOptions, columns: Sequence[Chosen]) -> Write | None:
    """The format, with all that it needs to know."""
    if options.format in FILES:
        return file_writer(options)
    if options.separator and options.format != "text":
        raise RatopError(f"-c is for text, not for {options.format}", exit_code=Exit.USAGE)
    if not options.separator.replace("\t", "").isprintable():
        raise RatopError("-c takes printable characters and tabs", hint="ratop print -c ','", exit_code=Exit.USAGE)
    if options.format == "jsonl":
        return partial(jsonl.write, decimals=options.decimals)
    if options.format == "csv":
        return partial(csv.write, header=options.header >= 0, guard=options.guard, decimals=options.decimals)
    return partial(text.write, style=style(options, columns))


def file_writer(options: PrintOptions) -> Write | None:
    """The same of a format that is for files."""
    if not options.output:
        hint = f"ratop print --format {options.format} -o flows.{options.format}"
        raise RatopError(f"{options.format} is written to a file", hint=hint, exit_code=Exit.USAGE)
    if options.separator:
        raise RatopError(f"-c is for text, not for {options.format}", exit_code=Exit.USAGE)
    if options.format == PACKETS and options.columns:
        raise RatopError("-s is for rows; pcapng holds packets", exit_code=Exit.USAGE)
    return None if options.format == PACKETS else parquet.write


def style(options: PrintOptions, columns: Sequence[Chosen]) -> text.Style:
    """How text looks."""
    return text.Style(
        separator=options.separator,
        numbers=options.numbers,
        epoch=options.epoch,
        decimals=options.decimals,
        abbreviate=options.abbreviate,
        header=options.header,
        widths={column.name: column.width for column in columns if column.width},
    )


def first(snapshot: Snapshot, count: int) -> Snapshot:
    """The first rows of a snapshot."""
    if count >= len(snapshot):
        return snapshot
    kept = np.arange(count)
    columns = {name: take(column, kept) for name, column in snapshot.columns.items()}
    return replace(snapshot, columns=columns, ids=snapshot.ids[:count], ended=snapshot.ended[:count])
