"""The door: chooses a command, prints an error, sets the exit code; nothing else.

Promise: a person never sees a traceback (but with --debug); a failure is a sentence and a hint on stderr; a reader that
goes away and Ctrl-C are quiet. `--help` and `--version` load no numpy.
Does not know: what the commands do.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from ratop_py import __version__
from ratop_py.commands import PLAIN, OwnProcess
from ratop_py.commands.narration import tell, tell_below
from ratop_py.errors import Exit, RatopError

COMMANDS = ("top", "print", "demo", "doctor", "fields", "filters", "config", "completions")
"""In the order of --help; each is `ratop_py.commands.NAME`, imported when chosen."""
DEFAULT = "top"
OWN = frozenset({"--help", "-h", "--version", "--debug"})
"""Options of the door itself, before any command."""

EPILOG = """\b
Without a command: ratop [OPTIONS] [FILTER] is `ratop top`, or `ratop print` once when stdout is no terminal.

\b
Exit codes: 0 done · 1 failed · 2 command line or filter wrong · 3 not permitted
            4 no such file or interface · 5 no capture, or broken · 130 Ctrl-C before the end of a file

\b
Examples:
  sudo ratop                                  watch this machine's traffic
  sudo ratop -i eth0 tcp and port 443         one interface, one filter
  ratop print -r story.pcap                   the flows of a capture as lines
  ratop print -r story.pcap --format jsonl    the same for programs
  ratop demo                                  see it without any privilege"""


def version() -> str:
    """Version, and which engine runs; looked up without importing it."""
    spec = find_spec("ratop_py.flow.engine")
    compiled = bool(spec and spec.origin and not spec.origin.endswith(".py"))
    return f"ratop {__version__} ({'compiled engine' if compiled else 'pure-Python engine'})"


def show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """The option --version."""
    if wanted:
        click.echo(version())
        context.exit()


class Door(click.Group):
    """A group whose commands are imported when chosen, and whose first command need not be named."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's signature)
        """All commands, as --help shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"ratop_py.commands.{cmd_name}").command
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put `top` where a person left it out."""
        at = next((n for n, arg in enumerate(args) if arg not in OWN), len(args))
        if not {"--help", "-h", "--version"} & set(args[:at]) and args[at : at + 1] not in [
            [name] for name in COMMANDS
        ]:
            check_filter(args[at:])
            args = [*args[:at], DEFAULT, *args[at:]]
        return super().parse_args(ctx, args)


def check_filter(args: Sequence[str]) -> None:
    """What is no command must be a filter; if it is none either, say which command was nearly meant."""
    if not args or args[0].startswith("-"):
        return
    from ratop_py.commands.words import suspect

    if meant := suspect(args, COMMANDS):
        raise click.UsageError(f"there is no command `{args[0]}`. Did you mean `{meant}`?")


@click.group(
    cls=Door,
    epilog=EPILOG,
    context_settings={**PLAIN, "max_content_width": 110},
    subcommand_metavar="[COMMAND] [OPTIONS] [FILTER]",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=show_version,
    help="Show the version and end.",
)
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def door(debug: bool) -> None:
    """Who this machine talks to, on whose behalf, and why we believe it."""


def main(args: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code."""
    words = list(sys.argv[1:] if args is None else args)
    try:
        return settle(invoke(words, OwnProcess() if args is None else None))
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return silence()
    except Exception as error:  # noqa: BLE001  (the last net)
        return fail(error, debug="--debug" in words)


def fail(error: Exception, *, debug: bool) -> int:
    """Whatever went wrong, in words."""
    match error:
        case click.ClickException():
            return correct(error)
        case RatopError():
            return explain(error, debug=debug)
        case OSError():
            return refuse(error, debug=debug)
        case _:
            return confess(error, debug=debug)


def invoke(words: list[str], own: OwnProcess | None) -> Any:
    """What the command returns; click's own `main` would print a line at Ctrl-C."""
    # numpy's threads cost start-up, would keep the privileges that are given up, and ratop multiplies no matrices
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    if "_RATOP_COMPLETE" in os.environ:
        door.main(words, prog_name="ratop")
    try:
        with door.make_context("ratop", list(words), obj=own) as context:
            return door.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code


def settle(result: Any) -> int:
    """Flush while a broken pipe can still be caught."""
    sys.stdout.flush()
    return int(result) if result is not None else Exit.OK


def silence() -> int:
    """Nobody reads any more: let nothing complain at interpreter shutdown either."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return Exit.OK


def correct(error: click.ClickException) -> int:
    """A wrong command line, in the same form as any failure."""
    message = error.format_message()
    context = getattr(error, "ctx", None)
    tell(message[:1].lower() + message[1:])
    tell_below(f"`{context.command_path if context else 'ratop'} --help` tells what can be typed")
    return error.exit_code


def refuse(error: OSError, *, debug: bool) -> int:
    """The system said no: a full disk, a file that went away."""
    where = f"{error.filename}: " if error.filename else "cannot write: " if error.errno == errno.ENOSPC else ""
    code = explain(RatopError(f"{where}{error.strerror or error}"), debug=debug)
    if error.errno == errno.ENOSPC:
        silence()
    return code


def explain(error: RatopError, *, debug: bool) -> int:
    """A failure as a sentence and a hint."""
    if debug:
        trace(error)
    tell(error.message)
    caret = getattr(error, "caret", None)  # only filters have a place to point to; importing their class costs numpy
    for block in (caret() if caret else "", error.hint):
        tell_below(block)
    return error.exit_code


def confess(error: Exception, *, debug: bool) -> int:
    """A bug: one sentence, and a file that says more."""
    if debug:
        trace(error)
        return Exit.FAILED
    from ratop_py import report

    path = report.write(error)
    where = f"What happened is written in {path}" if path else "--debug shows where"
    tell(f"this is a bug of ratop ({type(error).__name__}). {where}")
    return Exit.FAILED


def trace(error: Exception) -> None:
    """Where it happened, for whoever mends it."""
    import traceback  # with tempfile, a tenth of the time that --help may take

    traceback.print_exception(error)
