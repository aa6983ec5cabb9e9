"""Words for the person, on stderr.

Promise: one line each, with nothing in it that a terminal would obey, whatever a file name or a packet says.
Does not know: data; that goes to stdout.
"""

from __future__ import annotations

import click

from ratop_py.safetext import clean

LONGEST = 2000


def tell(words: str) -> None:
    """Say a line, as ratop."""
    click.echo(f"ratop: {clean(words, LONGEST)}", err=True)


def tell_below(block: str) -> None:
    """Lines that explain the one before."""
    for line in block.splitlines():
        click.echo(f"       {clean(line, LONGEST)}", err=True)
