"""The commands as a page of the docs, from what click knows.

Promise: the page says what `--help` says; the same commands give the same page.
Does not know: which commands there are.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

HEADER = """\
# Commands

Generated from the program's own help; `RATOP_WRITE_DOCS=1 pytest tests/commands/test_manual.py` writes it anew.
"""
WIDTH = 100


def markdown(door: click.Group, name: str = "ratop") -> Iterator[str]:
    """The page, block by block."""
    yield HEADER
    context = click.Context(door, info_name=name, **{**door.context_settings, "terminal_width": WIDTH})
    yield block(name, door.get_help(context))
    for word in door.list_commands(context):
        command = door.get_command(context, word)
        assert command is not None
        inner = click.Context(command, info_name=word, parent=context, terminal_width=WIDTH)
        yield block(f"{name} {word}", command.get_help(inner))


def block(title: str, text: str) -> str:
    """A heading and a help text."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return f"## {title}\n\n```text\n{lines}\n```\n"
