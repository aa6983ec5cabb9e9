"""`ratop fields`: every field that can be printed, filtered and sorted by.

Promise: the list is `fields.FIELDS`, nothing more or less.
Does not know: values.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from ratop_py.commands import PLAIN

if TYPE_CHECKING:
    from ratop_py.fields import Field


def as_text(fields: Mapping[str, Field]) -> Iterator[str]:
    """Columns: name, title, kind, width, meaning."""
    wide = max(map(len, fields))
    yield f"{'name':<{wide}}  {'title':<12} {'kind':<9} width  meaning"
    for field in fields.values():
        yield f"{field.name:<{wide}}  {field.title:<12} {field.kind:<9} {field.width:>5}  {field.doc}"


def as_jsonl(fields: Mapping[str, Field]) -> Iterator[str]:
    """One object a field."""
    for field in fields.values():
        facts = {"name": field.name, "title": field.title, "kind": field.kind, "width": field.width, "doc": field.doc}
        yield json.dumps(facts, ensure_ascii=False)


def as_markdown(fields: Mapping[str, Field]) -> Iterator[str]:
    """A table for the docs."""
    yield "| name | title | kind | width | meaning |"
    yield "|---|---|---|---|---|"
    for field in fields.values():
        doc = field.doc.replace("|", "\\|")
        yield f"| `{field.name}` | {field.title} | {field.kind} | {field.width} | {doc} |"


WRITERS: Mapping[str, Callable[[Mapping[str, Field]], Iterator[str]]] = {
    "text": as_text,
    "jsonl": as_jsonl,
    "markdown": as_markdown,
}


@click.command("fields", short_help="Every field: name, title, kind, width, meaning.", context_settings=PLAIN)
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(WRITERS)),
    default="text",
    show_default=True,
    help="How they are listed.",
)
@click.argument("names", nargs=-1, metavar="[NAME]...")
def command(names: tuple[str, ...], format_: str) -> None:
    """List the fields, or only those named.

    Their names are Argus's; use them with `print -s`, in filters (`bytes > 1M`) and as sort keys.
    """
    from ratop_py.commands.answering import typed
    from ratop_py.fields import FIELDS
    from ratop_py.fields.naming import check

    known = typed()
    chosen = {name: FIELDS[check(name, known)] for name in names} if names else FIELDS
    for line in WRITERS[format_](chosen):
        sys.stdout.buffer.write(line.encode() + b"\n")
