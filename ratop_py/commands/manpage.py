"""The manual page ratop(1), from the commands, the key map, the filter's examples, the fields and the settings.

Promise: the page says what the program says of itself; the same program gives the same page; no text in it is taken
for a request of roff.
Does not know: where the page is installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from ratop_py.commands.grammar import Command, Kind, Option, grammar
from ratop_py.fields import FIELDS
from ratop_py.filter.examples import EXAMPLES
from ratop_py.habits.preferences import settings
from ratop_py.tui.keymap import KEYS, SECTIONS, Key, Place

HEAD = r""".\" Made by ratop itself: RATOP_WRITE_DOCS=1 pytest tests/commands/test_manpage.py
.TH RATOP 1 "" "ratop @VERSION@" "User Commands"
.SH NAME
ratop \- who this machine talks to, on whose behalf, and why we believe it
.SH SYNOPSIS
.B ratop
.RI [ OPTIONS ]
.RI [ FILTER ]
.br
.B ratop
.I COMMAND
.RI [ OPTIONS ]
.RI [ FILTER ]
.SH DESCRIPTION
.B ratop
keeps the network activity of a host as bidirectional flows, asks the host who owns each socket, and shows both
together, live in a terminal: every conversation with user, process and program, with the evidence for that, and with a
checkable suspicion where a source address cannot be true. The same engine reads a capture, and prints what it shows.
.PP
Without a command
.B ratop
is
.BR "ratop top" ,
or
.B ratop print
once when standard output is no terminal."""
FILES = (
    ("~/.config/ratop/config.toml", "What you set, in TOML; $XDG_CONFIG_HOME. Under sudo your own, if it is yours."),
    (
        "~/.local/state/ratop/state.json",
        "What is remembered of the last time: view, order, columns, theme, lines typed; $XDG_STATE_HOME. Under sudo "
        "root's, never in your home.",
    ),
)
ENVIRONMENT = (
    ("NO_COLOR", "Any value: bold, reverse and underline instead of colours."),
    ("TERM, COLORTERM, COLORFGBG", "Which colours the terminal has, and on what ground."),
    ("LC_ALL, LC_CTYPE, LANG", "An encoding other than UTF-8: ASCII alone is drawn."),
    ("TZ", "The time zone of what is shown and of times in filters."),
)
PLACES = {
    Place.GROUPS: "in a view of groups",
    Place.TREE: "in the tree",
    Place.ALL: "everywhere",
    Place.FLOWS: "",
}


def page(door: click.Group, version: str) -> Iterator[str]:
    """The page, line by line."""
    commands = grammar(door)
    yield from HEAD.replace("@VERSION@", version).splitlines()
    yield ".SH COMMANDS"
    for command in commands:
        if command.name:
            yield from _command(command, door)
    yield ".SH GENERAL OPTIONS"
    yield from (line for option in commands[0].options for line in _option(option))
    yield from _filter()
    yield from _keys()
    yield from _configuration()
    yield ".SH FIELDS"
    yield "Columns, words of filters, keys to sort and group by. \\fBratop fields\\fP has kinds and widths."
    yield from tagged((name, field.doc) for name, field in FIELDS.items())
    yield from _ending(door.epilog or "")


def escaped(text: str) -> str:
    """Text that roff takes for text."""
    text = re.sub(r"`([^`]*)`", r"“\1”", text)
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + text if text.startswith(".") else text


def tagged(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list of terms and what they mean."""
    for term, meaning in pairs:
        yield ".TP"
        yield f"\\fB{escaped(term)}\\fP"
        yield escaped(meaning)


def verbatim(text: str) -> Iterator[str]:
    """Lines as they are."""
    yield from (".PP", ".nf", ".RS 2", *map(escaped, text.splitlines()), ".RE", ".fi")


def _command(command: Command, door: click.Group) -> Iterator[str]:
    inner = door.get_command(click.Context(door), command.name)
    assert inner is not None
    yield f".SS ratop {command.name}"
    for paragraph in re.split(r"\n\s*\n", _unindented(inner.help or "")):
        if paragraph.startswith("\b"):
            yield from verbatim(paragraph.removeprefix("\b\n"))
        else:
            yield ".PP"
            yield escaped(" ".join(paragraph.split()))
    for option in command.options:
        yield from _option(option)


def _unindented(text: str) -> str:
    import inspect

    return inspect.cleandoc(text)


def _option(option: Option) -> Iterator[str]:
    value = "" if option.kind is Kind.NOTHING else option.metavar or "|".join(option.choices) or "VALUE"
    tail = f" \\fI{escaped(value)}\\fP" if value else ""
    yield ".TP"
    yield ", ".join(f"\\fB{escaped(word)}\\fP" for word in option.words) + tail
    yield escaped(option.does)


def _filter() -> Iterator[str]:
    yield ".SH FILTERS"
    yield escaped(
        "tcpdump's and Argus's words, and every field with =, !=, <, >, in (…), ~ (a regular expression). “and”, “or”,"
        " “not” and parentheses join them; as in tcpdump, “and” and “or” bind equally, from left to right. @name stands"
        " for a filter that was saved as name. Quotes are needed only for what the shell would take."
    )
    yield from tagged(EXAMPLES)


def _keys() -> Iterator[str]:
    yield ".SH KEYS"
    yield "On the screen; \\fB?\\fP shows those of the place one is in. In parentheses the names for \\fB[keys]\\fP."
    for section in SECTIONS:
        yield f".SS {escaped(section)}"
        yield from tagged(_pair(key) for key in KEYS if key.section == section and key.keys)


def _pair(key: Key) -> tuple[str, str]:
    where = PLACES.get(key.place, str(key.place))
    return "  ".join(key.keys), f"{key.does} ({key.deed}{f', {where}' if where else ''})"


def _configuration() -> Iterator[str]:
    yield ".SH CONFIGURATION"
    yield escaped(
        "The command line wins; what was chosen on the screen the last time holds until the file says something else"
        " than it did then. A file that is wrong stops nothing: what is wrong is said, and the default holds."
        " ratop config tells what is in force and why, ratop config --default prints a file to begin with."
    )
    yield from tagged((name, f"{setting.doc}".replace("`", "")) for name, setting in settings().items())


def _ending(epilog: str) -> Iterator[str]:
    blocks = {
        block.split("\n")[0].split(":")[0]: block for block in _unindented(epilog).replace("\b\n", "").split("\n\n")
    }
    yield ".SH FILES"
    yield from tagged(FILES)
    yield ".SH ENVIRONMENT"
    yield from tagged(ENVIRONMENT)
    yield ".SH EXIT STATUS"
    codes = blocks["Exit codes"].split(":", 1)[1]
    yield from tagged((found[1], found[2].strip()) for found in re.finditer(r"(\d+) ([^·\n]+)", codes))
    yield ".SH EXAMPLES"
    yield from verbatim("\n".join(line.strip() for line in blocks["Examples"].splitlines()[1:]))
    yield ".SH SEE ALSO"
    yield ".BR ra (1),\n.BR tcpdump (8),\n.BR pcap\\-filter (7),\n.BR lsof (8)"
