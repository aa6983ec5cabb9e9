"""`ratop doctor`: what ratop may do here, and why not.

Promise: each thing that is not possible comes with the one command that changes it. Exit code 0 if it may capture.
Does not know: how things are found out (`probes` does).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import click

from ratop_py.commands import PLAIN
from ratop_py.commands.probes import Check, everything
from ratop_py.errors import Exit


def as_text(checks: Iterable[Check]) -> Iterator[str]:
    """A line each, and a line with what to type where something is not ok."""
    for check in checks:
        yield f"{'ok ' if check.ok else 'no ' if check.needed else ' - '} {check.name:<11} {check.words}"
        if not check.ok and check.fix:
            yield f"{'':16}{check.fix}"


def as_jsonl(checks: Iterable[Check]) -> Iterator[str]:
    """One object each."""
    for check in checks:
        yield json.dumps(asdict(check), ensure_ascii=False)


def verdict(checks: Iterable[Check]) -> Exit:
    """0 if it may capture."""
    return Exit.OK if all(check.ok for check in checks if check.needed) else Exit.NOT_PERMITTED


@click.command("doctor", short_help="What ratop may do here, and why not.", context_settings=PLAIN)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a check.")
def command(as_json: bool) -> Exit:
    """Check what ratop may do on this machine.

    `ok` works; `no` stands in the way of live capture; `-` works less well. Below each of those: what to type.
    """
    checks = list(everything())
    for line in as_jsonl(checks) if as_json else as_text(checks):
        sys.stdout.buffer.write(line.encode("utf-8", "replace") + b"\n")
    return verdict(checks)
