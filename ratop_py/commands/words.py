"""The words of a filter at the end of a command line.

Promise: words need no quotes; `-` or `--` before them is allowed, as Argus's tools want it; an option that stands among
them is an error that says where options belong.
Does not know: what the words mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import click

from ratop_py.errors import RatopError


def joined(words: Sequence[str], options: Iterable[str] = ()) -> str:
    """The filter as one text."""
    rest = list(words)
    while rest and rest[0] in {"-", "--"}:
        del rest[0]
    known = set(options)
    for word in rest:
        if word.split("=")[0] in known:
            raise click.UsageError(
                f"the option `{word}` stands among the filter's words; options come before the filter"
            )
    return " ".join(rest)


def options_of(command: click.Command) -> set[str]:
    """All option words of a command."""
    return {word for param in command.params for word in (*param.opts, *param.secondary_opts) if word.startswith("-")}


def suspect(words: Sequence[str], commands: Iterable[str]) -> str:
    """The command that was nearly meant by words that are no filter; empty if they are one, or like no command."""
    import difflib

    nearest = difflib.get_close_matches(words[0], list(commands), 1, 0.55)
    if not nearest:
        return ""
    from ratop_py.filter import compile_filter
    from ratop_py.filter.syntax import Contains

    try:
        text_only = isinstance(compile_filter(joined(words), 0.0).node, Contains)
    except RatopError:
        return nearest[0]
    return nearest[0] if text_only and difflib.get_close_matches(words[0], nearest, 1, 0.65) else ""
