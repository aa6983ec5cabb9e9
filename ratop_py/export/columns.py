"""Which columns a person wants: Argus's `-s` grammar, `[+|-][position]name[:width]`, as a list.

Promise: the result names known fields only, each once; an unknown name is an error that says the nearest known one.
Does not know: what a field holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ratop_py.errors import Exit, RatopError
from ratop_py.fields.naming import check

_SPEC = re.compile(r"(?P<sign>[+-]?)(?P<place>\d*)(?P<name>[A-Za-z_]\w*)(?::(?P<width>\d{1,4}))?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """One column of the output."""

    name: str
    width: int | None = None
    """Characters, if the person said so: then longer values are cut."""


def choose(specs: Iterable[str], default: Sequence[str], known: Mapping[str, str]) -> tuple[Chosen, ...]:
    """Apply each word of `specs` to the default columns; the first name without a sign clears them.

    `known`: what may be typed → name of the field.
    """
    chosen = [Chosen(name) for name in default]
    cleared = False
    for word in _words(specs):
        sign, place, column = _parse(word, known)
        if not sign and not cleared:
            chosen, cleared = [], True
        chosen = [other for other in chosen if other.name != column.name]
        if sign != "-":
            chosen.insert(len(chosen) if place is None else place, column)
    if not chosen:
        raise RatopError("no column is left to print", exit_code=Exit.USAGE)
    return tuple(chosen)


def _words(specs: Iterable[str]) -> list[str]:
    return [word for spec in specs for word in re.split(r"[,\s]+", spec) if word]


def _parse(word: str, known: Mapping[str, str]) -> tuple[str, int | None, Chosen]:
    match = _SPEC.fullmatch(word)
    if match is None:
        raise RatopError(
            f"cannot read the column `{word}`",
            hint="write [+|-][position]name[:width], for example `-s +user:12`",
            exit_code=Exit.USAGE,
        )
    width = match["width"]
    column = Chosen(check(match["name"], known), int(width) if width else None)
    return match["sign"], int(match["place"]) if match["place"] else None, column
