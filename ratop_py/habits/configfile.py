"""The configuration file: TOML into preferences, and what is wrong with it.

Promise: whatever stands in the file, preferences come out; what is wrong is left at its default and said in a sentence
with file, line and key. Reading is pure.
Does not know: where the file is; whether fields, filters or keys exist.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from ratop_py.habits.preferences import THEMES, Preferences, settings
from ratop_py.habits.shape import UnfitError
from ratop_py.safetext import clean

LARGEST = 65_536
"""Bytes of a file that is read."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong in the file."""

    sentence: str
    path: str
    line: int = 0
    """0: not known."""

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{clean(where, 300)}: {clean(self.sentence, 300)}"


@dataclass(frozen=True, slots=True)
class Config:
    """What a file says."""

    preferences: Preferences = field(default_factory=Preferences)
    given: frozenset[str] = frozenset()
    """Settings that stand in the file and are right."""
    troubles: tuple[Trouble, ...] = ()
    path: str = ""
    """Empty: there was no file."""
    source: str = ""
    """The text, to find lines in."""

    def trouble(self, sentence: str, *key: str) -> Trouble:
        """A trouble with one of its keys."""
        return Trouble(sentence, self.path, line_of(self.source, key))

    def without(self, name: str, *troubles: Trouble) -> Config:
        """The same without a setting that turned out wrong."""
        kept = replace(self.preferences, **{name: getattr(Preferences(), name)})
        return replace(self, preferences=kept, given=self.given - {name}, troubles=(*self.troubles, *troubles))


def read(source: str, path: str) -> Config:
    """Understand a file."""
    try:
        said = tomllib.loads(source)
    except RecursionError:
        return Config(troubles=(Trouble("it is nested too deep; the defaults hold", path),), path=path, source=source)
    except ValueError as error:
        found = re.search(r"\(at line (\d+), column \d+\)", str(error))
        words = re.sub(r"\s*\(at (line \d+, column \d+|end of document)\)", "", str(error))
        line = int(found[1]) if found else source.count("\n") + 1
        sentence = f"this is no TOML: {words[:1].lower()}{words[1:]}; the defaults hold"
        return Config(troubles=(Trouble(sentence, path, line),), path=path, source=source)
    return _checked(Config(path=path, source=source), said)


def _checked(config: Config, said: Mapping[str, object]) -> Config:
    known = settings()
    taken: dict[str, object] = {}
    troubles: list[Trouble] = []
    for name, value in said.items():
        if name not in known:
            troubles.append(config.trouble(f"there is no setting “{clean(name, 60)}”{nearly(name, known)}", name))
            continue
        try:
            taken[name] = known[name].shape.read(value)
        except UnfitError as error:
            key = (name, *error.key)
            troubles.append(
                config.trouble(f"“{clean('.'.join(key), 80)}” has to be {error.expected}; the default holds", *key)
            )
    preferences = replace(Preferences(), **taken)  # type: ignore[arg-type]
    whole = replace(config, preferences=preferences, given=frozenset(taken), troubles=tuple(troubles))
    if preferences.theme in THEMES or preferences.theme in preferences.themes:
        return whole
    names = (*THEMES, *preferences.themes)
    sentence = f"there is no theme “{clean(preferences.theme, 60)}”{nearly(preferences.theme, names)}"
    return whole.without("theme", whole.trouble(sentence, "theme"))


def nearly(word: str, known: Iterable[str]) -> str:
    """`; did you mean “rate”?`, if a known word is like it."""
    found = difflib.get_close_matches(word.lower(), list(known), 1, 0.5)
    return f"; did you mean “{found[0]}”?" if found else ""


_HEADER = re.compile(r"\s*\[\[?([^\]]+)\]")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(source: str, key: tuple[str, ...]) -> int:
    """The line on which a key stands, or the table that should hold it; 0: none is found."""
    table: tuple[str, ...] = ()
    best = (0, 0)
    for number, line in enumerate(source.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            found = table
        elif named := _KEY.match(line):
            found = table + _parts(named[1])
        else:
            continue
        alike = len(key) if found[: len(key)] == key else len(found) if found == key[: len(found)] else 0
        if alike > best[0]:
            best = (alike, number)
    return best[1]


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
