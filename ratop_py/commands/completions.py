"""`ratop completions`: what Tab needs in bash, zsh and fish.

Promise: the same commands give the same script.
Does not know: where a shell looks for it; the help says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from ratop_py.commands import PLAIN

SHELLS = ("bash", "zsh", "fish")


def lines(shell: str, door: click.Group) -> Iterator[str]:
    """A script, line by line."""
    from importlib import import_module

    from ratop_py.commands.grammar import grammar

    module = import_module(f"ratop_py.commands.completion_{shell}")
    yield from module.script(grammar(door))


@click.command("completions", short_help="Completion for bash, zsh or fish.", context_settings=PLAIN)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion of a shell.

    \b
      bash  eval "$(ratop completions bash)"         in ~/.bashrc
      zsh   eval "$(ratop completions zsh)"          in ~/.zshrc, after compinit
      fish  ratop completions fish > ~/.config/fish/completions/ratop.fish
    """  # noqa: D301  (click reads the backspace)
    door = click.get_current_context().find_root().command
    assert isinstance(door, click.Group), "this is a command of ratop's door"
    for line in lines(shell, door):
        sys.stdout.buffer.write(line.encode() + b"\n")
