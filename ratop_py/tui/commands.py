"""The `:` line: its words, what they take, and what is wrong with one.

Promise: ratop's own letters work as aliases; a wrong word is named with its place and the nearest right one.
Does not know: how a command is carried out.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from ratop_py.config import THEMES
from ratop_py.tui.prompt import Trouble
from ratop_py.view import SIGHTS


@dataclass(frozen=True, slots=True)
class Command:
    """A word of the `:` line."""

    name: str
    aliases: tuple[str, ...]
    takes: str
    """What stands behind it; empty: nothing."""
    does: str


COMMANDS = (
    Command("filter", ("f",), "EXPR", "show only flows that match; alone: show all"),
    Command("sort", ("P",), "FIELD[,-FIELD]", "order; - turns it round"),
    Command("reverse", ("v",), "", "turn the order round"),
    Command("fields", ("s",), "FIELD… | +FIELD -FIELD | host peer argus", "columns; alone: the set that fits"),
    Command("view", (), "flows programs hosts …", "another view"),
    Command("group", ("m",), "FIELD[,FIELD]", "one row for all flows that agree in these"),
    Command("mark", (), "TEXT", "highlight text, hide nothing"),
    Command("clear", ("=",), "", "no filter, no mark, the order of the start"),
    Command("pause", ("\\",), "", "hold, go on"),
    Command("time", ("t",), "20:51 | -10m", "go to a moment of the past; alone: now"),
    Command("live", ("L",), "", "now again"),
    Command("speed", ("U",), "N", "a file that is played: times as fast as it was recorded"),
    Command("save", (), "NAME", "keep the filter under this name: @NAME stands for it"),
    Command("rate", (), "N", "refreshes a second, 0.1 to 10"),
    Command("update", ("u",), "SECONDS", "seconds between refreshes"),
    Command("export", ("write", "w", "e"), "[FILE]", "write what is shown; the name's end is the format"),
    Command("coverage", ("i",), "", "who is named, by what, and how the sources do"),
    Command("theme", (), "dark light ansi none", "colours"),
    Command("number", ("n",), "", "port names, numbers"),
    Command("zoom", ("z", "Z"), "", "details large, small"),
    Command("log", (), "", "what was said, to read it again"),
    Command("help", ("h",), "", "keys, filter language, fields"),
    Command("quit", ("q",), "", "leave"),
)
BY_NAME = {word: command for command in COMMANDS for word in (command.name, *command.aliases)}
SETS_OF_FIELDS = ("host", "peer", "argus")


@dataclass(frozen=True, slots=True)
class Call:
    """A command with what stands behind it."""

    name: str
    argument: str = ""
    start: int = 0
    """Where the argument begins in the line."""


def parse(text: str) -> Call | Trouble:
    """Read a line. An empty one is no trouble and calls nothing."""
    word, _, rest = text.lstrip().partition(" ")
    start = len(text) - len(text.lstrip())
    if not word:
        return Call("")
    command = BY_NAME.get(word) or _begun(word)
    if command is None:
        return Trouble(start, start + len(word), f"there is no command “{word}”", nearest(word, BY_NAME))
    behind = text[start + len(word) :]
    if rest.strip() and not command.takes:
        return Trouble(start + len(word) + 1, len(text), f"“{command.name}” takes nothing")
    return Call(command.name, rest.strip(), len(text) - len(behind.lstrip()))


def _begun(word: str) -> Command | None:
    """The only command that begins so."""
    found = [command for command in COMMANDS if command.name.startswith(word)] if len(word) > 1 else []
    return found[0] if len(found) == 1 else None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like this one; empty if none is like it."""
    return next(iter(difflib.get_close_matches(word.lower(), list(known), 1, 0.5)), "")


def offers(text: str, fields: Iterable[str], themes: tuple[str, ...] = THEMES) -> tuple[tuple[str, ...], int]:
    """Words that could stand at the end of this line, and where they would begin."""
    word, blank, rest = text.partition(" ")
    if not blank:
        return tuple(command.name for command in COMMANDS if command.name.startswith(word)), 0
    command = BY_NAME.get(word)
    begun = rest.replace(",", " ").split(" ")[-1]
    start = len(text) - len(begun)
    bare = begun.lstrip("+-")
    names = tuple(fields)
    kinds = {"sort": names, "group": names, "fields": (*SETS_OF_FIELDS, *names), "theme": themes, "view": tuple(SIGHTS)}
    known = kinds.get(command.name if command else "", ())
    return tuple(name for name in known if name.startswith(bare)), start + len(begun) - len(bare)
