"""`ratop filters`: the saved filters, and what they stand for.

Promise: each line is a name that may be typed behind `@`; where nothing is saved nothing is printed.
Does not know: how they are saved (`:save NAME` on the screen, `[filters]` in the configuration).
"""

from __future__ import annotations

import sys

import click

from ratop_py.commands import PLAIN
from ratop_py.commands.narration import tell
from ratop_py.safetext import clean


@click.command("filters", short_help="Saved filters: @name, and what it stands for.", context_settings=PLAIN)
@click.option("--names", is_flag=True, help="Only the names.")
def command(names: bool) -> None:
    """List the filters that are saved: in the configuration, or on the screen with `:save NAME`.

    `@name` stands for one wherever a filter is typed: ratop print -r story.pcap @web and host 10.0.0.1
    """
    from ratop_py.commands.habits import gather

    found = gather({}).filters
    wide = max(map(len, found), default=0) + 1
    for name in sorted(found):
        line = f"@{name}" if names else f"{'@' + name:<{wide}}  {clean(found[name], 4096)}"
        sys.stdout.buffer.write(line.encode() + b"\n")
    if not found and not names:
        tell("no filter is saved: `:save NAME` on the screen, or [filters] in the configuration")
