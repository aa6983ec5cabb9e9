"""`ratop doctor`: what ratop may do here, and why not.

Promise: each thing that is not possible comes with the one command that changes it. Exit code 0 if it may capture.
Each answer is written as soon as it is known.
Does not know: how things are found out (`probes` does).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import chain

import click

from ratop_py.commands import PLAIN
from ratop_py.commands.probes import Check, everything
from ratop_py.commands.watch import watch
from ratop_py.errors import Exit

SECONDS, LONGEST = 2.0, 60.0
"""How long flows are watched if nobody says, and at most."""


def as_text(check: Check) -> Iterator[str]:
    """A line, what else there is to say of it, and what to type where it is not ok."""
    yield f"{'ok ' if check.ok else 'no ' if check.needed else ' - '} {check.name:<11} {check.words}"
    for line in (*check.details, *([check.fix] if check.fix and not check.ok else [])):
        yield f"{'':16}{line}"


def as_jsonl(check: Check) -> Iterator[str]:
    """One object."""
    told = {name: getattr(check, name) for name in ("name", "ok", "words", "fix", "needed")}
    yield json.dumps({**told, **check.facts}, ensure_ascii=False)


def verdict(checks: Iterable[Check]) -> Exit:
    """0 if it may capture."""
    return Exit.OK if all(check.ok for check in checks if check.needed) else Exit.NOT_PERMITTED


@click.command("doctor", short_help="What ratop may do here, and why not.", context_settings=PLAIN)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
@click.option(
    "--watch",
    "seconds",
    metavar="SECONDS",
    type=click.FloatRange(0, LONGEST),
    default=SECONDS,
    show_default=True,
    help="Capture for so long and tell how many flows got owners; 0: do not.",
)
def command(as_json: bool, seconds: float) -> Exit:
    """Check what ratop may do on this machine, and how well it does.

    `ok` works; `no` stands in the way of live capture; `-` works less well. Below each of those: what to type.
    At the end flows are watched for a moment: who was named, by what, why others were not, what was lost.
    """
    checks = []
    for check in chain(everything(), watch(seconds) if seconds else ()):
        checks.append(check)
        for line in as_jsonl(check) if as_json else as_text(check):
            sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return verdict(checks)
