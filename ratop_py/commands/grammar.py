"""What may stand on a command line, as plain values: for completions and the manual page.

Promise: taken from the commands themselves; an option whose values nobody named is said to take anything.
Does not know: shells, pages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import click

from ratop_py.config import THEMES


class Kind(StrEnum):
    """What a value is."""

    NOTHING = "nothing"
    """A flag takes none."""
    CHOICE = "choice"
    FILE = "file"
    INTERFACE = "interface"
    FIELDS = "fields"
    """Names of fields, with commas between."""
    FILTER = "filter"
    """Words of a filter, to the end of the line."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Option:
    """One option."""

    words: tuple[str, ...]
    """`-m`, `--group`"""
    kind: Kind
    does: str
    choices: tuple[str, ...] = ()
    metavar: str = ""
    many: bool = False
    """May be said more than once."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command; the door itself has no name."""

    name: str
    does: str
    options: tuple[Option, ...]
    rest: Kind = Kind.NOTHING
    """What stands after the options."""
    choices: tuple[str, ...] = ()
    """Of `rest`."""

    @property
    def taking(self) -> tuple[str, ...]:
        """Option words that take a value."""
        return tuple(word for each in self.options if each.kind is not Kind.NOTHING for word in each.words)


KINDS: Mapping[str, Kind] = {
    "FILE": Kind.FILE,
    "FILE.json": Kind.FILE,
    "IFACE": Kind.INTERFACE,
    "FIELDS": Kind.FIELDS,
    "[FILTER]...": Kind.FILTER,
    "[NAME]...": Kind.FIELDS,
}
"""By what stands in the help for a value."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    "--events": ("auto", "kernel", "tracefs", "diag", "lsof", "psutil", "none"),
    "--theme": ("auto", *THEMES),
}
"""Words worth offering where others are right, too."""
HELP = Option(("-h", "--help"), Kind.NOTHING, "Show this help and end.")


def grammar(door: click.Group) -> tuple[Command, ...]:
    """The door, then each command."""
    context = click.Context(door, info_name="ratop")
    found = [Command("", "", (*map(_option, _options(door)), HELP))]
    for name in door.list_commands(context):
        command = door.get_command(context, name)
        assert command is not None
        found.append(_command(name, command))
    return tuple(found)


def _command(name: str, command: click.Command) -> Command:
    options = (*map(_option, _options(command)), HELP)
    rest = next((each for each in command.params if isinstance(each, click.Argument)), None)
    does = command.get_short_help_str(100)
    if rest is None:
        return Command(name, does, options)
    kind, choices = _kind(rest)
    return Command(name, does, options, kind, choices)


def _options(command: click.Command) -> list[click.Option]:
    return [each for each in command.params if isinstance(each, click.Option)]


def _option(option: click.Option) -> Option:
    kind, choices = (Kind.NOTHING, ()) if option.is_flag or option.count else _kind(option)
    does = re.sub(r"\s+", " ", option.help or "")
    return Option((*option.opts,), kind, does, choices, option.metavar or "", option.multiple or option.count)


def _kind(parameter: click.Parameter) -> tuple[Kind, tuple[str, ...]]:
    if isinstance(parameter.type, click.Choice):
        return Kind.CHOICE, tuple(map(str, parameter.type.choices))
    for word in parameter.opts:
        if word in CHOICES:
            return Kind.CHOICE, CHOICES[word]
    return KINDS.get(parameter.metavar or "", Kind.ANY), ()


def filter_words() -> tuple[str, ...]:
    """Words of the filter language that a line can offer: without those that are no plain words."""
    from ratop_py.filter.vocabulary import JOINERS, known_words

    return tuple(sorted({word for word in (*known_words(), *JOINERS) if re.fullmatch(r"[a-z][a-z0-9_-]*", word)}))


def field_names() -> tuple[str, ...]:
    """Every field."""
    from ratop_py.fields import FIELDS

    return tuple(FIELDS)


def plain(text: str, longest: int = 70) -> str:
    """A help text short enough for a list: its first sentence, without what shells would read."""
    first = re.split(r"(?<=[a-z)])[.;] ", text.replace("`", ""), maxsplit=1)[0].rstrip(".:;")
    first = re.sub(r"[\"'\\\[\]$]", "", first)
    return first if len(first) <= longest else first[: longest - 1].rstrip() + "…"
